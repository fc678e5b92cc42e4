"""Converts parts of Stripe's objects to plain values."""

from datetime import UTC, datetime

import stripe

from subscriptions.decline_reasons import DeclineReason


def decline_reason(intent: stripe.PaymentIntent) -> DeclineReason | None:
    """Return why the last attempt to pay failed. Not every refusal has a code of the bank's own."""
    error = intent.last_payment_error
    return DeclineReason.of(getattr(error, "code", None), getattr(error, "decline_code", None)) if error else None


def metadata_of(metadata: stripe.StripeObject | None) -> dict[str, str]:
    return metadata.to_dict() if metadata else {}


def id_of(reference: object) -> str | None:
    """Return the id of an object that Stripe names by its id or, expanded, sends whole."""
    return reference if reference is None or isinstance(reference, str) else str(getattr(reference, "id", "")) or None


def to_datetime(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
