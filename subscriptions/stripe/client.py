"""The client of Stripe's library, for the key and the base address in the settings."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.conf import settings

from subscriptions.installation import copied_from
from subscriptions.stripe.errors import Refused, Unreachable

stripe.enable_telemetry = False

API_VERSION = stripe.api_version  # of our requests and of our webhook endpoint: that of the installed library
STRIPE_BASE = "https://api.stripe.com"
TIMEOUT = (3, 15)  # seconds to connect, and to answer
RETRIES = 2  # only of lost connections, 409 and 5xx; the idempotency key stays the same

# At most so many threads of a process call Stripe at once. While they wait for it they hold a database connection, and
# locks: when Stripe is slow, the other threads and connections are left for those who only read.
MAX_CALLERS = 4
CALLER_WAITS = 0.5  # seconds
_callers = threading.BoundedSemaphore(MAX_CALLERS)
_calling = threading.local()


def is_base_allowed(base: str, key: str) -> bool:
    """Return True for Stripe's own address, and for an address on this machine with a test key."""
    if base == STRIPE_BASE:
        return True
    host = urlsplit(base).hostname
    return key.startswith(("sk_test_", "rk_test_")) and host in ("127.0.0.1", "::1", "localhost")


def expects_livemode() -> bool:
    """Return True if our key moves real money."""
    return bool(settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")))


@contextmanager
def calling_stripe() -> Iterator[None]:
    """Take one of the places for calls to Stripe, before a lock is waited for. Raises Unreachable if all are taken."""
    if getattr(_calling, "now", False):
        yield
        return
    if not _callers.acquire(timeout=CALLER_WAITS):
        raise Unreachable("Stripe is slow, and enough others are waiting for it.")
    _calling.now = True
    try:
        yield
    finally:
        _calling.now = False
        _callers.release()


class _HttpClient(stripe.RequestsClient):
    """Takes a place for each call, and refuses to change anything for a copy of this site."""

    def request(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "get" and not settings.DEBUG and (original := copied_from()):
            raise Refused(
                f"This database was made for {original}, and this is {settings.SITE_URL}. Nothing is changed at Stripe "
                "until `manage.py stripe_setup --moved` says that the site has moved, or `--copied` that it is a copy."
            )
        with calling_stripe():
            return super().request(method, *args, **kwargs)


@cache
def _client_for(key: str, base: str) -> stripe.StripeClient:
    if not is_base_allowed(base, key):
        raise Refused(f"Refusing to talk to {base} with this key.")
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=_HttpClient(timeout=TIMEOUT),
    )


def client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
