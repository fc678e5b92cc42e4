"""The balance: every movement of money is one balance transaction."""

from __future__ import annotations

from .ids import new_id
from .params import EXPAND, PAGING, Field, Schema, text
from .routing import Call, Route, page, retrieve
from .store import Object, Transaction

SETTLEMENT = "settlement"
"""The setting of the currency in which the account is paid and its rate, as in ``inr 83.125``; unset: each its own."""

_CATEGORIES = {
    ("adjustment", False): "dispute",
    ("adjustment", True): "dispute_reversal",
    ("stripe_fee", False): "fee",
    ("stripe_fee", True): "fee",
}


def record(tx: Transaction, amount: int, kind: str, source: str, *, currency: str, fee: int = 0) -> str:
    """Record a movement and return its id. `amount` is negative when money leaves; `fee` leaves in addition.

    `currency` is the payment's. The balance is kept in the currency of `SETTLEMENT`, if that is set.
    """
    settled, rate = _settlement(tx, currency)
    amount, fee = round(amount * rate), round(fee * rate)
    made: Object = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": tx.now + 2 * 86400,
        "balance_type": "payments",
        "created": tx.now,
        "currency": settled,
        "description": None,
        "exchange_rate": rate if settled != currency else None,
        "fee": fee,
        "fee_details": _fees(fee, settled),
        "net": amount - fee,
        "reporting_category": _CATEGORIES.get((kind, amount > 0), kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }
    return str(tx.put(made)["id"])


def _settlement(tx: Transaction, currency: str) -> tuple[str, float]:
    """Return the currency of the balance, and how much of it is one of `currency`, both in minor units."""
    settled, _, rate = (tx.setting(SETTLEMENT) or "").partition(" ")
    return (settled, float(rate)) if settled and settled != currency else (currency, 1.0)


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
