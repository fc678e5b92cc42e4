"""Compares Stripe's books with ours, in both directions: by `manage.py reconcile`, and each night by the worker.

Each discrepancy is a row in the admin until it is fixed, by applying its object again with the functions that events
use. Nothing here writes what it believes to be right.

The nightly run lists what was created since shortly before the last one; what has changed since then is in Stripe's
events. A full run lists everything, in windows of 30 days. Both go page by page, with no request for what is equal.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Count, Min, Q, Sum
from django.urls import reverse
from django.utils import timezone

from newsroom.models import User
from subscriptions import customers
from subscriptions.models import (
    Checkout,
    Customer,
    Discrepancy,
    Dispute,
    LedgerEntry,
    ReconciliationRun,
    StripeEvent,
    Subscription,
)
from subscriptions.stripe import books
from subscriptions.stripe.books import Unreadable, Window, problem_of
from subscriptions.stripe.checkout_sessions import Session, retrieve_session
from subscriptions.stripe.customers import StripeCustomer, retrieve_customer
from subscriptions.stripe.disputes import StripeDispute, retrieve_dispute
from subscriptions.stripe.errors import Gone, Refused, Unreachable
from subscriptions.stripe.events import Event, retrieve_event
from subscriptions.stripe.invoices import Invoice, retrieve_invoice
from subscriptions.stripe.refunds import Refund, retrieve_refund
from subscriptions.stripe.setup import EVENT_TYPES, endpoint_problem
from subscriptions.stripe.subscriptions import StripeSubscription, retrieve_subscription
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
from subscriptions.sync.records import NotOurs, copied_fields, is_begun_here, is_foreign, record_unknown_to_stripe

EVENT_RETENTION = timedelta(days=30)  # as long as Stripe stores an event
EVENT_LATE_AFTER = timedelta(hours=1)
OVERLAP = timedelta(days=7)  # with the run before: for what was on its way then
WINDOW = timedelta(days=30)
RESUMED_WITHIN = timedelta(days=1)
MAX_ROUNDS = 5  # of events that follow from what was fixed

Found = tuple[Discrepancy.Kind, str, str]  # kind, id, words

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Book:
    """One kind of Stripe's objects, and how to compare it with ours.

    `differing` yields the id of each object of a page that differs, with what differs in words. `ours` returns ids that
    Stripe should have, of those that it may have created in a window; `unknown` says so of one that it does not have.
    """

    kind: Discrepancy.Kind
    prefixes: tuple[str, ...]  # of Stripe's ids
    pages: Callable[[Window], Iterator[list[Any]]]
    retrieve: Callable[[str], Any]
    differing: Callable[[Sequence[Any]], Iterable[tuple[str, str]]]
    fix: Callable[[str], object]
    ours: Callable[[Window], Iterable[str]] = lambda window: ()
    unknown: Callable[[str], str] = lambda stripe_id: ""
    dated: bool = True  # ours have a date; else a full run compares all at once

    def check(self, stripe_id: str) -> str:
        """Return what differs about one object; empty if nothing does. Raises Unreachable."""
        try:
            found = self.retrieve(stripe_id)
        except Gone:
            return self.unknown(stripe_id)
        return next((words for _, words in self.differing([found])), "")


def reconcile(*, fix: bool, full: bool = False) -> list[Discrepancy]:
    """List the discrepancies, and with `fix` fix them. Raises Unreachable if Stripe does not answer.

    A run that was stopped goes on where it was, if it is called again within a day.
    """
    return _Reconciliation(_run(fix=fix, full=full)).run()


def fix_discrepancy(discrepancy: Discrepancy, *, by: User | None) -> bool:
    """Apply the object again. Return False if it still differs. Raises Unreachable."""
    if discrepancy.mended_at is not None:
        return True
    _, error = _attempt(_FIXES[discrepancy.kind], discrepancy.stripe_id)
    if not error and still_so(discrepancy):
        error = "is still so after it was applied once more"
    discrepancy.error = error[:300]
    if not error:
        discrepancy.mended_at, discrepancy.mended_by = timezone.now(), by
    discrepancy.save()
    return not error


def still_so(discrepancy: Discrepancy) -> bool:
    """Return True if a look at this one object finds the discrepancy again. Raises Unreachable."""
    differs, problem = _attempt(_check, Discrepancy.Kind(discrepancy.kind), discrepancy.stripe_id)
    return bool(differs or problem)


def _attempt(function: Callable[..., Any], *about: Any) -> tuple[Any, str]:
    """Do something about one object. Return the result, or why it failed: that must not end a run.

    Only what concerns all objects is raised: Stripe or the database does not answer.
    """
    try:
        return function(*about), ""
    except (Unreachable, OperationalError, InterfaceError):
        raise
    except (Refused, NotOurs) as error:
        return None, f"{type(error).__name__}: {error}"
    except Exception as error:
        logger.warning("A reconciliation goes on after an object that it could not read", exc_info=True)
        return None, problem_of(error)


def _run(*, fix: bool, full: bool) -> ReconciliationRun:
    """Return the run that was stopped, or a new one."""
    now = timezone.now()
    latest = ReconciliationRun.objects.filter(fix=fix, full=full).first()
    if latest and latest.finished_at is None and latest.started_at > now - RESUMED_WITHIN:
        return latest
    if full:
        first = Checkout.objects.aggregate(first=Min("created_at"))["first"] or now
        started = Subscription.objects.aggregate(first=Min("started_at"))["first"] or now
        return ReconciliationRun.objects.create(full=True, fix=fix, since=min(first, started))
    before = ReconciliationRun.objects.filter(fix=True).exclude(finished_at=None).first()
    since = max(before.started_at - OVERLAP, now - EVENT_RETENTION) if before else now - EVENT_RETENTION
    return ReconciliationRun.objects.create(full=False, fix=fix, since=since)


class _Reconciliation:
    """One run of the program over the steps of a run."""

    def __init__(self, run: ReconciliationRun) -> None:
        self.of = run
        self.listed: dict[int, Discrepancy] = {}
        self.fixed = False

    def run(self) -> list[Discrepancy]:
        run = self.of
        steps: list[Callable[[], None]] = [
            self._look_again,
            lambda: self._compare(_EVENTS),
            lambda: self._list(_events_not_applied()),
            *(lambda book=book: self._compare(book) for book in _BOOKS),
            lambda: self._list(_addresses()),
            lambda: self._list(_unwanted()),
            lambda: self._list(_not_understood()),
            self._follow_up,
            self._close_what_is_gone,
            self._look_at_endpoint,
        ]
        try:
            for step in steps[run.steps_done :]:
                step()
                run.steps_done, run.windows_done = run.steps_done + 1, 0
                run.save()
        except Exception as error:
            run.error = problem_of(error)
            run.save()
            raise
        run.finished_at, run.error = timezone.now(), ""
        run.save()
        return list(Discrepancy.objects.filter(pk__in=self.listed).order_by("pk"))

    def _look_again(self) -> None:
        """Close what is gone of the open discrepancies, and list the others again."""
        for old in Discrepancy.objects.filter(mended_at=None).iterator():
            if still_so(old):
                self._listed(old)
            else:
                _close(old)

    def _compare(self, book: Book) -> None:
        """Compare a book in each window that is left.

        What we have in a window may have been created in the one before it, as an invoice is before it is paid. What is
        in neither is asked for by itself.
        """
        windows = self._windows(book)
        before: set[str] = set()
        done = self.of.windows_done
        for number, window in enumerate(windows):
            if number < done - 1:
                continue
            seen: set[str] = set()
            for page in book.pages(window):
                seen |= {each.id for each in page}
                if number >= done:
                    self._list(_differing(book, page))
            if number >= done:
                missing = [stripe_id for stripe_id in book.ours(window) if stripe_id not in seen | before]
                self._list(_still_differing(book, missing))
                self.of.windows_done = number + 1
                self.of.save()
            before = seen

    def _windows(self, book: Book) -> list[Window]:
        run = self.of
        if book is _EVENTS or not run.full:
            return [Window(max(run.since, run.started_at - EVENT_RETENTION))]
        if not book.dated:
            return [Window()]
        windows, since, until = [], None, run.since + WINDOW
        while until < run.started_at:
            windows.append(Window(since, until))
            since, until = until, until + WINDOW
        return [*windows, Window(since)]

    def _follow_up(self) -> None:
        """Apply the events that follow from what was fixed, and those that follow from them."""
        for _ in range(MAX_ROUNDS):
            if not self.fixed:
                return
            self.fixed = False
            self.of.windows_done = 0
            self._compare(_EVENTS)

    def _close_what_is_gone(self) -> None:
        """Close what only a person could decide about, if what was fixed since has settled it."""
        for old in Discrepancy.objects.filter(pk__in=self.listed, mended_at=None):
            if self.of.fix and _is_for_a_person(old) and not still_so(old):
                _close(old)

    def _look_at_endpoint(self) -> None:
        self.of.endpoint_problem = endpoint_problem(settings.SITE_URL + reverse("stripe_webhook"))[:300]

    def _list(self, found: Iterable[Found]) -> None:
        for kind, stripe_id, words in found:
            discrepancy, _ = Discrepancy.objects.get_or_create(
                kind=kind, stripe_id=stripe_id, mended_at=None, defaults={"words": words[:300]}
            )
            self._listed(discrepancy)

    def _listed(self, discrepancy: Discrepancy) -> None:
        """Fix it, once in a run. What only a person can decide stays on the list."""
        if discrepancy.pk in self.listed:
            return
        self.listed[discrepancy.pk] = discrepancy
        if self.of.fix and not _is_for_a_person(discrepancy):
            fix_discrepancy(discrepancy, by=None)
            self.fixed = True


def _close(discrepancy: Discrepancy) -> None:
    discrepancy.mended_at, discrepancy.error = timezone.now(), "gone when it was looked at again"
    discrepancy.save()


def _differing(book: Book, page: Sequence[Any]) -> Iterator[Found]:
    """Yield what differs in a page. Where comparing it fails, each object is compared by itself."""
    for each in page:
        if isinstance(each, Unreadable):
            yield Discrepancy.Kind.SHAPE, each.id, f"cannot be read: {each.problem}"
    readable = [each for each in page if not isinstance(each, Unreadable)]
    found, problem = _attempt(_compared, book, readable)
    if problem:
        found = []
        for each in readable:
            differing, problem = _attempt(_compared, book, [each])
            found += differing or []
            if problem:
                yield Discrepancy.Kind.SHAPE, each.id, f"cannot be compared: {problem}"
    for stripe_id, words in found:
        yield book.kind, stripe_id, words


def _compared(book: Book, objects: Sequence[Any]) -> list[tuple[str, str]]:
    return list(book.differing(objects))


def _still_differing(book: Book, missing: Iterable[str]) -> Iterator[Found]:
    for stripe_id in missing:
        words, problem = _attempt(book.check, stripe_id)
        if problem:
            yield Discrepancy.Kind.SHAPE, stripe_id, f"cannot be read: {problem}"
        elif words:
            yield book.kind, stripe_id, words


def _check(kind: Discrepancy.Kind, stripe_id: str) -> str:
    """Return what differs about one object; empty if nothing does."""
    if kind == Discrepancy.Kind.UNWANTED:
        return _check_unwanted(stripe_id)
    if kind == Discrepancy.Kind.SHAPE:
        return _check_shape(stripe_id)
    if kind == Discrepancy.Kind.EVENT:
        stored = StripeEvent.objects.filter(stripe_id=stripe_id).first()
        if stored:
            return "" if stored.applied_at else f"{stored.type} was not applied: {stored.error}"
    if kind == Discrepancy.Kind.CUSTOMER and not Customer.objects.filter(stripe_id=stripe_id).exists():
        return ""
    return next(book for book in (_EVENTS, *_BOOKS) if book.kind == kind).check(stripe_id)


# Events


def _events_that_never_came(page: Sequence[Event]) -> Iterator[tuple[str, str]]:
    """Yield the events that Stripe has and we have not. Those about others' customers are not missed."""
    stored = set(
        StripeEvent.objects.filter(stripe_id__in=[event.id for event in page]).values_list("stripe_id", flat=True)
    )
    lost = [event for event in page if event.id not in stored]
    about = {event.id: _customer_of(event) for event in lost}
    ours = set(Customer.objects.filter(stripe_id__in=filter(None, about.values())).values_list("stripe_id", flat=True))
    for event in lost:
        if about[event.id] is None or about[event.id] in ours:
            yield event.id, f"{event.type} did not reach us"


