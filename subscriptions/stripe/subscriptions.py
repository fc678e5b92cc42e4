"""Subscriptions at Stripe."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import stripe

if TYPE_CHECKING:
    from stripe.params import (
        SubscriptionListParams,
    )
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, metadata_of, to_datetime
from subscriptions.stripe.errors import Gone, stripe_errors


@dataclass(frozen=True)
class Subscription:
    id: str
    status: str
    customer: str
    person: str | None  # our User.pk, given at the start
    checkout: str | None  # our Checkout.public_id, given at the start
    amount: int
    currency: str
    started: datetime
    current_period_end: datetime
    cancel_at: datetime | None
    ended: datetime | None
    failed_invoice: str | None  # the newest invoice, if its payment was tried and failed


def retrieve_subscription(subscription_id: str) -> Subscription:
    with stripe_errors():
        return _subscription(client().v1.subscriptions.retrieve(subscription_id, {"expand": ["latest_invoice"]}))


def list_subscriptions(*, customer: str | None = None) -> Iterator[Subscription]:
    """All subscriptions in whatever state, or those of one customer."""
    params: SubscriptionListParams = {"status": "all", "limit": 100, "expand": ["data.latest_invoice"]}
    if customer:
        params["customer"] = customer
    with stripe_errors():
        yield from map(_subscription, client().v1.subscriptions.list(params).auto_paging_iter())


def cancel_subscription(subscription_id: str, *, at_end: bool = False) -> None:
    """End it now, or when what is paid is over. Nothing is given back by it. One that has ended stays as it is."""
    with suppress(Gone), stripe_errors():
        if at_end:
            client().v1.subscriptions.update(subscription_id, {"cancel_at_period_end": True})
        else:
            client().v1.subscriptions.cancel(subscription_id)


def _subscription(found: stripe.Subscription) -> Subscription:
    item = found.items.data[0]
    end = found.cancel_at or (item.current_period_end if found.cancel_at_period_end else None)
    newest = found.latest_invoice
    failed = isinstance(newest, stripe.Invoice) and newest.status == "open" and newest.attempted
    metadata = metadata_of(found.metadata)
    return Subscription(
        id=found.id,
        status=found.status,
        customer=id_of(found.customer) or "",
        person=metadata.get("person"),
        checkout=metadata.get("checkout"),
        amount=(item.price.unit_amount or 0) * (item.quantity or 1),
        currency=item.price.currency,
        started=to_datetime(found.start_date),
        current_period_end=to_datetime(item.current_period_end),
        cancel_at=to_datetime(end) if end else None,
        ended=to_datetime(found.ended_at) if found.ended_at else None,
        failed_invoice=id_of(newest) if failed else None,
    )
