"""The billing cycle: ends a period, begins the next and drafts its invoice."""

from __future__ import annotations

from .cancelling import end_if_due
from .clock import add_interval
from .collection import FINALIZE
from .invoice_objects import invoice
from .store import Object, Transaction
from .subscription_object import period_end

CYCLE = "cycle"

_DRAFT_FOR = 3600
"""Seconds that a renewal's invoice stays a draft: about an hour."""


def start(tx: Transaction, sub: Object) -> None:
    """Schedule the next turn of the cycle for the period's end."""
    tx.schedule(sub["id"], CYCLE, period_end(sub))


def turn(tx: Transaction, sub: Object) -> None:
    """End the subscription if it was cancelled to this moment, or let the next period begin.

    Stripe's order: the subscription is updated first, its period moved already; then the draft is created.
    """
    if sub["status"] in ("canceled", "incomplete", "incomplete_expired", "paused"):
        return
    if sub["cancel_at"] is not None and sub["cancel_at"] <= tx.now:
        end_if_due(tx, sub)
        return
    before = sub
    sub = {
        **sub,
        "items": {
            **sub["items"],
            "data": [_next_period(item, sub["billing_cycle_anchor"]) for item in sub["items"]["data"]],
        },
    }
    customer = tx.get(sub["customer"], "customer")
    assert customer is not None
    draft = invoice(tx, sub, customer, "subscription_cycle")
    draft["period_start"] = before["items"]["data"][0]["current_period_start"]
    collected = sub["status"] != "unpaid"  # the invoices of an unpaid subscription stay drafts
    draft["auto_advance"] = collected
    draft["automatically_finalizes_at"] = tx.now + _DRAFT_FOR if collected else None
    tx.put(draft)
    after = {**sub, "latest_invoice": draft["id"]}
    tx.change(before, after, "customer.subscription.updated")
    tx.emit("invoice.created", draft)
    if collected:
        tx.schedule(draft["id"], FINALIZE, tx.now + _DRAFT_FOR)
    start(tx, after)


def _next_period(item: Object, anchor: int) -> Object:
    """Return the item one period later, counted from the anchor, so that the 31st comes back after February."""
    recurring = item["price"]["recurring"]
    count = recurring["interval_count"]
    turns = 1
    while add_interval(anchor, recurring["interval"], count * turns) <= item["current_period_end"]:
        turns += 1
    end = add_interval(anchor, recurring["interval"], count * turns)
    return {**item, "current_period_start": item["current_period_end"], "current_period_end": end}
