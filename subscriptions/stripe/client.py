"""The client of Stripe's library, for the key and the address of the settings."""

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import stripe
from django.conf import settings

if TYPE_CHECKING:
    pass
from subscriptions.stripe.errors import Refused

stripe.enable_telemetry = False

STRIPE_ITSELF = "https://api.stripe.com"
TIMEOUT = (3, 15)  # seconds to connect, and to answer
RETRIES = 2  # of what the library deems safe: lost connections, 409, 5xx; the idempotency key stays the same


def may_be_called(base: str, key: str) -> bool:
    """Whether this address may be talked to with this key: Stripe's own, or this machine's with a test key."""
    if base == STRIPE_ITSELF:
        return True
    host = urlsplit(base).hostname
    return key.startswith(("sk_test_", "rk_test_")) and host in ("127.0.0.1", "::1", "localhost")


def expects_livemode() -> bool:
    """Whether our key is one that moves real money."""
    return bool(settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")))


@cache
def _client_for(key: str, base: str) -> stripe.StripeClient:
    if not may_be_called(base, key):
        raise Refused(f"Refusing to talk to {base} with this key.")
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