def _customer_of(event: Event) -> str | None:
    subject = json.loads(event.payload)["data"]["object"]
    customer = subject.get("id") if subject.get("object") == "customer" else subject.get("customer")
    return customer if isinstance(customer, str) else None


def _events_not_applied() -> Iterator[Found]:
    before = timezone.now() - EVENT_LATE_AFTER
    for stored in StripeEvent.objects.filter(applied_at=None, received_at__lt=before).defer("payload").iterator():
        yield Discrepancy.Kind.EVENT, stored.stripe_id, f"{stored.type} was not applied: {stored.error}"


def _fix_event(event_id: str) -> None:
    stored = StripeEvent.objects.filter(stripe_id=event_id).first()
    events.apply_event((stored or events.store_event(retrieve_event(event_id))).pk)


# Customers


def _differing_customers(page: Sequence[StripeCustomer]) -> Iterator[tuple[str, str]]:
    ours = Customer.objects.filter(stripe_id__in=[each.id for each in page]).select_related("user")
    theirs = {each.id: each for each in page}
    for customer in ours:
        stripe_id = str(customer.stripe_id)
        if theirs[stripe_id].deleted:
            yield stripe_id, "was deleted at Stripe"
            continue
        if customer.email != theirs[stripe_id].email:
            Customer.objects.filter(pk=customer.pk).update(email=theirs[stripe_id].email)
        if customer.user.email and customer.user.email != theirs[stripe_id].email:
            yield stripe_id, "has another e-mail address at Stripe"


