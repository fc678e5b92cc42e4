"""The kinds of error that a call to Stripe comes down to: Unreachable, Refused and its kinds, BadEvent."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe


class Unreachable(Exception):
    """Stripe did not answer, or asked us to slow down. Nothing is known; trying again is right."""


class Refused(Exception):
    """Stripe refused our request. Trying again does not help."""


class Gone(Refused):
    """Stripe has no such object."""


class AlreadyReturned(Refused):
    """All of a payment was refunded before, or its bank has taken it back."""


class KeyReused(Refused):
    """The idempotency key belongs to a request with other parameters, within the last day."""


class BadEvent(Exception):
    """The body is not an event that Stripe has signed, was changed on the way, or is too old."""


@contextmanager
def stripe_errors() -> Iterator[None]:
    """Translate the library's two dozen errors to ours."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unreachable(str(error)) from error
    except stripe.StripeError as error:
        # 409: another request with the same idempotency key is still running. 5xx: Stripe's own trouble.
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise Unreachable(str(error)) from error
        if error.http_status == 404 or error.code == "resource_missing":
            raise Gone(str(error)) from error
        if isinstance(error, stripe.IdempotencyError):
            raise KeyReused(str(error)) from error
        raise Refused(str(error)) from error
