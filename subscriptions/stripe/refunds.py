"""Refunds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

import stripe

from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, to_datetime
from subscriptions.stripe.errors import AlreadyReturned, Refused, stripe_errors

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams, RefundListParams


@dataclass(frozen=True)
class Refund:
    """A refund. `failed`: the money has come back to us, because the card was gone."""

    id: str
    failed: bool
    amount: int
    currency: str
    payment_intent: str | None
    created: datetime

    @classmethod
    def from_stripe(cls, refund: stripe.Refund) -> Self:
        return cls(
            id=refund.id,
            failed=refund.status in ("failed", "canceled"),
            amount=refund.amount,
            currency=refund.currency,
            payment_intent=id_of(refund.payment_intent),
            created=to_datetime(refund.created),
        )


def create_refund(payment_intent: str, *, idempotency_key: str, amount: int | None = None) -> str:
    """Refund what is left of a payment, or `amount` of it. Return the refund's id. Raises AlreadyReturned, Refused."""
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
        return Refund.from_stripe(client().v1.refunds.retrieve(refund_id))


def list_refunds(*, payment_intent: str | None = None) -> Iterator[Refund]:
    """Yield all refunds, or those of one payment."""
    params: RefundListParams = {"limit": 100}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with stripe_errors():
        yield from map(Refund.from_stripe, client().v1.refunds.list(params).auto_paging_iter())
