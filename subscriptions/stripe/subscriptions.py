"""Subscriptions at Stripe."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

import stripe

from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, metadata_of, to_datetime
from subscriptions.stripe.errors import Gone, stripe_errors

if TYPE_CHECKING:
    from stripe.params import SubscriptionListParams


@dataclass(frozen=True)
class StripeSubscription:
    """A subscription as Stripe has it now. Our copy of it is subscriptions.models.Subscription."""

    id: str
    status: str
    customer: str
    checkout: str | None  # our Checkout.public_id, sent when it was created
    amount: int
    currency: str
    started: datetime
    current_period_end: datetime
    cancel_at: datetime | None
    ended: datetime | None
    failed_invoice: str | None  # the newest invoice, if an attempt to pay it failed

    @classmethod
    def from_stripe(cls, subscription: stripe.Subscription) -> Self:
        """Build it from a subscription whose latest invoice is expanded."""
        item = subscription.items.data[0]
        end = subscription.cancel_at or (item.current_period_end if subscription.cancel_at_period_end else None)
        newest = subscription.latest_invoice
        failed = isinstance(newest, stripe.Invoice) and newest.status == "open" and newest.attempted
        metadata = metadata_of(subscription.metadata)
        return cls(
            id=subscription.id,
            status=subscription.status,
            customer=id_of(subscription.customer) or "",
            checkout=metadata.get("checkout"),
            amount=(item.price.unit_amount or 0) * (item.quantity or 1),
            currency=item.price.currency,
            started=to_datetime(subscription.start_date),
            current_period_end=to_datetime(item.current_period_end),
            cancel_at=to_datetime(end) if end else None,
            ended=to_datetime(subscription.ended_at) if subscription.ended_at else None,
            failed_invoice=id_of(newest) if failed else None,
        )


def retrieve_subscription(subscription_id: str) -> StripeSubscription:
    with stripe_errors():
        found = client().v1.subscriptions.retrieve(subscription_id, {"expand": ["latest_invoice"]})
        return StripeSubscription.from_stripe(found)


def list_subscriptions(*, customer: str | None = None) -> Iterator[StripeSubscription]:
    """Yield all subscriptions of any status, or those of one customer."""
    params: SubscriptionListParams = {"status": "all", "limit": 100, "expand": ["data.latest_invoice"]}
    if customer:
        params["customer"] = customer
    with stripe_errors():
        yield from map(StripeSubscription.from_stripe, client().v1.subscriptions.list(params).auto_paging_iter())


def cancel_subscription(subscription_id: str, *, at_end: bool = False) -> None:
    """End a subscription now, or with the paid period. Refunds nothing. One that has ended stays as it is."""
    with suppress(Gone), stripe_errors():
        if at_end:
            client().v1.subscriptions.update(subscription_id, {"cancel_at_period_end": True})
        else:
            client().v1.subscriptions.cancel(subscription_id)
