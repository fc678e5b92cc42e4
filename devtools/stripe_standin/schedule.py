"""Runs the scheduled actions that are due, each once and in the order of their times."""

from __future__ import annotations

from collections.abc import Callable

from . import cancelling, checkout, collection, cycle
from .store import Object, Transaction

ACTIONS: dict[str, Callable[[Transaction, Object], None]] = {
    cancelling.END: cancelling.end_if_due,
    checkout.EXPIRE: checkout.expire_if_open,
    checkout.SETTLE: checkout.settle_if_waiting,
    collection.FINALIZE: collection.finalize_if_draft,
    collection.RETRY: collection.retry,
    collection.EXPIRE_INCOMPLETE: collection.expire_incomplete,
    collection.CYCLE: cycle.turn,
    cycle.RESUME_COLLECTION: cycle.resume_collection,
}


def run_due(tx: Transaction) -> None:
    """Run everything that is due by now, including what these actions make due, each at its own time."""
    now = tx.now
    while (due := tx.next_due()) is not None:
        object_id, action, at = due
        tx.unschedule(object_id, action)
        found = tx.get(object_id)
        if found is not None:
            tx.now = at
            ACTIONS[action](tx, found)
            tx.now = now
