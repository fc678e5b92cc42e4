"""The worker's tasks. Their names and arguments never change: waiting jobs are stored with them."""

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from newsroom import mail
from subscriptions import alerts, customers, emails, erasure, reminders
from subscriptions.checkout import card_testing, payment_page
from subscriptions.models import StripeEvent
from subscriptions.reports import conversions
from subscriptions.sync import events
from subscriptions.sync import reconcile as reconciliation

RETRIED_FOR = timedelta(days=3)  # as long as Stripe itself would send an event again
# 2 s, 4 s, 8 s … together about half an hour; what failed until then is tried once an hour (below).
RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)


@app.task(retry=RETRY, pass_context=False)
def apply_event(event: int) -> None:
    """Apply a stored Stripe event (StripeEvent.pk)."""
    events.apply_event(event)


@app.periodic(cron="41 * * * *")
@app.task(name="subscriptions.tasks.apply_left_over", queueing_lock="apply_left_over")
def apply_pending(timestamp: int) -> None:
    """Enqueue again, each hour, the recent events that could not be applied."""
    for event in StripeEvent.objects.filter(applied_at=None, received_at__gt=timezone.now() - RETRIED_FOR):
        events.enqueue_apply(event)


@app.periodic(cron="37 3 * * *")
@app.task(name="subscriptions.tasks.forget_payloads", queueing_lock="forget_payloads")
def delete_old_payloads(timestamp: int) -> None:
    events.delete_old_payloads()


@app.task(name="subscriptions.tasks.send_letter", retry=RETRY, pass_context=False)
def send_email(letter: int) -> None:
    """Send a mail about somebody's money (SupportEmail.pk)."""
    emails.send_email(letter)


@app.task(retry=mail.RETRY, pass_context=False)
def send_alert(alert: int, person: int) -> None:
    """Send a publisher what wants a person (PublisherAlert.pk, User.pk)."""
    alerts.send_alert(alert, person)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="alert_silence")
def alert_silence(timestamp: int) -> None:
    """Tell the publishers if the books were not compared last night, or if Stripe's messages do not arrive."""
    alerts.alert_silence()


@app.periodic(cron="11 * * * *")
@app.task(name="subscriptions.tasks.send_left_over", queueing_lock="send_left_over")
def send_pending_emails(timestamp: int) -> None:
    emails.send_pending()


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="write_reminders")
def write_reminders(timestamp: int) -> None:
    """Remind readers of a payment that is still open, and of a card that expires before the next one."""
    reminders.write_reminders()


@app.task(retry=RETRY, pass_context=False)
def update_customer_email(customer: int) -> None:
    """Tell Stripe a reader's address after it has changed (Customer.pk)."""
    customers.send_email_address(customer)


# 5, 10, 15 … minutes, together three hours. Each try goes on where the one before it stopped.
@app.periodic(cron="7 2 * * *")
@app.task(queueing_lock="reconcile", retry=RetryStrategy(max_attempts=8, linear_wait=300))
def reconcile(timestamp: int) -> None:
    """Compare Stripe's books with ours each night, and fix the discrepancies."""
    reconciliation.reconcile(fix=True)


@app.periodic(cron="47 3 * * *")
@app.task(name="subscriptions.tasks.forget_unpaid_words", queueing_lock="forget_unpaid_words")
def delete_unpaid_messages(timestamp: int) -> None:
    """Delete name and message of gifts that were not paid, and the addresses of guests who gave long ago."""
    payment_page.delete_unpaid_messages()
    erasure.forget_guest_donors()


@app.periodic(cron="37 3 * * *")
@app.task(name="subscriptions.tasks.forget_networks", queueing_lock="forget_networks")
def delete_expired_origins(timestamp: int) -> None:
    """Delete the form ids and network hashes of old donations, and beside which article people began to pay."""
    card_testing.delete_expired()
    conversions.forget_referrers()
