"""Work for the worker."""

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from subscriptions import inbox
from subscriptions.models import StripeEvent


# Ten doublings from 2 s reach about half an hour; what failed until then is tried once an hour (below).
@app.task(retry=RetryStrategy(max_attempts=10, exponential_wait=2), pass_context=False)
def apply_event(event: int) -> None:
    """Apply a stored Stripe event (StripeEvent.pk)."""
    inbox.apply(event)


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="apply_left_over")
def apply_left_over(timestamp: int) -> None:
    """Once an hour, for as long as Stripe itself would, try again what could not be applied."""
    recent = timezone.now() - timedelta(days=3)
    for event in StripeEvent.objects.filter(applied_at=None, received_at__gt=recent):
        inbox.have_applied(event)
