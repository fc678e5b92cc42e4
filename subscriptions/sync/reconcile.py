"""Stripe's books against ours, in both directions: `manage.py reconcile`, each night by the worker, and by hand.

Each difference is a row in the admin until it is mended: by applying the object once more through the same functions as
ever. Nothing here writes what it believes to be right.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from newsroom.models import User
from subscriptions.models import Checkout, Customer, Discrepancy, LedgerEntry, StripeEvent, Subscription
from subscriptions.stripe.checkout_sessions import Session, list_sessions
from subscriptions.stripe.customers import is_deleted
from subscriptions.stripe.disputes import list_disputes
from subscriptions.stripe.errors import Gone, Refused
from subscriptions.stripe.events import list_undelivered_events, retrieve_event
from subscriptions.stripe.invoices import list_paid_invoices
from subscriptions.stripe.refunds import list_refunds
from subscriptions.stripe.setup import EVENT_TYPES
from subscriptions.stripe.subscriptions import list_subscriptions
from subscriptions.sync import events
from subscriptions.sync.apply import (
    apply_customer,
    apply_dispute,
    apply_invoice,
    apply_refund,
    apply_session,
    apply_subscription,
)
from subscriptions.sync.duplicates import end_duplicates
from subscriptions.sync.records import NotOurs, facts_of, is_begun_here, record_unknown_to_stripe

REMEMBERED = timedelta(days=30)  # how long Stripe keeps events


Found = tuple[Discrepancy.Kind, str, str]


def reconcile(*, fix: bool) -> list[Discrepancy]:
    """List the differences, and with `fix` mend them. Raises Unreachable where Stripe does not answer.

    What is mended may show the next (a subscription that was missing has payments that were): with `fix` it looks
    again, until nothing new is found.
    """
    listed: dict[int, Discrepancy] = {}
    tried: set[tuple[str, str]] = set()
    while True:
        new = [difference for difference in _listed() if difference.pk not in listed]
        listed |= {difference.pk: difference for difference in new}
        if not (fix and new):  # what mending another has mended too was closed by this last look
            return list(Discrepancy.objects.filter(pk__in=listed).order_by("pk"))
        for difference in new:
            name = (difference.kind, difference.stripe_id)
            if name in tried:
                difference.error = "is still so after it was applied once more"
                difference.save()
            else:
                tried.add(name)
                fix_discrepancy(difference, by=None)


def fix_discrepancy(difference: Discrepancy, *, by: User | None) -> bool:
    """Apply the object once more; whether that was possible. Raises Unreachable."""
    if difference.mended_at is not None:
        return True
    try:
        _MENDING[difference.kind](difference.stripe_id)
    except (Refused, NotOurs) as error:
        difference.error = f"{type(error).__name__}: {error}"[:300]
        difference.save()
        return False
    difference.mended_at, difference.mended_by, difference.error = timezone.now(), by, ""
    difference.save()
    return True


def _listed() -> Iterator[Discrepancy]:
    """The open differences as they are now; those that have vanished by themselves are closed."""
    found = list(_found())
    names = {(kind.value, stripe_id) for kind, stripe_id, _ in found}
    for old in Discrepancy.objects.filter(mended_at=None):
        if (old.kind, old.stripe_id) not in names:
            old.mended_at, old.error = timezone.now(), "gone when it was looked at again"
            old.save()
    for kind, stripe_id, words in found:
        yield Discrepancy.objects.get_or_create(
            kind=kind, stripe_id=stripe_id, mended_at=None, defaults={"words": words[:300]}
        )[0]


def _found() -> Iterator[Found]:
    yield from _events()
    yield from _customers()
    yield from _checkouts()
    yield from _subscriptions()
    yield from _payments()
    yield from _money_back()
    yield from _unwanted()


def _events() -> Iterator[Found]:
    """What Stripe could not tell us, and what it told us and was not applied."""
    applied = StripeEvent.objects.exclude(applied_at=None)
    for event, _payload in list_undelivered_events(EVENT_TYPES, timezone.now() - REMEMBERED):
        if not applied.filter(stripe_id=event.id).exists():
            yield Discrepancy.Kind.EVENT, event.id, f"{event.type} did not reach us"
    waiting = timezone.now() - timedelta(hours=1)
    for stored in StripeEvent.objects.filter(applied_at=None, received_at__lt=waiting):
        yield Discrepancy.Kind.EVENT, stored.stripe_id, f"{stored.type} was not applied: {stored.error}"


def _customers() -> Iterator[Found]:
    for customer_id in Customer.objects.exclude(stripe_id=None).values_list("stripe_id", flat=True):
        if is_deleted(str(customer_id)):
            yield Discrepancy.Kind.CUSTOMER, str(customer_id), "was deleted at Stripe"


def _checkouts() -> Iterator[Found]:
    """Payment pages on which something happened that we have not heard of."""
    ours = {str(checkout.public_id): checkout for checkout in Checkout.objects.all()}
    for session in list_sessions():
        checkout = ours.get(session.checkout or "")
        if checkout is None or checkout.status == Checkout.Status.PAID:
            continue
        settled = session.paid or (checkout.stripe_session_id == session.id and _has_moved(checkout, session))
        if settled:
            yield Discrepancy.Kind.CHECKOUT, session.id, f"here {checkout.get_status_display()}, there it is not"


def _has_moved(checkout: Checkout, session: Session) -> bool:
    match checkout.status:
        case Checkout.Status.OPEN:
            return not session.open
        case Checkout.Status.WAITING:
            return session.refused
    return False


def _subscriptions() -> Iterator[Found]:
    """Those that we lack, those that differ, and those of ours that Stripe does not know."""
    ours = {subscription.stripe_id: subscription for subscription in Subscription.objects.all()}
    customers = set(Customer.objects.values_list("stripe_id", flat=True))
    for told in list_subscriptions():
        known = ours.pop(told.id, None)
        if known is None:
            if told.customer in customers or is_begun_here(told.checkout):
                yield Discrepancy.Kind.SUBSCRIPTION, told.id, f"is {told.status} at Stripe and missing here"
            continue
        facts = facts_of(told)
        differing = [name for name, value in facts.items() if getattr(known, name) != value]
        if differing:
            yield Discrepancy.Kind.SUBSCRIPTION, told.id, f"differs in {', '.join(differing)}"
    for stripe_id, lost in ours.items():
        if lost.ended_at is None:
            yield Discrepancy.Kind.SUBSCRIPTION, stripe_id, f"is {lost.status} here and unknown to Stripe"


def _payments() -> Iterator[Found]:
    ours = {entry.stripe_id: entry for entry in LedgerEntry.objects.payments().exclude(subscription=None)}
    known = set(Subscription.objects.values_list("stripe_id", flat=True))
    for invoice in list_paid_invoices():
        entry = ours.pop(invoice.id, None)
        if entry is None and invoice.subscription in known:
            yield Discrepancy.Kind.PAYMENT, invoice.id, "was paid, and is not in the ledger"
        elif entry is not None and not entry.payment_intent and invoice.payment_intent:
            yield Discrepancy.Kind.PAYMENT, invoice.id, "does not say which payment it was"
        elif entry is not None and entry.amount != invoice.amount_paid:
            yield Discrepancy.Kind.PAYMENT, invoice.id, f"is {entry.amount} here and {invoice.amount_paid} there"
    for stripe_id in ours:
        yield Discrepancy.Kind.PAYMENT, stripe_id, "is in the ledger, and not paid at Stripe"


def _money_back() -> Iterator[Found]:
    """Refunds and disputes of payments that are ours."""
    ours = set(LedgerEntry.objects.payments().values_list("payment_intent", flat=True))
    returned = LedgerEntry.objects.exclude(kind=LedgerEntry.Kind.PAYMENT).values_list("stripe_id")
    here: dict[str, int] = dict(returned.annotate(Sum("amount")))
    for refund in list_refunds():
        there = 0 if refund.failed else -refund.amount
        if refund.payment_intent in ours and here.get(refund.id) != there:
            yield Discrepancy.Kind.REFUND, refund.id, f"is {here.get(refund.id, 'missing')} here and {there} there"
    for dispute in list_disputes():
        there = dispute.reinstated - dispute.withdrawn
        if dispute.payment_intent in ours and here.get(dispute.id, 0) != there:
            yield Discrepancy.Kind.DISPUTE, dispute.id, f"is {here.get(dispute.id, 'missing')} here and {there} there"


def _unwanted() -> Iterator[Found]:
    """Second subscriptions, those of nobody, and payments that nobody got anything for."""
    live = Subscription.objects.live()
    several = live.values("user").annotate(several=Count("pk")).filter(several__gt=1, user__isnull=False)
    unwanted = Subscription.objects.filter(
        Q(pk__in=live.filter(user__in=several.values("user")))
        | Q(pk__in=live.exclude(unwanted_since=None))
        | Q(pk__in=LedgerEntry.objects.to_be_given_back().values("subscription"))
    )
    for subscription in unwanted:
        yield Discrepancy.Kind.UNWANTED, subscription.stripe_id, "is paid beside another one, or for nothing"


def _mend_event(event_id: str) -> None:
    event, payload = retrieve_event(event_id)
    events.apply_event(events.store_event(event, payload).pk)


def _mend_subscription(subscription_id: str) -> None:
    """As Stripe says; where it knows nothing, nothing can be charged, so it has ended."""
    try:
        apply_subscription(subscription_id, cause="reconcile")
    except Gone:
        record_unknown_to_stripe(subscription_id, cause="reconcile")


_MENDING: dict[str, Callable[[str], object]] = {
    Discrepancy.Kind.EVENT: _mend_event,
    Discrepancy.Kind.CHECKOUT: lambda stripe_id: apply_session(stripe_id, cause="reconcile"),
    Discrepancy.Kind.SUBSCRIPTION: _mend_subscription,
    Discrepancy.Kind.PAYMENT: lambda stripe_id: apply_invoice(stripe_id, cause="reconcile"),
    Discrepancy.Kind.REFUND: lambda stripe_id: apply_refund(stripe_id, cause="reconcile"),
    Discrepancy.Kind.DISPUTE: lambda stripe_id: apply_dispute(stripe_id, cause="reconcile"),
    Discrepancy.Kind.CUSTOMER: lambda stripe_id: apply_customer(stripe_id, cause="reconcile"),
    Discrepancy.Kind.UNWANTED: lambda stripe_id: end_duplicates(
        Subscription.objects.get(stripe_id=stripe_id), cause="reconcile"
    ),
}