def _our_customers(window: Window) -> Iterable[str]:
    if window.since is not None:  # of those that are not new, the events tell
        return ()
    return [str(each) for each in Customer.objects.exclude(stripe_id=None).values_list("stripe_id", flat=True)]


def _addresses() -> Iterator[Found]:
    """Yield the customers whose change of address has not reached Stripe."""
    for customer in customers.outdated().iterator():
        yield Discrepancy.Kind.CUSTOMER, str(customer.stripe_id), "has another e-mail address at Stripe"


def _fix_customer(customer_id: str) -> None:
    if apply_customer(customer_id, cause="reconcile"):
        customers.send_email_address(Customer.objects.get(stripe_id=customer_id).pk)


# Checkouts


def _differing_checkouts(page: Sequence[Session]) -> Iterator[tuple[str, str]]:
    """Yield payment pages on which something happened that is not recorded here."""
    named = {session.checkout for session in page if session.checkout}
    ours = {str(each.public_id): each for each in Checkout.objects.filter(public_id__in=_uuids(named))}
    for session in page:
        checkout = ours.get(session.checkout or "")
        if checkout is None or checkout.status == Checkout.Status.PAID:
            continue
        if session.paid or (checkout.stripe_session_id == session.id and _has_changed(checkout, session)):
            yield session.id, f"here {checkout.get_status_display()}, there it is not"


