"""Converts what Stripe's objects hold into plain values."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import stripe

from subscriptions.decline_reasons import DeclineReason

if TYPE_CHECKING:
    pass


def decline_reason(intent: stripe.PaymentIntent) -> DeclineReason | None:
    """Why its last try failed. Stripe leaves out what does not apply: not every refusal has a code of the bank's."""
    error = intent.last_payment_error
    return DeclineReason.of(getattr(error, "code", None), getattr(error, "decline_code", None)) if error else None


def metadata_of(given: "stripe.StripeObject | None") -> dict[str, str]:
    return given.to_dict() if given else {}


def id_of(reference: object) -> str | None:
    """The id of what Stripe names either by its id or, expanded, whole."""
    return reference if reference is None or isinstance(reference, str) else str(getattr(reference, "id", "")) or None


def to_datetime(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
