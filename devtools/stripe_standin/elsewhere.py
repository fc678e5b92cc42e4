"""Invoices that are paid in another way than by the card of their subscription."""

from __future__ import annotations

from . import payment
from .ids import new_id
from .invoice_objects import invoice_payment
from .payment_objects import payment_intent
from .store import Object, Transaction

KINDS = ("payment_intent", "payment_record", "charge")


def add_payment(tx: Transaction, bill: Object, kind: str, status: str = "open") -> Object:
    """Add a payment to an invoice, beside the one that it has. No money moves."""
    made = invoice_payment(tx.now, bill, "")
    moment = {"paid": "paid_at", "canceled": "canceled_at"}.get(status)
    made |= {"is_default": False, "payment": {"type": kind, kind: _reference(tx, bill, kind)}, "status": status}
    made["amount_paid"] = bill["amount_due"] if status == "paid" else None
    if moment:
        made["status_transitions"] = {**made["status_transitions"], moment: tx.now}
    return tx.put(made)


def _reference(tx: Transaction, bill: Object, kind: str) -> str:
    """Return what paid. Of charges without an intent and of payment records, there is no more here than the id."""
    if kind == "payment_intent":
        intent = payment_intent(tx.now, bill["amount_due"], bill["currency"], bill["customer"], {})
        return str(tx.put(intent)["id"])
    return new_id({"payment_record": "pr", "charge": "py"}[kind])


def close(tx: Transaction, bill: Object, kind: str, counted: bool) -> Object:
    """Replace the open payment of an invoice by one that was made outside; the caller settles the invoice.

    Whether `amount_paid` counts it too is not verified, so that both can be had.
    """
    for link in list(tx.newest_first("invoice_payment")):
        if link["invoice"] == bill["id"] and link["status"] == "open":
            transitions = {**link["status_transitions"], "canceled_at": tx.now}
            tx.put({**link, "status": "canceled", "status_transitions": transitions})
    payment.cancel(tx, str(bill.get("_payment_intent")), "void_invoice")
    add_payment(tx, bill, kind, "paid")
    return {**bill, "amount_paid_off_stripe": bill["amount_due"], "_counted": counted}
