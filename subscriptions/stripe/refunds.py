"""Refunds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import stripe

if TYPE_CHECKING:
    from stripe.params import (
        RefundCreateParams,
        RefundListParams,
    )
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, to_datetime
from subscriptions.stripe.errors import AlreadyReturned, Refused, stripe_errors


@dataclass(frozen=True)
class Refund:
    """Money on its way back, or there. `failed`: it has come back to us, as the card was gone."""

    id: str
    failed: bool
    amount: int
    currency: str
    payment_intent: str | None
    created: datetime


def create_refund(payment_intent: str, *, idempotency_key: str, amount: int | None = None) -> str:
    """Give back what is left of a payment, or `amount` of it. The refund's id. Raises AlreadyReturned, Refused."""
    params: RefundCreateParams = {"payment_intent": payment_intent, "reason": "requested_by_customer"}
    if amount is not None:
        params["amount"] = amount
    try:
        with stripe_errors():
            return client().v1.refunds.create(params, {"idempotency_key": idempotency_key}).id
    except Refused as refusal:
        cause = refusal.__cause__
        if isinstance(cause, stripe.StripeError) and cause.code in ("charge_already_refunded", "charge_disputed"):
            raise AlreadyReturned(str(refusal)) from cause
        raise


def retrieve_refund(refund_id: str) -> Refund:
    with stripe_errors():
        return _refund(client().v1.refunds.retrieve(refund_id))


def list_refunds(*, payment_intent: str | None = None) -> Iterator[Refund]:
    params: RefundListParams = {"limit": 100}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with stripe_errors():
        yield from map(_refund, client().v1.refunds.list(params).auto_paging_iter())


def _refund(found: stripe.Refund) -> Refund:
    return Refund(
        id=found.id,
        failed=found.status in ("failed", "canceled"),
        amount=found.amount,
        currency=found.currency,
        payment_intent=id_of(found.payment_intent),
        created=to_datetime(found.created),
    )
