"""Refunds and cancellations by staff: recorded first, then done at Stripe once.

The form's id gives the action its id, and so Stripe's idempotency key: a double click, or a second try after Stripe did
not answer, is the same action. The ledger and the mails follow from Stripe's events, as for everybody.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from newsroom.models import User
from subscriptions.models import LedgerEntry, StaffAction, Subscription
from subscriptions.stripe.client import calling_stripe
from subscriptions.stripe.errors import AlreadyReturned, Refused, Unreachable
from subscriptions.stripe.payments import retrieve_payment
from subscriptions.stripe.refunds import create_refund
from subscriptions.stripe.subscriptions import cancel_subscription
from subscriptions.sync.apply import apply_refund, apply_subscription
from subscriptions.sync.duplicates import record_returns


def refund(entry: LedgerEntry, *, form_id: uuid.UUID, amount: int, reason: str, by: User) -> StaffAction:
    """Refund `amount` of a payment. Raises Refused, or Unreachable: then send the same form again."""
    action, _ = StaffAction.objects.get_or_create(
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
        return create_refund(intent, amount=amount, idempotency_key=f"deed-{action.public_id}")

    try:
        action = _carry_out(action, at_stripe)
    except AlreadyReturned:
        record_returns(entry)
        raise
    with suppress(Unreachable):  # the event will follow
        apply_refund(action.stripe_id, cause=f"{by}: {reason}"[:255])
    return action


def cancel(subscription: Subscription, *, form_id: uuid.UUID, now: bool, reason: str, by: User) -> StaffAction:
    """End a subscription at once, or with the paid period. Refunds nothing. Raises Unreachable, Refused."""
    kind = StaffAction.Kind.CANCEL_NOW if now else StaffAction.Kind.CANCEL
    action, _ = StaffAction.objects.get_or_create(
        public_id=uuid.uuid5(form_id, f"{kind} {subscription.pk}"),
        defaults={"kind": kind, "subscription": subscription, "reason": reason, "by": by},
    )

    def at_stripe() -> str:
        cancel_subscription(subscription.stripe_id, at_end=not now)
        return subscription.stripe_id

    action = _carry_out(action, at_stripe)
    with suppress(Unreachable):  # the event will follow
        apply_subscription(subscription.stripe_id, cause=f"{by}: {reason}"[:255])
    return action


@calling_stripe()
def _carry_out(action: StaffAction, at_stripe: Callable[[], str]) -> StaffAction:
    """Call Stripe once. Whoever comes second waits for the row's lock, and finds the action done."""
    try:
        with transaction.atomic():
            action = StaffAction.objects.select_for_update().get(pk=action.pk)
            if action.done_at is None:
                action.stripe_id = at_stripe()
                action.done_at = timezone.now()
                action.refusal = ""
                action.save()
    except Refused as refused:
        StaffAction.objects.filter(pk=action.pk, done_at=None).update(refusal=str(refused)[:300])
        raise
    return action
