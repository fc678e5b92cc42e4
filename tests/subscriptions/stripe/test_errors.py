"""Stripe's errors become ours, which every page knows how to show."""

import pytest
import stripe

from subscriptions.stripe.errors import AlreadyReturned, Gone, Refused, Unreachable, stripe_errors


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (stripe.CardError("Your card was declined.", None, "card_declined", http_status=402), Refused),
        (stripe.InvalidRequestError("No such session", "id", "resource_missing", http_status=404), Gone),
        (stripe.InvalidRequestError("Bad amount", "amount", http_status=400), Refused),
        (stripe.AuthenticationError("Bad key", http_status=401), Refused),
        (stripe.IdempotencyError("Still running", http_status=409), Unreachable),
        (stripe.RateLimitError("Slow down", http_status=429), Unreachable),
        (stripe.APIError("Our trouble", http_status=500), Unreachable),
        (stripe.APIConnectionError("Gone away"), Unreachable),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_each_error_of_stripes_is_one_of_ours(error: stripe.StripeError, ours: type[Exception]) -> None:
    with pytest.raises(ours) as raised, stripe_errors():
        raise error
    assert raised.type is ours


def test_the_boundary_has_three_kinds_of_error() -> None:
    assert {Gone, AlreadyReturned} <= set(Refused.__subclasses__())
    assert not issubclass(Unreachable, Refused)
