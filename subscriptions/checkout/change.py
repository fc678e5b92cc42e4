"""Changes what a subscriber pays and how often, from the next payment on."""

import uuid

from newsroom.models import User
from subscriptions.models import Offer, Subscription
from subscriptions.stripe.client import calling_stripe
from subscriptions.stripe.subscriptions import change_price
from subscriptions.sync.apply import apply_subscription


def changeable_subscription(user: User) -> Subscription | None:
    """Return the subscription whose amount this person may change: active, begun here, and of one plain price."""
    own = Subscription.objects.filter(user=user, begun_here=True, not_understood="", unwanted_since=None)
    return next((each for each in own.entitling() if each.state == Subscription.State.ACTIVE), None)


def has_choice(subscription: Subscription, offer: Offer) -> bool:
    """Return True if the offer has something else than what is paid. The currency of a subscription never changes."""
    if subscription.currency != offer.currency:
        return False
    now = (subscription.amount, subscription.interval, subscription.interval_count)
    return offer.choose_amount or any((price, each, 1) != now for each, price in offer.prices.items())


@calling_stripe()
def change_subscription(subscription: Subscription, *, amount: int, interval: str, form_id: uuid.UUID) -> Subscription:
    """Change the price at Stripe, and copy it. The same form sent again changes nothing more.

    Raises SpecialTerms, Unreachable, Refused.
    """
    before = f"{subscription.amount}-{subscription.interval}-{subscription.interval_count}"
    change_price(
        subscription.stripe_id,
        amount=amount,
        currency=subscription.currency,
        interval="year" if interval == "year" else "month",
        idempotency_key=f"change-{form_id}-{subscription.stripe_id}-{before}-{amount}-{interval}",
    )
    return apply_subscription(subscription.stripe_id, cause="change")
