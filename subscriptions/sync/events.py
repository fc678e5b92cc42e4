"""Events from Stripe: verified, stored and acknowledged at once, applied afterwards by the worker.

Taken are events of our key's mode (test or live), whatever their API version; what is of another product, of a type
that nothing depends on, or of the other mode is stored, marked as ignored with the reason, and shown in the admin.
"""

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from subscriptions.models import StripeEvent
from subscriptions.stripe.client import expects_livemode
from subscriptions.stripe.errors import Gone
from subscriptions.stripe.events import Event, verified_event
from subscriptions.sync.apply import (
    NotOurs,
    apply_card_refusal,
    apply_customer,
    apply_dispute,
    apply_fraud_warning,
    apply_invoice,
    apply_refund,
    apply_session,
    apply_subscription,
)

APPLY = "subscriptions.tasks.apply_event"  # by name: the task calls `apply` below
PAYLOAD_RETENTION = timedelta(days=30)  # as long as Stripe keeps an event

logger = logging.getLogger(__name__)


def receive_event(body: bytes, signature: str) -> StripeEvent:
    """Store the event, and have it applied: both or neither. A second delivery finds the first. Raises BadEvent."""
    return store_event(verified_event(body, signature), body.decode())


def store_event(event: Event, payload: str) -> StripeEvent:
    """The same for an event that was fetched from Stripe."""
    with transaction.atomic():
        stored, created = StripeEvent.objects.get_or_create(
            stripe_id=event.id,
            defaults={
                "type": event.type,
                "object_id": event.object_id,
                "payload": payload,
                "api_version": event.api_version,
            },
        )
        if created and event.livemode != expects_livemode():
            stored.applied_at = timezone.now()
            stored.outcome = "ignored: of the other mode (test or live)"
            stored.save()
        elif stored.applied_at is None:  # also one that failed before, and that somebody has sent again
            enqueue_apply(stored)
    return stored


def enqueue_apply(event: StripeEvent) -> None:
    """Leave the event to the worker, unless it waits there already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(APPLY, queueing_lock=f"stripe-event-{event.pk}").defer(event=event.pk)


def delete_old_payloads() -> None:
    """What Stripe wrote carries addresses and names; once it is applied and old, nobody needs it."""
    old = StripeEvent.objects.filter(applied_at__lt=timezone.now() - PAYLOAD_RETENTION).exclude(payload="")
    old.update(payload="")


def apply_event(event_pk: int) -> None:
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
    """What was done, in words for the admin.

    The API version of an event does not matter: nothing but its type and its object's id is taken from it.
    """
    subject, cause = event.object_id, event.stripe_id
    try:
        match event.type.split("."):
            case ["checkout", "session", what]:
                checkout = apply_session(subject, cause=cause, failed=what == "async_payment_failed")
                return f"checkout {checkout.get_status_display()}"
            case ["customer", "subscription", *_]:
                return f"subscription {apply_subscription(subject, cause=cause).status}"
            case ["customer", "updated" | "deleted"]:
                return "customer known" if apply_customer(subject, cause=cause) else "customer deleted"
            case ["invoice", "paid" | "payment_failed" | "payment_action_required"]:
                entry = apply_invoice(subject, cause=cause)
                return "payment in the ledger" if entry else "invoice not paid"
            case ["refund", _] | ["charge", "refund", "updated"]:
                return f"refund in the ledger: {apply_refund(subject, cause=cause)}"
            case ["charge", "dispute", *_]:
                return f"dispute in the ledger, of {apply_dispute(subject, cause=cause)}"
            case ["radar", "early_fraud_warning", "created"]:
                return f"a warning of fraud: {apply_fraud_warning(subject, cause=cause)}"
            case ["charge", "failed"]:
                return f"{apply_card_refusal(subject, cause=cause).refusals} cards refused for this gift"
            case _:
                return "ignored: nothing here depends on it"
    except (NotOurs, Gone) as reason:
        logger.info("Stripe event %s: %s", event.stripe_id, reason)
        return f"ignored: {reason}"[:200]
