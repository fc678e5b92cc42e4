"""The billing cycle: ends a period, begins the next and drafts its invoice."""

from __future__ import annotations

from . import discounts
from .cancelling import end_if_due
from .collection import CYCLE, FINALIZE
from .invoice_objects import invoice
from .store import Object, Transaction
from .subscription_object import next_period, period_end

RESUME_COLLECTION = "resume_collection"

_DRAFT_FOR = 3600
"""Seconds that a renewal's invoice stays a draft: about an hour."""


def start(tx: Transaction, sub: Object) -> None:
    """Schedule the next turn of the cycle for the period's end."""
    tx.schedule(sub["id"], CYCLE, period_end(sub))


def turn(tx: Transaction, sub: Object) -> None:
    """End the subscription if it was cancelled to this moment, or let the next period begin.

    Stripe's order: the subscription is updated first, its period moved already; then the draft is created.
    """
    if sub["status"] in ("canceled", "incomplete", "incomplete_expired", "paused") or not sub["items"]["data"]:
        return
    if sub["cancel_at"] is not None and sub["cancel_at"] <= tx.now:
        end_if_due(tx, sub)
        return
    before = sub
    # An invoice of a subscription whose collection is paused is a draft until somebody looks, or is given up.
    pause = sub["pause_collection"]
    sub = {
        **sub,
        "status": "active" if sub["status"] == "trialing" else sub["status"],
        "items": {
            **sub["items"],
            "data": [next_period(item, sub["billing_cycle_anchor"]) for item in sub["items"]["data"]],
        },
    }
    customer = tx.get(sub["customer"], "customer")
    assert customer is not None
    draft = invoice(tx, sub, customer, "subscription_cycle")
    draft["period_start"] = before["items"]["data"][0]["current_period_start"]
    collected = sub["status"] != "unpaid" and not pause  # the invoices of an unpaid subscription stay drafts too
    draft["auto_advance"] = collected
    draft["automatically_finalizes_at"] = tx.now + _DRAFT_FOR if collected else None
    tx.put(draft)
    after = {**sub, "latest_invoice": draft["id"], "discounts": discounts.lasting(tx, sub)}
    tx.change(before, after, "customer.subscription.updated")
    tx.emit("invoice.created", draft)
    if collected:
        tx.schedule(draft["id"], FINALIZE, tx.now + _DRAFT_FOR)
    if pause and pause["behavior"] in _GIVEN_UP:
        status, moment = _GIVEN_UP[pause["behavior"]]
        transitions = {**draft["status_transitions"], moment: tx.now}
        done = tx.put({**draft, "status": status, "status_transitions": transitions})
        tx.emit("invoice.voided" if status == "void" else "invoice.marked_uncollectible", done)
    start(tx, after)


def resume_collection(tx: Transaction, sub: Object) -> None:
    """Collect again, as was said when the collection was paused."""
    tx.change(sub, {"pause_collection": None}, "customer.subscription.updated")


_GIVEN_UP = {"void": ("void", "voided_at"), "mark_uncollectible": ("uncollectible", "marked_uncollectible_at")}