def _uuids(named: Iterable[str]) -> list[str]:
    """Return those that can be the public id of a checkout. Another site of the account may send anything."""
    return [each for each in named if len(each) == 36 and not set(each) - set("0123456789abcdef-")]


def _has_changed(checkout: Checkout, session: Session) -> bool:
    match checkout.status:
        case Checkout.Status.OPEN:
            return not session.open
        case Checkout.Status.WAITING:
            return session.refused
    return False


# Subscriptions


def _differing_subscriptions(page: Sequence[StripeSubscription]) -> Iterator[tuple[str, str]]:
    ours = {each.stripe_id: each for each in Subscription.objects.filter(stripe_id__in=[each.id for each in page])}
    customers_here = set(
        Customer.objects.filter(stripe_id__in={each.customer for each in page}).values_list("stripe_id", flat=True)
    )
    for theirs in page:
        if is_foreign(theirs):
            continue
        known = ours.get(theirs.id)
        if known is None:
            if theirs.customer in customers_here or is_begun_here(theirs.checkout):
                yield theirs.id, f"is {theirs.status} at Stripe and missing here"
            continue
        differing = [name for name, value in copied_fields(theirs).items() if getattr(known, name) != value]
        if differing:
            yield theirs.id, f"differs in {', '.join(differing)}"


