"""Work for the worker."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from subscriptions import inbox


# Ten doublings from 2 s reach about half an hour. What failed until then is listed in the admin with its error.
@app.task(retry=RetryStrategy(max_attempts=10, exponential_wait=2), pass_context=False)
def apply_event(event: int) -> None:
    """Apply a stored Stripe event (StripeEvent.pk)."""
    inbox.apply(event)
