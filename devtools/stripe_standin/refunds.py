"""Refunds: they succeed at once, and can still fail later."""

from __future__ import annotations

from . import params as p
from .balance import record
from .errors import invalid, missing, no_such
from .ids import new_id
from .params import EXPAND, PAGING, Field, Schema
from .routing import Call, Route, page, retrieve
from .store import Object, Transaction


def refund(tx: Transaction, charge: Object, amount: int, reason: str | None, metadata: Object) -> Object:
    """Refund a charge in part or in full. The caller has checked that so much is left."""
    made: Object = {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": _destination(charge),
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
    made["balance_transaction"] = record(tx, -amount, "refund", made["id"], currency=made["currency"])
    tx.put(made)
    tx.emit("refund.created", made)
    _change_charge(tx, charge, amount, "charge.refunded")
    return made


def fail(tx: Transaction, made: Object, reason: str) -> Object:
    """Fail a refund: the bank returned the money because the card is gone. The charge is less refunded again."""
    charge = tx.get(made["charge"], "charge")
    assert charge is not None
    back = record(tx, made["amount"], "refund_failure", made["id"], currency=made["currency"])
    values = {"status": "failed", "failure_reason": reason, "failure_balance_transaction": back}
    after = tx.change(made, values, "refund.updated")
    tx.emit("refund.failed", after)
    tx.emit("charge.refund.updated", after)
    _change_charge(tx, charge, -after["amount"], "charge.updated")
    return after


def _change_charge(tx: Transaction, charge: Object, amount: int, event_type: str) -> None:
    """Update the refunded amount of a charge."""
    refunded = charge["amount_refunded"] + amount
    tx.change(charge, {"amount_refunded": refunded, "refunded": refunded == charge["amount"]}, event_type)


def _destination(charge: Object) -> Object:
    kind = charge["payment_method_details"]["type"]
    if kind == "card":
        card = {"reference_status": "pending", "type": "refund"}
        return {"card": card, "type": "card"}
    return {"type": kind}


def _create(call: Call) -> Object:
    charge = _charge(call)
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} has not been paid and cannot be refunded.")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if charge["disputed"] and not _is_refundable(call.tx, charge):
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    amount = call.params.get("amount", left)
    if amount > left:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount")
    metadata = p.merge_metadata({}, call.params.get("metadata"))
    return call.show(refund(call.tx, charge, amount, call.params.get("reason"), metadata))


def _charge(call: Call) -> Object:
    """Return the charge that is named directly or by its payment intent."""
    if charge := call.referred("charge", "charge"):
        return charge
    intent = call.referred("payment_intent", "payment_intent")
    if intent is None:
        raise missing("charge")
    charge = call.tx.get(str(intent["latest_charge"]), "charge")
    if charge is None:
        raise no_such("charge", str(intent["latest_charge"]), "payment_intent")
    return charge


def _is_refundable(tx: Transaction, charge: Object) -> bool:
    """Return True if no dispute has taken its money."""
    return all(d["is_charge_refundable"] for d in tx.newest_first("dispute") if d["charge"] == charge["id"])


def _update(call: Call) -> Object:
    before = call.named("refund", "refund")
    metadata = p.merge_metadata(before["metadata"], call.params.get("metadata", {}))
    return call.show(call.tx.change(before, {"metadata": metadata}, "refund.updated"))


def _list(call: Call) -> Object:
    names = ("charge", "payment_intent")
    wanted = {name: call.params[name] for name in names if name in call.params}
    return page(call, "refund", lambda r: all(r[name] == value for name, value in wanted.items()))


_ID = Field(p.text(200))
_CREATE: Schema = {
    **EXPAND,
    "amount": Field(p.integer(1)),
    "charge": _ID,
    "metadata": Field(p.metadata, clearable=True),
    "payment_intent": _ID,
    "reason": Field(p.text(50)),
}

ROUTES = [
    Route("POST", "/v1/refunds", _CREATE, _create),
    Route("GET", "/v1/refunds", {**PAGING, "charge": _ID, "payment_intent": _ID}, _list),
    Route("GET", "/v1/refunds/{id}", EXPAND, retrieve("refund", "refund")),
    Route("POST", "/v1/refunds/{id}", {**EXPAND, "metadata": Field(p.metadata, clearable=True)}, _update),
]
