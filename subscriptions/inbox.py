"""Events from Stripe: verified, stored and acknowledged at once, applied afterwards by the worker."""

import logging
from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from subscriptions import stripe_api
from subscriptions.models import StripeEvent
from subscriptions.transitions import NotOurs, apply_invoice, apply_session, apply_subscription

APPLY = "subscriptions.tasks.apply_event"  # by name: the task calls `apply` below

logger = logging.getLogger(__name__)


def receive(body: bytes, signature: str) -> StripeEvent:
    """Store the event, and have it applied: both or neither. A second delivery finds the first. Raises BadEvent."""
    event = stripe_api.verified_event(body, signature)
    with transaction.atomic():
        stored, created = StripeEvent.objects.get_or_create(
            stripe_id=event.id,
            defaults={"type": event.type, "object_id": event.object_id, "payload": body.decode()},
        )
        if created and event.livemode != stripe_api.expects_livemode():
            stored.applied_at = timezone.now()
            stored.outcome = "ignored: of the other mode (test or live)"
            stored.save()
        elif stored.applied_at is None:  # also one that failed before, and that somebody has sent again
            have_applied(stored)
    return stored


def have_applied(event: StripeEvent) -> None:
    """Leave the event to the worker, unless it waits there already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(APPLY, queueing_lock=f"stripe-event-{event.pk}").defer(event=event.pk)


def apply(event_pk: int) -> None:
    """Apply one stored event. Its error, if any, is kept with it and raised, so that it is tried again.

    Not one transaction: what it changes is applied object by object, each as often as one likes.
    """
    event = StripeEvent.objects.get(pk=event_pk)
    if event.applied_at is not None:
        return
    waiting = StripeEvent.objects.filter(pk=event_pk, applied_at=None)
    try:
        outcome = _apply(event)
    except Exception as error:
        waiting.update(error=f"{type(error).__name__}: {error}")
        raise
    waiting.update(outcome=outcome, applied_at=timezone.now(), error="")


def _apply(event: StripeEvent) -> str:
    """What was done, in words for the admin."""
    try:
        match event.type.split("."):
            case ["checkout", "session", what]:
                failed = what == "async_payment_failed"
                checkout = apply_session(event.object_id, cause=event.stripe_id, failed=failed)
                return f"checkout {checkout.get_status_display()}"
            case ["customer", "subscription", *_]:
                return f"subscription {apply_subscription(event.object_id, cause=event.stripe_id).status}"
            case ["invoice", "paid" | "payment_failed" | "payment_action_required"]:
                entry = apply_invoice(event.object_id, cause=event.stripe_id)
                return "payment in the ledger" if entry else "invoice not paid"
            case _:
                return "ignored: nothing here depends on it"
    except NotOurs as reason:
        logger.info("Stripe event %s: %s", event.stripe_id, reason)
        return f"ignored: {reason}"[:200]
