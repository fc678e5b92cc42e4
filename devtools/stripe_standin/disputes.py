"""Disputes (the bank takes the money at once, and returns it if we win), and early fraud warnings."""

from __future__ import annotations

from typing import Any

import stripe

from . import params as p
from .balance import record
from .ids import new_id
from .params import EXPAND, PAGING, Field, Schema
from .routing import Call, Route, page, retrieve
from .store import Object, Transaction

_FEE = 1500
_DAYS_TO_ANSWER = 9

FEES = "dispute_fees"
"""The setting of how a dispute's fee is taken: ``apart`` for a balance transaction of its own."""


def dispute(tx: Transaction, charge: Object, reason: str) -> Object:
    """Open a dispute about a charge."""
    made: Object = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"] - charge["amount_refunded"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": _no_evidence(),
        "evidence_details": {
            "due_by": tx.now + _DAYS_TO_ANSWER * 86400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": None},
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
    tx.put(made)
    tx.change(charge, {"disputed": True}, "charge.updated")
    tx.emit("charge.dispute.created", made)
    return move(tx, made, -made["amount"], _FEE)


def close(tx: Transaction, open_dispute: Object, won: bool) -> Object:
    """Close a dispute. If it is lost, the money stays away, and the charge stays disputed."""
    done = tx.change(open_dispute, {"status": "won" if won else "lost"}, "charge.dispute.updated")
    if won:
        # That the fee comes back with the money is not verified; here it does not.
        done = move(tx, done, done["amount"])
    tx.emit("charge.dispute.closed", done)
    return done


def warn(tx: Transaction, charge: Object, fraud_type: str) -> Object:
    """Create an early fraud warning: a dispute is likely to follow unless the charge is refunded."""
    made: Object = {
        "id": new_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": not charge["refunded"] and not charge["disputed"],
        "charge": charge["id"],
        "created": tx.now,
        "fraud_type": fraud_type,
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    tx.put(made)
    tx.emit("radar.early_fraud_warning.created", made)
    return made


def move(tx: Transaction, about: Object, amount: int, fee: int = 0) -> Object:
    """Record the money that a dispute takes or returns. Its fee can be a part of that, or a movement of its own."""
    apart = tx.setting(FEES) == "apart"
    moved = [record(tx, amount, "adjustment", about["id"], currency=about["currency"], fee=0 if apart else fee)]
    if fee and apart:
        moved.append(record(tx, -fee, "stripe_fee", about["id"], currency=about["currency"]))
    after = {**about, "balance_transactions": [*about["balance_transactions"], *map(tx.get, moved)]}
    tx.put(after)
    tx.emit("charge.dispute.funds_withdrawn" if amount < 0 else "charge.dispute.funds_reinstated", after)
    return after


def _no_evidence() -> dict[str, Any]:
    """Return every field of the evidence, all empty."""
    fields = stripe.Dispute.Evidence.__annotations__
    return {**dict.fromkeys(fields), "enhanced_evidence": {}}


def _list(call: Call) -> Object:
    kind = "dispute" if call.path == "/v1/disputes" else "radar.early_fraud_warning"
    names = ("charge", "payment_intent")
    wanted = {name: call.params[name] for name in names if name in call.params}
    return page(call, kind, lambda d: all(d[name] == value for name, value in wanted.items()))


_ID = Field(p.text(200))
_LIST: Schema = {**PAGING, "charge": _ID, "payment_intent": _ID}

ROUTES = [
    Route("GET", "/v1/disputes", _LIST, _list),
    Route("GET", "/v1/disputes/{id}", EXPAND, retrieve("dispute", "dispute")),
    Route("GET", "/v1/radar/early_fraud_warnings", _LIST, _list),
    Route("GET", "/v1/radar/early_fraud_warnings/{id}", EXPAND, retrieve("radar.early_fraud_warning")),
]