def _our_subscriptions(window: Window) -> Iterator[str]:
    for stripe_id, started in Subscription.objects.filter(ended_at=None).values_list("stripe_id", "started_at"):
        if window.holds(started):
            yield stripe_id


def _unknown_subscription(stripe_id: str) -> str:
    known = Subscription.objects.filter(stripe_id=stripe_id, ended_at=None).first()
    return f"is {known.status} here and unknown to Stripe" if known else ""


def _fix_subscription(subscription_id: str) -> None:
    """Copy what Stripe says. What Stripe does not know cannot be charged, so it has ended."""
    try:
        apply_subscription(subscription_id, cause="reconcile")
    except Gone:
        record_unknown_to_stripe(subscription_id, cause="reconcile")


# Payments, and what was returned of them


def _differing_payments(page: Sequence[Invoice]) -> Iterator[tuple[str, str]]:
    """Yield paid months that are missing on one side, or that differ."""
    entries = LedgerEntry.objects.payments().filter(stripe_id__in=[invoice.id for invoice in page])
    ours = {entry.stripe_id: entry for entry in entries}
    known = set(
        Subscription.objects.filter(
            stripe_id__in=[invoice.subscription for invoice in page if invoice.subscription]
        ).values_list("stripe_id", flat=True)
    )
    for invoice in page:
        entry = ours.get(invoice.id)
        if entry is None:
            if invoice.paid and invoice.subscription in known:
                yield invoice.id, "was paid, and is not in the ledger"
        elif not invoice.paid:
            yield invoice.id, _NOT_PAID
        elif not entry.payment_intent and invoice.payment_intent:
            yield invoice.id, "does not say which payment it was"
        elif entry.amount != invoice.amount_paid:
            yield invoice.id, f"is {entry.amount} here and {invoice.amount_paid} there"


_NOT_PAID = "is in the ledger, and not paid at Stripe"


def _in_ledger(*kinds: LedgerEntry.Kind, **only: object) -> Callable[[Window], Iterator[str]]:
    def ours(window: Window) -> Iterator[str]:
        entries = LedgerEntry.objects.filter(kind__in=kinds, **only)
        if window.since:
            entries = entries.filter(occurred_at__gte=window.since)
        if window.until:
            entries = entries.filter(occurred_at__lt=window.until)
        yield from entries.values_list("stripe_id", flat=True).distinct().order_by("stripe_id")

    return ours


def _unknown_entry(stripe_id: str) -> str:
    return _NOT_PAID if LedgerEntry.objects.filter(stripe_id=stripe_id).exists() else ""


