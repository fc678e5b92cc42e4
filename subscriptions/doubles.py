"""Nobody pays twice. A second subscription is stopped before the payment page; if it happens all the same (two tabs, a
payment that the bank took days for, a reader who left meanwhile), it is found here, ended, and given back.

What is to go is marked first, in a transaction of its own, and then done: so whoever comes next, an event or the
reconciliation, finishes what was interrupted.
"""

from django.db import transaction

from subscriptions import copying, stripe_api
from subscriptions.locking import lock
from subscriptions.models import LedgerEntry, Subscription


def end_what_is_unwanted(subscription: Subscription, *, cause: str) -> None:
    """Called when a subscription was copied: keep one for each person, end the others, give back their payments."""
    if subscription.user_id is not None and Subscription.objects.beside(subscription).exists():
        _mark_doubles(subscription.user_id, cause=cause)
    owner = {"user": subscription.user_id} if subscription.user_id else {"pk": subscription.pk}
    for unwanted in Subscription.objects.live().filter(**owner).exclude(unwanted_since=None):
        stripe_api.cancel_subscription(unwanted.stripe_id)
        ended = copying.copy_subscription(unwanted.stripe_id, cause=cause)
        for invoice in stripe_api.paid_invoices(subscription=ended.stripe_id):
            copying.copy_payment(invoice, ended)
    for payment in LedgerEntry.objects.to_be_given_back().filter(subscription__in=_of(subscription)):
        give_back(payment)


def give_back(payment: LedgerEntry, *, amount: int | None = None, key: str = "") -> None:
    """Refund a payment, or a part of it (minor units), once for each `key`. Raises Unreachable, Refused.

    One that was refunded or disputed without our knowledge is only written down.
    """
    key = f"give-back-{payment.stripe_id}-{key}" if key else f"give-back-{payment.stripe_id}"
    refund = stripe_api.refund(payment.payment_intent, idempotency_key=key, amount=amount)
    if refund:
        copying.copy_refund(refund, payment)
        return
    for known in stripe_api.refunds(payment_intent=payment.payment_intent):
        copying.copy_refund(known.id, payment)
    for dispute in stripe_api.disputes(payment_intent=payment.payment_intent):
        copying.copy_dispute(dispute.id, payment)


@transaction.atomic
def _mark_doubles(person: int, *, cause: str) -> None:
    """Choose the one that stays, of those that Stripe says are live now, and mark the others."""
    lock(f"person {person}")
    known = Subscription.objects.live().filter(user=person, unwanted_since=None)
    for stripe_id in sorted(known.values_list("stripe_id", flat=True)):
        copying.copy_subscription(stripe_id, cause=cause)
    kept, *others = sorted(known.all(), key=_merit)
    for double in others:
        double.unwanted_since = max(kept.started_at, double.started_at)
        double.save()


def _merit(subscription: Subscription) -> tuple[int, float, int]:
    """The one that serves the reader best comes first, and of equals the oldest."""
    order = ["active", "ending", "payment_failed", "paused", "starting"]
    return order.index(subscription.state), subscription.started_at.timestamp(), subscription.pk


def _of(subscription: Subscription) -> list[int]:
    if subscription.user_id is None:
        return [subscription.pk]
    return list(Subscription.objects.filter(user=subscription.user_id).values_list("pk", flat=True))
