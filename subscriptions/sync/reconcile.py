"""Compares Stripe's books with ours, in both directions: by `manage.py reconcile`, and each night by the worker.

Each discrepancy is a row in the admin until it is fixed, by applying its object again with the functions that events
use. Nothing here writes what it believes to be right.
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
from subscriptions.sync.records import NotOurs, copied_fields, is_begun_here, record_unknown_to_stripe

EVENTS_SINCE = timedelta(days=30)  # as long as Stripe stores an event
EVENT_LATE_AFTER = timedelta(hours=1)

Found = tuple[Discrepancy.Kind, str, str]


def reconcile(*, fix: bool) -> list[Discrepancy]:
    """List the discrepancies, and with `fix` fix them. Raises Unreachable if Stripe does not answer.

    Fixing one may reveal the next (the payments of a subscription that was missing): with `fix` it compares again until
    nothing new is found.
    """
    listed: dict[int, Discrepancy] = {}
    tried: set[tuple[str, str]] = set()
    while True:
        new = [discrepancy for discrepancy in _update_list() if discrepancy.pk not in listed]
        listed |= {discrepancy.pk: discrepancy for discrepancy in new}
        if not (fix and new):  # the last comparison has closed what was fixed along with another
            return list(Discrepancy.objects.filter(pk__in=listed).order_by("pk"))
        for discrepancy in new:
            name = (discrepancy.kind, discrepancy.stripe_id)
            if name in tried:
                discrepancy.error = "is still so after it was applied once more"
                discrepancy.save()
            else:
                tried.add(name)
                fix_discrepancy(discrepancy, by=None)


def fix_discrepancy(discrepancy: Discrepancy, *, by: User | None) -> bool:
    """Apply the object again. Return False if that was not possible. Raises Unreachable."""
    if discrepancy.mended_at is not None:
        return True
    try:
        _FIXES[discrepancy.kind](discrepancy.stripe_id)
    except (Refused, NotOurs) as error:
        discrepancy.error = f"{type(error).__name__}: {error}"[:300]
        discrepancy.save()
        return False
    discrepancy.mended_at, discrepancy.mended_by, discrepancy.error = timezone.now(), by, ""
    discrepancy.save()
    return True


def _update_list() -> Iterator[Discrepancy]:
    """Yield the open discrepancies as they are now, and close those that are gone."""
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
    for source in (_events, _customers, _checkouts, _subscriptions, _payments, _returns, _unwanted):
        yield from source()


def _events() -> Iterator[Found]:
    """Yield events that Stripe could not deliver, and those that were delivered and not applied."""
    applied = StripeEvent.objects.exclude(applied_at=None)
    for event in list_undelivered_events(EVENT_TYPES, timezone.now() - EVENTS_SINCE):
        if not applied.filter(stripe_id=event.id).exists():
            yield Discrepancy.Kind.EVENT, event.id, f"{event.type} did not reach us"
    before = timezone.now() - EVENT_LATE_AFTER
    for stored in StripeEvent.objects.filter(applied_at=None, received_at__lt=before):
        yield Discrepancy.Kind.EVENT, stored.stripe_id, f"{stored.type} was not applied: {stored.error}"


def _customers() -> Iterator[Found]:
    for customer_id in Customer.objects.exclude(stripe_id=None).values_list("stripe_id", flat=True):
        if is_deleted(str(customer_id)):
            yield Discrepancy.Kind.CUSTOMER, str(customer_id), "was deleted at Stripe"


def _checkouts() -> Iterator[Found]:
    """Yield payment pages on which something happened that is not recorded here."""
    ours = {str(checkout.public_id): checkout for checkout in Checkout.objects.all()}
    for session in list_sessions():
        checkout = ours.get(session.checkout or "")
        if checkout is None or checkout.status == Checkout.Status.PAID:
            continue
        if session.paid or (checkout.stripe_session_id == session.id and _has_changed(checkout, session)):
            yield Discrepancy.Kind.CHECKOUT, session.id, f"here {checkout.get_status_display()}, there it is not"


def _has_changed(checkout: Checkout, session: Session) -> bool:
    match checkout.status:
        case Checkout.Status.OPEN:
            return not session.open
        case Checkout.Status.WAITING:
            return session.refused
    return False


def _subscriptions() -> Iterator[Found]:
    """Yield subscriptions that are missing here, that differ, or that Stripe does not know."""
    ours = {subscription.stripe_id: subscription for subscription in Subscription.objects.all()}
    customers = set(Customer.objects.values_list("stripe_id", flat=True))
    for theirs in list_subscriptions():
        known = ours.pop(theirs.id, None)
        if known is None:
            if theirs.customer in customers or is_begun_here(theirs.checkout):
                yield Discrepancy.Kind.SUBSCRIPTION, theirs.id, f"is {theirs.status} at Stripe and missing here"
            continue
        differing = [name for name, value in copied_fields(theirs).items() if getattr(known, name) != value]
        if differing:
            yield Discrepancy.Kind.SUBSCRIPTION, theirs.id, f"differs in {', '.join(differing)}"
    for stripe_id, unknown in ours.items():
        if unknown.ended_at is None:
            yield Discrepancy.Kind.SUBSCRIPTION, stripe_id, f"is {unknown.status} here and unknown to Stripe"


def _payments() -> Iterator[Found]:
    """Yield paid months that are missing on one side, or that differ."""
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


def _returns() -> Iterator[Found]:
    """Yield refunds and disputes of our payments that differ."""
    ours = set(LedgerEntry.objects.payments().values_list("payment_intent", flat=True))
    returned = LedgerEntry.objects.exclude(kind=LedgerEntry.Kind.PAYMENT).values_list("stripe_id")
    here: dict[str, int] = dict(returned.annotate(Sum("amount")))
    for refund in list_refunds():
        there = 0 if refund.failed else -refund.amount
        if refund.payment_intent in ours and here.get(refund.id) != there:
            yield Discrepancy.Kind.REFUND, refund.id, f"is {here.get(refund.id, 'missing')} here and {there} there"
    for dispute in list_disputes():
        there = dispute.net
        if dispute.payment_intent in ours and here.get(dispute.id, 0) != there:
            yield Discrepancy.Kind.DISPUTE, dispute.id, f"is {here.get(dispute.id, 'missing')} here and {there} there"


def _unwanted() -> Iterator[Found]:
    """Yield duplicate subscriptions, those of nobody, and those with a payment to be refunded."""
    chargeable = Subscription.objects.chargeable()
    several = chargeable.values("user").annotate(several=Count("pk")).filter(several__gt=1, user__isnull=False)
    unwanted = Subscription.objects.filter(
        Q(pk__in=chargeable.filter(user__in=several.values("user")))
        | Q(pk__in=chargeable.exclude(unwanted_since=None))
        | Q(pk__in=LedgerEntry.objects.to_be_refunded().values("subscription"))
    )
    for subscription in unwanted:
        yield Discrepancy.Kind.UNWANTED, subscription.stripe_id, "is paid beside another one, or for nothing"


def _fix_event(event_id: str) -> None:
    events.apply_event(events.store_event(retrieve_event(event_id)).pk)


def _fix_subscription(subscription_id: str) -> None:
    """Copy what Stripe says. What Stripe does not know cannot be charged, so it has ended."""
    try:
        apply_subscription(subscription_id, cause="reconcile")
    except Gone:
        record_unknown_to_stripe(subscription_id, cause="reconcile")


_FIXES: dict[str, Callable[[str], object]] = {
    Discrepancy.Kind.EVENT: _fix_event,
    Discrepancy.Kind.CHECKOUT: lambda stripe_id: apply_session(stripe_id, cause="reconcile"),
    Discrepancy.Kind.SUBSCRIPTION: _fix_subscription,
    Discrepancy.Kind.PAYMENT: lambda stripe_id: apply_invoice(stripe_id, cause="reconcile"),
    Discrepancy.Kind.REFUND: lambda stripe_id: apply_refund(stripe_id, cause="reconcile"),
    Discrepancy.Kind.DISPUTE: lambda stripe_id: apply_dispute(stripe_id, cause="reconcile"),
    Discrepancy.Kind.CUSTOMER: lambda stripe_id: apply_customer(stripe_id, cause="reconcile"),
    Discrepancy.Kind.UNWANTED: lambda stripe_id: end_duplicates(
        Subscription.objects.get(stripe_id=stripe_id), cause="reconcile"
    ),
}