def _returned(page: Sequence[Refund] | Sequence[StripeDispute]) -> tuple[set[str], dict[str, int]]:
    """Return our payments that these are about, and what we have recorded of these."""
    intents = [each.payment_intent for each in page if each.payment_intent]
    ours = set(
        LedgerEntry.objects.payments().filter(payment_intent__in=intents).values_list("payment_intent", flat=True)
    )
    recorded = LedgerEntry.objects.filter(stripe_id__in=[each.id for each in page])
    recorded = recorded.exclude(kind=LedgerEntry.Kind.PAYMENT).order_by()
    return ours, dict(recorded.values_list("stripe_id").annotate(Sum("amount")))


def _differing_refunds(page: Sequence[Refund]) -> Iterator[tuple[str, str]]:
    ours, here = _returned(page)
    for refund in page:
        there = 0 if refund.failed else -refund.amount
        if refund.payment_intent in ours and here.get(refund.id) != there:
            yield refund.id, f"is {here.get(refund.id, 'missing')} here and {there} there"


def _differing_disputes(page: Sequence[StripeDispute]) -> Iterator[tuple[str, str]]:
    ours, here = _returned(page)
    known = dict(Dispute.objects.filter(stripe_id__in=[each.id for each in page]).values_list("stripe_id", "status"))
    for dispute in page:
        if dispute.payment_intent not in ours:
            continue
        if here.get(dispute.id, 0) != dispute.net:
            yield dispute.id, f"is {here.get(dispute.id, 'missing')} here and {dispute.net} there"
        elif known.get(dispute.id) != dispute.status:
            yield dispute.id, f"is {known.get(dispute.id, 'missing')} here and {dispute.status} there"


# What our own tables show


def _unwanted() -> Iterator[Found]:
    """Yield duplicate subscriptions, those of nobody, and those with a payment to be refunded."""
    for subscription in _paid_for_nothing().iterator():
        yield Discrepancy.Kind.UNWANTED, subscription.stripe_id, _why_unwanted(subscription)


def _paid_for_nothing() -> Any:
    """Return them. Where one of a reader's two was not begun here, that one is for the publisher to decide about."""
    chargeable = Subscription.objects.chargeable()
    several = chargeable.filter(user__isnull=False).order_by().values("user")
    several = several.annotate(all=Count("pk"), own=Count("pk", filter=Q(begun_here=True))).filter(all__gt=1)
    return Subscription.objects.filter(
        Q(pk__in=chargeable.filter(begun_here=True, user__in=several.filter(own__gt=1).values("user")))
        | Q(pk__in=chargeable.filter(begun_here=False, user__in=several.values("user")))
        | Q(pk__in=chargeable.exclude(unwanted_since=None))
        | Q(pk__in=LedgerEntry.objects.to_be_refunded().values("subscription"))
    )


def _why_unwanted(subscription: Subscription) -> str:
    if subscription.begun_here:
        return "is paid beside another one, or for nothing"
    return (
        "was not begun here, and is paid beside another one or for nothing: end one at Stripe if the reader wants one"
    )


def _check_unwanted(stripe_id: str) -> str:
    listed = _paid_for_nothing().filter(stripe_id=stripe_id).first()
    if listed is not None:
        return _why_unwanted(listed)
    if Subscription.objects.filter(stripe_id=stripe_id).exists():
        return ""
    try:  # of a reader who has left (erasure.py)
        ended = retrieve_subscription(stripe_id).status in Subscription.ENDED
    except Gone:
        ended = True
    return "" if ended else "is still charged"


def _not_understood() -> Iterator[Found]:
    for subscription in Subscription.objects.exclude(not_understood="").filter(ended_at=None).iterator():
        yield (
            Discrepancy.Kind.SHAPE,
            subscription.stripe_id,
            f"its price is not understood: {subscription.not_understood}",
        )


