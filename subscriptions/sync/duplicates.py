"""Nobody pays twice. A second subscription is stopped before the payment page; if it happens all the same (two tabs, a
payment that the bank took days for, a reader who left meanwhile), it is found here, ended, and given back.

What is to go is marked first, in a transaction of its own, and then done: so whoever comes next, an event or the
reconciliation, finishes what was interrupted.
"""

from django.db import transaction

from newsroom.db.advisory_locks import advisory_lock
from subscriptions.models import LedgerEntry, Subscription
from subscriptions.stripe.disputes import list_disputes
from subscriptions.stripe.errors import AlreadyReturned
from subscriptions.stripe.invoices import list_paid_invoices
from subscriptions.stripe.refunds import create_refund as create_refund
from subscriptions.stripe.refunds import list_refunds
from subscriptions.stripe.subscriptions import cancel_subscription
from subscriptions.sync import records


def end_duplicates(subscription: Subscription, *, cause: str) -> None:
    """Called when a subscription was copied: keep one for each person, end the others, give back their payments."""
    if subscription.user_id and subscription.runs_beside_another:
        _mark_doubles(subscription.user_id, cause=cause)
    owner = {"user": subscription.user_id} if subscription.user_id else {"pk": subscription.pk}
    for unwanted in Subscription.objects.live().filter(**owner).exclude(unwanted_since=None):
        cancel_subscription(unwanted.stripe_id)
        ended = records.record_subscription(unwanted.stripe_id, cause=cause)
        for invoice in list_paid_invoices(subscription=ended.stripe_id):
            records.record_payment(invoice, ended)
    for payment in LedgerEntry.objects.to_be_given_back().filter(subscription__in=_of(subscription)):
        refund_payment(payment)


def refund_payment(payment: LedgerEntry) -> None:
    """Refund what is left of a payment, once. One that was returned without our knowledge is only written down."""
    try:
        refund = create_refund(payment.payment_intent, idempotency_key=f"give-back-{payment.stripe_id}")
        records.record_refund(refund, payment)
    except AlreadyReturned:
        record_returns(payment)


def record_returns(payment: LedgerEntry) -> None:
    """Write down all that went back of a payment, whoever did it."""
    for refund in list_refunds(payment_intent=payment.payment_intent):
        records.record_refund(refund.id, payment)
    for dispute in list_disputes(payment_intent=payment.payment_intent):
        records.record_dispute(dispute.id, payment)


@transaction.atomic
def _mark_doubles(person: int, *, cause: str) -> None:
    """Of those that ran at the same time choose the one that stays, and mark the others. All may have ended since."""
    advisory_lock(f"person {person}")
    known = Subscription.objects.of(person)
    for stripe_id in sorted(known.live().values_list("stripe_id", flat=True)):
        records.record_subscription(stripe_id, cause=cause)
    kept: list[Subscription] = []
    for subscription in sorted(known.all(), key=_merit):
        rival = next((each for each in kept if each.overlaps(subscription)), None)
        if rival is None:
            kept.append(subscription)
            continue
        subscription.unwanted_since = max(rival.started_at, subscription.started_at)
        subscription.save()


def _merit(subscription: Subscription) -> tuple[int, float, int]:
    """The one that serves the reader best comes first, and of equals the oldest."""
    order = ["active", "ending", "payment_failed", "paused", "starting", "ended"]
    return order.index(subscription.state), subscription.started_at.timestamp(), subscription.pk


def _of(subscription: Subscription) -> list[int]:
    if subscription.user_id is None:
        return [subscription.pk]
    return list(Subscription.objects.filter(user=subscription.user_id).values_list("pk", flat=True))
