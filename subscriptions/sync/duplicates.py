"""Ends duplicate subscriptions, so that nobody pays twice.

A second subscription is stopped before the payment page; if it happens all the same (two tabs, a bank that takes
days, a reader who left meanwhile), it is found here, ended and refunded.

Only subscriptions that a checkout of ours began are ended. One that somebody made at Stripe, beside ours or for another
site of the account, is theirs: a reconciliation lists it for the publisher.

Duplicates are marked first, in a transaction of their own, and then ended. So the next event or reconciliation finishes
what was interrupted.
"""

from django.db import transaction

from newsroom.db.advisory_locks import advisory_lock
from subscriptions.models import LedgerEntry, Subscription
from subscriptions.stripe.disputes import list_disputes
from subscriptions.stripe.errors import AlreadyReturned
from subscriptions.stripe.invoices import list_paid_invoices
from subscriptions.stripe.refunds import create_refund, list_refunds
from subscriptions.stripe.subscriptions import cancel_subscription
from subscriptions.sync import records


def end_duplicates(subscription: Subscription, *, cause: str) -> None:
    """Keep one subscription of the person, end the others, and refund their payments. Called after each sync."""
    if subscription.user_id and subscription.is_duplicated:
        _mark_duplicates(subscription.user_id, cause=cause)
    owner = {"user": subscription.user_id} if subscription.user_id else {"pk": subscription.pk}
    for unwanted in Subscription.objects.chargeable().filter(**owner, begun_here=True).exclude(unwanted_since=None):
        cancel_subscription(unwanted.stripe_id)
        ended = records.record_subscription(unwanted.stripe_id, cause=cause)
        for invoice in list_paid_invoices(subscription=ended.stripe_id):
            records.record_payment(invoice, ended)
    own = list(Subscription.objects.filter(**owner).values_list("pk", flat=True))
    for payment in LedgerEntry.objects.to_be_refunded().filter(subscription__in=own):
        refund_payment(payment)


def refund_payment(payment: LedgerEntry) -> None:
    """Refund what is left of a payment, once. If it was returned without our knowledge, only record that."""
    try:
        refund = create_refund(payment.payment_intent, idempotency_key=f"give-back-{payment.stripe_id}")
        records.record_refund(refund, payment)
    except AlreadyReturned:
        record_returns(payment)


def record_returns(payment: LedgerEntry) -> None:
    """Record all refunds and disputes of a payment, whoever made them."""
    for refund in list_refunds(payment_intent=payment.payment_intent):
        records.record_refund(refund.id, payment)
    for dispute in list_disputes(payment_intent=payment.payment_intent):
        records.record_dispute(dispute.id, payment)


@transaction.atomic
def _mark_duplicates(person: int, *, cause: str) -> None:
    """Choose one to keep of those that ran at the same time, and mark the others. All may have ended since."""
    advisory_lock(f"person {person}")
    known = Subscription.objects.wanted_of(person)
    for stripe_id in sorted(known.chargeable().values_list("stripe_id", flat=True)):
        records.record_subscription(stripe_id, cause=cause)
    kept: list[Subscription] = []
    for subscription in sorted(known.all(), key=_precedence):
        rival = next((each for each in kept if each.overlaps(subscription)), None)
        if rival is None:
            kept.append(subscription)
            continue
        subscription.unwanted_since = max(rival.started_at, subscription.started_at)
        subscription.save()


def _precedence(subscription: Subscription) -> tuple[int, float, int]:
    """Sort by state, the active ones first, and then by age, the oldest first."""
    rank = list(Subscription.State).index(subscription.state)
    return rank, subscription.started_at.timestamp(), subscription.pk
