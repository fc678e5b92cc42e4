"""Prices made by `manage.py stripe_setup`."""

from subscriptions.stripe.client import client
from subscriptions.stripe.errors import stripe_errors


def price_of(amount: int, currency: str) -> str | None:
    """Return the id of the monthly price of this amount; None if `manage.py stripe_setup` has not made it."""
    with stripe_errors():
        found = client().v1.prices.list({"lookup_keys": [lookup_key(amount, currency)], "active": True}).data
    return found[0].id if found else None


def lookup_key(amount: int, currency: str) -> str:
    return f"monthly-{amount}-{currency}"
