"""Webhook events: verified, stored and acknowledged at once, applied afterwards by the worker.

Events of the other mode (test or live), of other products, and of types that nothing here depends on are stored and
marked as ignored, with the reason for the admin. The API version of an event does not matter: only its type and its
object's id are read.
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
    apply_card_refusal,
    apply_customer,
    apply_dispute,
    apply_fraud_warning,
    apply_invoice,
    apply_refund,
    apply_session,
    apply_subscription,
)
from subscriptions.sync.records import NotOurs

APPLY_TASK = "subscriptions.tasks.apply_event"  # by name, because the task imports this module
PAYLOAD_RETENTION = timedelta(days=30)  # as long as Stripe itself stores an event

logger = logging.getLogger(__name__)


def receive_event(body: bytes, signature: str) -> StripeEvent:
    """Store the event of a webhook request, and enqueue it in the same transaction. Raises BadEvent."""
    return store_event(verified_event(body, signature))


@transaction.atomic
def store_event(event: Event) -> StripeEvent:
    """Store the event once, and enqueue it until it has been applied."""
    stored, created = StripeEvent.objects.get_or_create(
        stripe_id=event.id,
        defaults={
            "type": event.type,
            "object_id": event.object_id,
            "payload": event.payload,
            "api_version": event.api_version,
        },
    )
    if created and event.livemode != expects_livemode():
        stored.applied_at = timezone.now()
        stored.outcome = "ignored: of the other mode (test or live)"
        stored.save()
    elif stored.applied_at is None:  # also one that failed before and was sent again
        enqueue_apply(stored)
    return stored


def enqueue_apply(event: StripeEvent) -> None:
    """Enqueue the event, unless it is in the queue already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(APPLY_TASK, queueing_lock=f"stripe-event-{event.pk}").defer(event=event.pk)


def delete_old_payloads() -> None:
    """Empty the payloads of old applied events: they contain addresses and names, and are not needed any more."""
    old = StripeEvent.objects.filter(applied_at__lt=timezone.now() - PAYLOAD_RETENTION).exclude(payload="")
    old.update(payload="")


def apply_event(event_pk: int) -> None:
    """Apply a stored event. An error is stored with it and raised, so that the task is retried.

    This is not one transaction: each object is applied in its own, and may be applied again.
    """
    event = StripeEvent.objects.get(pk=event_pk)
    if event.applied_at is not None:
        return
    pending = StripeEvent.objects.filter(pk=event_pk, applied_at=None)
    try:
        outcome = _apply(event)
    except Exception as error:
        pending.update(error=f"{type(error).__name__}: {error}")
        raise
    pending.update(outcome=outcome, applied_at=timezone.now(), error="")


def _apply(event: StripeEvent) -> str:
    """Apply the event's object. Return what was done, in words for the admin. A new event type gets its case here."""
    object_id, cause = event.object_id, event.stripe_id
    try:
        match event.type.split("."):
            case ["checkout", "session", what]:
                checkout = apply_session(object_id, cause=cause, failed=what == "async_payment_failed")
                return f"checkout {checkout.get_status_display()}"
            case ["customer", "subscription", *_]:
                return f"subscription {apply_subscription(object_id, cause=cause).status}"
            case ["customer", "updated" | "deleted"]:
                return "customer known" if apply_customer(object_id, cause=cause) else "customer deleted"
            case ["invoice", "paid" | "payment_failed" | "payment_action_required"]:
                entry = apply_invoice(object_id, cause=cause)
                return "payment in the ledger" if entry else "invoice not paid"
            case ["refund", _] | ["charge", "refund", "updated"]:
                return f"refund in the ledger: {apply_refund(object_id, cause=cause)}"
            case ["charge", "dispute", *_]:
                return f"dispute in the ledger, of {apply_dispute(object_id, cause=cause)}"
            case ["radar", "early_fraud_warning", "created"]:
                return f"a warning of fraud: {apply_fraud_warning(object_id, cause=cause)}"
            case ["charge", "failed"]:
                return f"{apply_card_refusal(object_id, cause=cause).refusals} cards refused for this gift"
            case _:
                return "ignored: nothing here depends on it"
    except (NotOurs, Gone) as reason:
        logger.info("Stripe event %s: %s", event.stripe_id, reason)
        return f"ignored: {reason}"[:200]