def _check_shape(stripe_id: str) -> str:
    known = Subscription.objects.filter(stripe_id=stripe_id, ended_at=None).exclude(not_understood="").first()
    if known is not None:
        return known.not_understood
    book = next((each for each in (_EVENTS, *_BOOKS) if stripe_id.startswith(each.prefixes)), None)
    if book is not None:
        book.check(stripe_id)  # raises what cannot be read
    return ""


def _is_for_a_person(discrepancy: Discrepancy) -> bool:
    if discrepancy.kind == Discrepancy.Kind.SHAPE:
        return True
    begun_here = Subscription.objects.filter(stripe_id=discrepancy.stripe_id, begun_here=True)
    return discrepancy.kind == Discrepancy.Kind.UNWANTED and not begun_here.exists()


def _fix_unwanted(subscription_id: str) -> None:
    for subscription in Subscription.objects.filter(stripe_id=subscription_id):
        end_duplicates(subscription, cause="reconcile")


_EVENTS = Book(
    kind=Discrepancy.Kind.EVENT,
    prefixes=("evt_",),
    pages=lambda window: books.event_pages(EVENT_TYPES, window),
    retrieve=retrieve_event,
    differing=_events_that_never_came,
    fix=_fix_event,
)
# In this order each finds what follows from those before it.
_BOOKS = [
    Book(
        kind=Discrepancy.Kind.CUSTOMER,
        prefixes=("cus_",),
        pages=books.customer_pages,
        retrieve=retrieve_customer,
        differing=_differing_customers,
        fix=_fix_customer,
        ours=_our_customers,
        unknown=lambda stripe_id: "was deleted at Stripe",
        dated=False,
    ),
    Book(
        kind=Discrepancy.Kind.CHECKOUT,
        prefixes=("cs_",),
        pages=books.session_pages,
        retrieve=retrieve_session,
        differing=_differing_checkouts,
        fix=lambda stripe_id: apply_session(stripe_id, cause="reconcile"),
    ),
    Book(
        kind=Discrepancy.Kind.SUBSCRIPTION,
        prefixes=("sub_",),
        pages=books.subscription_pages,
        retrieve=retrieve_subscription,
        differing=_differing_subscriptions,
        fix=_fix_subscription,
        ours=_our_subscriptions,
        unknown=_unknown_subscription,
    ),
    Book(
        kind=Discrepancy.Kind.PAYMENT,
        prefixes=("in_",),
        pages=books.paid_invoice_pages,
        retrieve=retrieve_invoice,
        differing=_differing_payments,
        fix=lambda stripe_id: apply_invoice(stripe_id, cause="reconcile"),
        ours=_in_ledger(LedgerEntry.Kind.PAYMENT, donation=None),
        unknown=_unknown_entry,
    ),
    Book(
        kind=Discrepancy.Kind.REFUND,
        prefixes=("re_", "pyr_"),
        pages=books.refund_pages,
        retrieve=retrieve_refund,
        differing=_differing_refunds,
        fix=lambda stripe_id: apply_refund(stripe_id, cause="reconcile"),
        ours=_in_ledger(LedgerEntry.Kind.REFUND),
        unknown=_unknown_entry,
    ),
    Book(
        kind=Discrepancy.Kind.DISPUTE,
        prefixes=("du_", "dp_"),
        pages=books.dispute_pages,
        retrieve=retrieve_dispute,
        differing=_differing_disputes,
        fix=lambda stripe_id: apply_dispute(stripe_id, cause="reconcile"),
        ours=_in_ledger(LedgerEntry.Kind.DISPUTE),
        unknown=_unknown_entry,
    ),
]
_FIXES: dict[str, Callable[[str], object]] = {
    **{book.kind.value: book.fix for book in (_EVENTS, *_BOOKS)},
    Discrepancy.Kind.UNWANTED.value: _fix_unwanted,
    Discrepancy.Kind.SHAPE.value: lambda stripe_id: None,  # looked at again, which is all that can be done here
}
