"""Giving money back and ending a subscription for somebody, from the admin: written down, then done at Stripe, once.

The form's id makes the deed's, and that the idempotency key: a double click, and trying again after Stripe did not
answer, is the same deed. What follows from it here (the ledger, the mail) comes with Stripe's events, as for everybody.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from newsroom.models import User
from subscriptions.models import LedgerEntry, StaffAction, Subscription
from subscriptions.stripe.errors import AlreadyReturned, Refused, Unreachable
from subscriptions.stripe.payments import retrieve_payment
from subscriptions.stripe.refunds import create_refund
from subscriptions.stripe.subscriptions import cancel_subscription
from subscriptions.sync.apply import apply_refund, apply_subscription
from subscriptions.sync.duplicates import record_returns


def refund(entry: LedgerEntry, *, form_id: uuid.UUID, amount: int, reason: str, by: User) -> StaffAction:
    """Refund so much of a payment. Raises Unreachable: nobody knows yet, send the same form again; Refused."""
    deed, _ = StaffAction.objects.get_or_create(
        public_id=uuid.uuid5(form_id, f"refund {entry.pk} {amount}"),
        defaults={
            "kind": StaffAction.Kind.REFUND,
            "entry": entry,
            "amount": amount,
            "currency": entry.currency,
            "reason": reason,
            "by": by,
        },
    )

    def at_stripe() -> str:
        intent = retrieve_payment(entry.stripe_id).intent
        return create_refund(intent, amount=amount, idempotency_key=f"deed-{deed.public_id}")

    try:
        deed = _carry_out(deed, at_stripe)
    except AlreadyReturned:
        record_returns(entry)
        raise
    with suppress(Unreachable):  # the event will tell
        apply_refund(deed.stripe_id, cause=f"{by}: {reason}"[:255])
    return deed


def cancel(subscription: Subscription, *, form_id: uuid.UUID, now: bool, reason: str, by: User) -> StaffAction:
    """End it at once, or when what is paid is over. Nothing is given back by it. Raises Unreachable, Refused."""
    kind = StaffAction.Kind.CANCEL_NOW if now else StaffAction.Kind.CANCEL
    deed, _ = StaffAction.objects.get_or_create(
        public_id=uuid.uuid5(form_id, f"{kind} {subscription.pk}"),
        defaults={"kind": kind, "subscription": subscription, "reason": reason, "by": by},
    )

    def at_stripe() -> str:
        cancel_subscription(subscription.stripe_id, at_end=not now)
        return subscription.stripe_id

    deed = _carry_out(deed, at_stripe)
    with suppress(Unreachable):  # the event will tell
        apply_subscription(subscription.stripe_id, cause=f"{by}: {reason}"[:255])
    return deed


def _carry_out(deed: StaffAction, at_stripe: Callable[[], str]) -> StaffAction:
    """Once: whoever comes second waits, and finds it done."""
    try:
        with transaction.atomic():
            deed = StaffAction.objects.select_for_update().get(pk=deed.pk)
            if deed.done_at is None:
                deed.stripe_id = at_stripe()
                deed.done_at = timezone.now()
                deed.refusal = ""
                deed.save()
    except Refused as refused:
        StaffAction.objects.filter(pk=deed.pk, done_at=None).update(refusal=str(refused)[:300])
        raise
    return deed
