"""What happens to a running subscription: its end is set, taken back, or comes at once."""

from __future__ import annotations

from typing import Any

from .store import Object, Transaction, changes
from .subscription_object import period_end


def end_at(tx: Transaction, sub: Object, moment: int | None, by_flag: bool, also: Object | None = None) -> Object:
    """Set when a subscription ends, or with None that it goes on.

    `by_flag` is the difference between the API's ``cancel_at_period_end`` and the portal, which under flexible
    billing sets the date alone. `also` holds other new values that belong to the same change.
    """
    values: Object = also or {}
    details: Object = values.get("cancellation_details") or sub["cancellation_details"]
    reason = "cancellation_requested" if moment is not None else None
    return change(
        tx,
        sub,
        {
            **values,
            "cancel_at": moment,
            "cancel_at_period_end": by_flag and moment is not None,
            "canceled_at": tx.now if moment is not None else None,
            "cancellation_details": {**details, "reason": reason},
        },
    )


def end_with_period(tx: Transaction, sub: Object, by_flag: bool, also: Object | None = None) -> Object:
    """Let it run to the end of what is paid for."""
    return end_at(tx, sub, period_end(sub), by_flag, also)


def end_now(tx: Transaction, sub: Object, details: Object | None = None) -> Object:
    """End it at once, without a refund."""
    after = {
        **sub,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": tx.now,
        "cancellation_details": {
            **sub["cancellation_details"],
            **(details or {}),
            "reason": "cancellation_requested",
        },
        "ended_at": tx.now,
        "status": "canceled",
    }
    tx.put(after)
    tx.emit("customer.subscription.deleted", after)
    return after


def change(tx: Transaction, before: Object, values: dict[str, Any]) -> Object:
    """Store new values and tell of them; nothing is told when nothing changed."""
    after = {**before, **values}
    if difference := changes(before, after):
        tx.put(after)
        tx.emit("customer.subscription.updated", after, difference)
    return after
