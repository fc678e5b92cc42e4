"""The balance: every movement of money is one balance transaction."""

from __future__ import annotations

from .ids import new_id
from .params import EXPAND, PAGING, Field, Schema, text
from .routing import Call, Route, page, retrieve
from .store import Object, Transaction

_CATEGORIES = {"payment_refund": "refund", "refund_failure": "refund_failure", "adjustment": "dispute"}


def record(tx: Transaction, amount: int, kind: str, source: str, *, currency: str, fee: int = 0) -> str:
    """Record a movement and return its id. `amount` is negative when money leaves; `fee` leaves in addition."""
    made: Object = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": tx.now + 2 * 86400,
        "balance_type": "payments",
        "created": tx.now,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": _fees(fee, currency),
        "net": amount - fee,
        "reporting_category": _CATEGORIES.get(kind, kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }
    return str(tx.put(made)["id"])


def _fees(fee: int, currency: str) -> list[Object]:
    if not fee:
        return []
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]


def _list(call: Call) -> Object:
    names = ("type", "source", "currency")
    wanted = {name: call.params[name] for name in names if name in call.params}
    return page(call, "balance_transaction", lambda t: all(t[name] == value for name, value in wanted.items()))


_LIST: Schema = {**PAGING, "currency": Field(text(3)), "source": Field(text(200)), "type": Field(text(50))}

ROUTES = [
    Route("GET", "/v1/balance_transactions", _LIST, _list),
    Route("GET", "/v1/balance_transactions/{id}", EXPAND, retrieve("balance_transaction")),
]
