"""Cancels a subscription: at the period's end, at once, or not after all."""

from __future__ import annotations

from .store import Object, Transaction
from .subscription_object import period_end

END = "end"

ENDED = ("canceled", "incomplete_expired")
"""The final statuses."""


def end_at(tx: Transaction, sub: Object, moment: int | None, by_flag: bool, also: Object | None = None) -> Object:
    """Set when a subscription ends; None means that it goes on.

    `by_flag` is the difference between the API's ``cancel_at_period_end`` and the portal, which under flexible
    billing sets the date alone. `also` holds other new values that belong to the same change.
    """
    values: Object = also or {}
    details: Object = values.get("cancellation_details") or sub["cancellation_details"]
    reason = "cancellation_requested" if moment is not None else None
    if moment is None:
        tx.unschedule(sub["id"], END)
    else:
        tx.schedule(sub["id"], END, moment)
    return tx.change(
        sub,
        {
            **values,
            "cancel_at": moment,
            "cancel_at_period_end": by_flag and moment is not None,
            "canceled_at": tx.now if moment is not None else None,
            "cancellation_details": {**details, "reason": reason},
        },
        "customer.subscription.updated",
    )


def end_with_period(tx: Transaction, sub: Object, by_flag: bool, also: Object | None = None) -> Object:
    """Cancel it at the end of the paid period."""
    return end_at(tx, sub, period_end(sub), by_flag, also)


def end_now(
    tx: Transaction, sub: Object, reason: str = "cancellation_requested", details: Object | None = None
) -> Object:
    """Cancel it at once, without a refund. Stripe then stops collecting open invoices."""
    after = {
        **sub,
        "cancel_at_period_end": False,
        "canceled_at": sub["canceled_at"] or tx.now,
        "cancellation_details": {**sub["cancellation_details"], **(details or {}), "reason": reason},
        "ended_at": tx.now,
        "status": "canceled",
    }
    tx.put(after)
    tx.unschedule(after["id"], END)
    tx.emit("customer.subscription.deleted", after)
    for invoice in list(tx.newest_first("invoice")):
        if invoice["parent"]["subscription_details"]["subscription"] == sub["id"] and invoice["auto_advance"]:
            tx.change(invoice, {"auto_advance": False, "next_payment_attempt": None}, "invoice.updated")
    return after


def end_if_due(tx: Transaction, sub: Object) -> None:
    """Cancel it if its `cancel_at` has come and still stands."""
    if sub["status"] not in ENDED and sub["cancel_at"] is not None and sub["cancel_at"] <= tx.now:
        end_now(tx, sub, sub["cancellation_details"]["reason"] or "cancellation_requested")
