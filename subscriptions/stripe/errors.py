"""The kinds of error that Stripe's answers come down to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import stripe

from subscriptions.decline_reasons import DeclineReason

if TYPE_CHECKING:
    pass


class Unreachable(Exception):
    """Stripe did not answer, or asked to be left alone for a while. Nothing is known; trying again is right."""


class Refused(Exception):
    """Stripe answered that our request is wrong. Trying again does not help: we have to mend it."""


class Gone(Refused):
    """Stripe knows no such object."""


class AlreadyReturned(Refused):
    """All of a payment was given back before, or its bank has taken it back."""


class CardRefused(Exception):
    """The bank refused the card. Only the person can do something about it; `problem` says what, in plain words."""

    def __init__(self, problem: DeclineReason) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class BadEvent(Exception):
    """The body did not come from Stripe, or was changed on the way, or is too old, or is no event."""


@contextmanager
def stripe_errors() -> Iterator[None]:
    """Stripe's two dozen errors as the three that make a difference to a person: try again, your card, our mistake."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unreachable(str(error)) from error
    except stripe.StripeError as error:
        # 409: another request with the same key is still under way. 5xx: Stripe's own trouble.
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise Unreachable(str(error)) from error
        if isinstance(error, stripe.CardError):
            refusal = error.error.decline_code if error.error else None
            raise CardRefused(DeclineReason.of(error.code, refusal)) from error
        if error.http_status == 404 or error.code == "resource_missing":
            raise Gone(str(error)) from error
        raise Refused(str(error)) from error
