"""Prices made by `manage.py stripe_setup`."""

from typing import Literal

from subscriptions.stripe.client import client
from subscriptions.stripe.errors import stripe_errors

Interval = Literal["month", "year"]


def price_of(amount: int, currency: str, interval: Interval = "month") -> str | None:
    """Return the id of the price of this amount and interval; None if `manage.py stripe_setup` has not made it."""
    with stripe_errors():
        found = client().v1.prices.list({"lookup_keys": [lookup_key(amount, currency, interval)], "active": True}).data
    return found[0].id if found else None


def lookup_key(amount: int, currency: str, interval: Interval = "month") -> str:
    return f"{interval}ly-{amount}-{currency}"
