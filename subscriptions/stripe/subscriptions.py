"""Subscriptions at Stripe."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

import stripe

from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, metadata_of, to_datetime
from subscriptions.stripe.errors import Gone, Refused, stripe_errors
from subscriptions.stripe.invoices import UnpaidInvoice
from subscriptions.stripe.prices import Interval, price_of
from subscriptions.stripe.terms import Terms

if TYPE_CHECKING:
    from stripe.params import SubscriptionListParams, SubscriptionUpdateParams
    from stripe.params._subscription_update_params import SubscriptionUpdateParamsItem

# What `StripeSubscription` reads of other objects. Stripe expands four levels at most, `data` of a list included.
EXPANDED = [
    "latest_invoice",
    "discounts.source.coupon",
    "default_payment_method",
    "customer",
]


@dataclass(frozen=True)
class StripeSubscription:
    """A subscription as Stripe has it now. Our copy of it is subscriptions.models.Subscription."""

    id: str
    status: str
    customer: str
    email: str | None  # the customer's
    checkout: str | None  # our Checkout.public_id, sent when it was created
    installation: str | None  # whose checkout it was; None before there were such ids, and if it was no such site's
    terms: Terms
    currency: str
    started: datetime
    current_period_end: datetime
    cancel_at: datetime | None
    ended: datetime | None
    failed_invoice: UnpaidInvoice | None  # the newest invoice, if an attempt to pay it failed
    card_expires: date | None  # the last day of the card that is charged
    collection_paused: bool
    collection_resumes_at: datetime | None
    cancel_reason: str
    cancel_comment: str

    @classmethod
    def from_stripe(cls, subscription: stripe.Subscription) -> Self:
        """Build it from a subscription with what `EXPANDED` names."""
        period_end = max((item.current_period_end for item in subscription.items.data), default=subscription.start_date)
        end = subscription.cancel_at or (period_end if subscription.cancel_at_period_end else None)
        newest = subscription.latest_invoice
        metadata = metadata_of(subscription.metadata)
        paused, leaving = subscription.pause_collection, subscription.cancellation_details
        return cls(
            id=subscription.id,
            status=subscription.status,
            customer=id_of(subscription.customer) or "",
            email=getattr(subscription.customer, "email", None),
            checkout=metadata.get("checkout"),
            installation=metadata.get("installation"),
            terms=Terms.from_stripe(subscription),
            currency=subscription.currency,
            started=to_datetime(subscription.start_date),
            current_period_end=to_datetime(period_end),
            cancel_at=to_datetime(end) if end else None,
            ended=to_datetime(subscription.ended_at) if subscription.ended_at else None,
            failed_invoice=UnpaidInvoice.from_stripe(newest) if isinstance(newest, stripe.Invoice) else None,
            card_expires=_card_expiry(subscription),
            collection_paused=paused is not None,
            collection_resumes_at=to_datetime(paused.resumes_at) if paused and paused.resumes_at else None,
            cancel_reason=(leaving and leaving.feedback) or "",
            cancel_comment=((leaving and leaving.comment) or "")[:1000],
        )


def _card_expiry(subscription: stripe.Subscription) -> date | None:
    """Return the last day of the card that is charged; None if it is no card, or is not the subscription's own."""
    card = getattr(subscription.default_payment_method, "card", None)
    if card is None:
        return None
    return date(card.exp_year, card.exp_month, monthrange(card.exp_year, card.exp_month)[1])


def retrieve_subscription(subscription_id: str) -> StripeSubscription:
    with stripe_errors():
        found = client().v1.subscriptions.retrieve(subscription_id, {"expand": EXPANDED})
        return StripeSubscription.from_stripe(found)


def list_subscriptions(*, customer: str | None = None) -> Iterator[StripeSubscription]:
    """Yield all subscriptions of any status, or those of one customer."""
    params: SubscriptionListParams = {"status": "all", "limit": 100, "expand": [f"data.{each}" for each in EXPANDED]}
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


class SpecialTerms(Refused):
    """The subscription has what only the publisher can change: a discount, several prices, or a schedule."""


def change_price(subscription_id: str, *, amount: int, currency: str, interval: Interval, idempotency_key: str) -> None:
    """Ask for `amount` minor units each `interval`, from the next payment on. Nothing is charged or credited today.

    Stripe charges at once when the interval changes, except if a trial begins: so one is given until the end of what is
    paid, and the status is `trialing` until then. A schedule would do the same with more calls, and cannot be cancelled
    in the portal. Does nothing if it is so already. Raises SpecialTerms, Unreachable, Refused.
    """
    with stripe_errors():
        found = client().v1.subscriptions.retrieve(subscription_id)
        items = found.items.data
        if len(items) != 1 or items[0].price.recurring is None or found.discounts or found.schedule:
            raise SpecialTerms(f"Subscription {subscription_id} has special terms.")
        item, price, recurring = items[0], items[0].price, items[0].price.recurring
        same_interval = (recurring.interval, recurring.interval_count) == (interval, 1)
        if same_interval and (price.unit_amount, getattr(item, "quantity", 1)) == (amount, 1):
            return
        change: SubscriptionUpdateParamsItem = {"id": item.id, "quantity": 1}
        if known := price_of(amount, currency, interval):
            change["price"] = known
        else:
            change["price_data"] = {
                "currency": currency,
                "product": id_of(price.product) or "",
                "unit_amount": amount,
                "recurring": {"interval": interval},
            }
        params: SubscriptionUpdateParams = {"items": [change], "proration_behavior": "none"}
        if not same_interval or found.status == "trialing":
            params["trial_end"] = item.current_period_end
        client().v1.subscriptions.update(subscription_id, params, {"idempotency_key": idempotency_key})
