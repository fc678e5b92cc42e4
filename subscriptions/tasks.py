"""Work for the worker."""

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from subscriptions import emails
from subscriptions.checkout import card_testing, payment_page
from subscriptions.models import StripeEvent
from subscriptions.sync import events
from subscriptions.sync import reconcile as reconciliation


# Ten doublings from 2 s reach about half an hour; what failed until then is tried once an hour (below).
@app.task(retry=RetryStrategy(max_attempts=10, exponential_wait=2), pass_context=False)
def apply_event(event: int) -> None:
    """Apply a stored Stripe event (StripeEvent.pk)."""
    events.apply_event(event)


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="apply_left_over")
def apply_left_over(timestamp: int) -> None:
    """Once an hour, for as long as Stripe itself would, try again what could not be applied."""
    recent = timezone.now() - timedelta(days=3)
    for event in StripeEvent.objects.filter(applied_at=None, received_at__gt=recent):
        events.enqueue_apply(event)


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="forget_payloads")
def forget_payloads(timestamp: int) -> None:
    events.delete_old_payloads()


@app.task(retry=RetryStrategy(max_attempts=10, exponential_wait=2), pass_context=False)
def send_letter(letter: int) -> None:
    """Send a mail about somebody's money (Letter.pk)."""
    emails.send_email(letter)


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="send_left_over")
def send_left_over(timestamp: int) -> None:
    """Once an hour, try again what the mail server did not take."""
    emails.send_pending()


@app.periodic(cron="7 2 * * *")
@app.task(queueing_lock="reconcile", retry=RetryStrategy(max_attempts=5, exponential_wait=60))
def reconcile(timestamp: int) -> None:
    """Each night: Stripe's books against ours, and mend what differs."""
    reconciliation.reconcile(fix=True)


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="forget_unpaid_words")
def forget_unpaid_words(timestamp: int) -> None:
    payment_page.delete_unpaid_messages()


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="forget_networks")
def forget_networks(timestamp: int) -> None:
    """Where gifts were begun is not kept."""
    card_testing.delete_expired()
