"""Our copy of what Stripe says: each function locks one object, fetches it, and writes what it says now, any number of
times and in any order. What follows from it is in `transitions.py`, after the transaction has ended.
"""

import uuid
from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.utils import timezone

from newsroom.db.advisory_locks import advisory_lock
from newsroom.models import User
from subscriptions import emails
from subscriptions.models import (
    Checkout,
    Customer,
    Donation,
    LedgerEntry,
    Subscription,
    SubscriptionChange,
    SupportEmail,
)
from subscriptions.stripe import payments, subscriptions
from subscriptions.stripe.checkout_sessions import Session, retrieve_session
from subscriptions.stripe.disputes import retrieve_dispute
from subscriptions.stripe.invoices import Invoice, card_problem
from subscriptions.stripe.refunds import retrieve_refund
from subscriptions.stripe.subscriptions import retrieve_subscription


class NotOurs(Exception):
    """The object belongs to another product of the same Stripe account."""


class SubscriptionFacts(TypedDict):
    """What of a subscription we copy as it is."""

    status: str
    amount: int
    currency: str
    started_at: datetime
    current_period_end: datetime
    cancel_at: datetime | None
    ended_at: datetime | None


def facts_of(told: subscriptions.Subscription) -> SubscriptionFacts:
    return {
        "status": told.status,
        "amount": told.amount,
        "currency": told.currency,
        "started_at": told.started,
        "current_period_end": told.current_period_end,
        "cancel_at": told.cancel_at if told.status not in ("canceled", "incomplete_expired") else None,
        "ended_at": told.ended,
    }


@transaction.atomic
def record_session(session_id: str, *, failed: bool = False) -> tuple[Checkout, Session]:
    """Settle the checkout of this session. A gift counts only once its money is certain."""
    advisory_lock(session_id)
    session = retrieve_session(session_id)
    checkout = _checkout(session.checkout, f"Session {session.id}")
    problem, checkout.card_problem = checkout.card_problem, session.problem or ""
    # What an earlier, unpaid session says is nothing to the one that followed it.
    unpaid = checkout.status in (Checkout.Status.OPEN, Checkout.Status.WAITING)
    current = unpaid and checkout.stripe_session_id == session.id
    if session.paid and checkout.status != Checkout.Status.PAID:
        if checkout.kind == Checkout.Kind.DONATION:
            _record_donation(checkout, session)
        checkout.status = Checkout.Status.PAID
        checkout.stripe_session_id = session.id
        checkout.save()
    elif session.complete and not session.paid and current:
        refused = failed or session.refused
        checkout.status = Checkout.Status.EXPIRED if refused else Checkout.Status.WAITING
        checkout.save()
    elif session.expired and current:
        checkout.status = Checkout.Status.EXPIRED
        checkout.save()
    elif checkout.card_problem != problem:
        checkout.save()
    return checkout, session


@transaction.atomic
def record_card_refusals(charge_id: str) -> Checkout:
    """Count the cards that were refused on a gift's payment page."""
    public_id, refusals = payments.card_refusals(charge_id)
    if public_id is None:
        raise NotOurs(f"Charge {charge_id} is of no gift.")
    checkout = _checkout(public_id, f"Charge {charge_id}")
    checkout.refusals = max(checkout.refusals, refusals)  # it only grows: an older answer may come in later
    checkout.save(update_fields=["refusals"])
    return checkout


@transaction.atomic
def record_fraud_warning(payment: LedgerEntry, at: datetime) -> None:
    """A bank says that this payment may be fraud."""
    LedgerEntry.objects.filter(pk=payment.pk).update(warned_at=at)


@transaction.atomic
def record_subscription(subscription_id: str, *, cause: str) -> Subscription:
    """Bring our copy of a subscription to what Stripe says now, note a change of its status, and tell its reader."""
    advisory_lock(subscription_id)
    told = retrieve_subscription(subscription_id)
    known = Subscription.objects.filter(stripe_id=told.id).first()
    owner = known.user if known else _person_of(told)
    subscription = known or Subscription(stripe_id=told.id, user=owner)
    before = subscription.status
    for name, value in facts_of(told).items():
        setattr(subscription, name, value)
    failing = told.status in ("past_due", "unpaid", "incomplete") and told.failed_invoice is not None
    subscription.card_problem = card_problem(told.failed_invoice) if failing and told.failed_invoice else ""
    if told.status != "past_due":
        subscription.past_due_since = None
    elif subscription.past_due_since is None:
        subscription.past_due_since = timezone.now()
    if owner is None and known is None:
        subscription.unwanted_since = told.started
    subscription.save()
    if before != told.status:
        SubscriptionChange.objects.create(
            subscription=subscription, from_status=before, to_status=told.status, cause=cause
        )
    _tell(subscription, told)
    return subscription


@transaction.atomic
def record_unknown_to_stripe(subscription_id: str, *, cause: str) -> None:
    """Stripe knows nothing of it, so nothing can be charged: for us it has ended."""
    advisory_lock(subscription_id)
    subscription = Subscription.objects.get(stripe_id=subscription_id)
    before = subscription.status
    subscription.status, subscription.ended_at, subscription.cancel_at = "canceled", timezone.now(), None
    subscription.save()
    SubscriptionChange.objects.create(subscription=subscription, from_status=before, to_status="canceled", cause=cause)


def _tell(subscription: Subscription, told: subscriptions.Subscription) -> None:
    """Letters that follow from what a subscription is now."""
    if subscription.unwanted_since is not None:
        return
    if subscription.card_problem and told.failed_invoice:
        emails.enqueue_email(
            SupportEmail.Kind.PAYMENT_FAILED, told.failed_invoice, happened=timezone.now(), subscription=subscription
        )
    if told.status == "canceled" and told.ended:
        emails.enqueue_email(SupportEmail.Kind.ENDED, told.id, happened=told.ended, subscription=subscription)
    elif subscription.state == "ending" and told.cancel_at:
        about = f"{told.id} {told.cancel_at:%Y-%m-%d}"  # taken back and cancelled again, it is the same end
        emails.enqueue_email(SupportEmail.Kind.ENDING, about, happened=timezone.now(), subscription=subscription)


@transaction.atomic
def record_payment(invoice: Invoice, subscription: Subscription) -> LedgerEntry:
    """Write a paid month into the ledger, once, and confirm it to the reader, once."""
    advisory_lock(invoice.id)
    entry, created = LedgerEntry.objects.get_or_create(
        kind=LedgerEntry.Kind.PAYMENT,
        stripe_id=invoice.id,
        defaults={
            "amount": invoice.amount_paid,
            "currency": invoice.currency,
            "payment_intent": invoice.payment_intent or "",
            "subscription": subscription,
            "occurred_at": invoice.paid_at,
        },
    )
    if created:
        welcome = invoice.first and subscription.state in ("active", "ending")
        kind = SupportEmail.Kind.WELCOME if welcome else SupportEmail.Kind.RECEIPT
        emails.enqueue_email(kind, invoice.id, happened=invoice.paid_at, entry=entry)
    elif (entry.amount, entry.payment_intent) != (invoice.amount_paid, invoice.payment_intent or ""):
        entry.amount, entry.payment_intent = invoice.amount_paid, invoice.payment_intent or ""
        entry.save()
    return entry


@transaction.atomic
def record_refund(refund_id: str, payment: LedgerEntry) -> LedgerEntry:
    """Take a refund off what was paid; one that failed later is put back."""
    advisory_lock(refund_id)
    refund = retrieve_refund(refund_id)
    entry, created = _take_back(
        payment, LedgerEntry.Kind.REFUND, refund.id, amount=-refund.amount, occurred=refund.created
    )
    if refund.failed:
        failed = LedgerEntry.Kind.REFUND_FAILED
        _take_back(payment, failed, refund.id, amount=refund.amount, occurred=timezone.now())
    elif created:
        emails.enqueue_email(SupportEmail.Kind.REFUNDED, refund.id, happened=refund.created, entry=entry)
    return entry


@transaction.atomic
def record_dispute(dispute_id: str, payment: LedgerEntry) -> None:
    """Take what a bank has withdrawn off what was paid, and put back what it returned."""
    advisory_lock(dispute_id)
    dispute = retrieve_dispute(dispute_id)
    if dispute.withdrawn:
        _take_back(payment, LedgerEntry.Kind.DISPUTE, dispute.id, amount=-dispute.withdrawn, occurred=dispute.created)
    if dispute.reinstated:
        decided = dispute.decided or dispute.created
        _take_back(payment, LedgerEntry.Kind.DISPUTE_WON, dispute.id, amount=dispute.reinstated, occurred=decided)


def _take_back(
    payment: LedgerEntry, kind: LedgerEntry.Kind, stripe_id: str, *, amount: int, occurred: datetime
) -> tuple[LedgerEntry, bool]:
    return LedgerEntry.objects.get_or_create(
        kind=kind,
        stripe_id=stripe_id,
        defaults={
            "amount": amount,
            "currency": payment.currency,
            "payment": payment,
            "payment_intent": payment.payment_intent,
            "donation": payment.donation,
            "subscription": payment.subscription,
            "occurred_at": occurred,
        },
    )


def _record_donation(checkout: Checkout, session: Session) -> None:
    donation, _ = Donation.objects.get_or_create(
        payment_intent=session.payment_intent or session.id,
        defaults={
            "checkout": checkout,
            "user": checkout.user,
            "email": session.email or "",
            "amount": session.amount,
            "currency": session.currency,
            "paid_at": session.created,
        },
    )
    entry, created = LedgerEntry.objects.get_or_create(
        kind=LedgerEntry.Kind.PAYMENT,
        stripe_id=donation.payment_intent,
        defaults={
            "amount": donation.amount,
            "currency": donation.currency,
            "payment_intent": donation.payment_intent,
            "donation": donation,
            "occurred_at": session.created,
        },
    )
    if created:
        emails.enqueue_email(
            SupportEmail.Kind.THANK_YOU, donation.payment_intent, happened=session.created, entry=entry
        )


def _checkout(public_id: str | None, what: str) -> Checkout:
    """The checkout that Stripe names, locked. Raises NotOurs."""
    try:
        return Checkout.objects.select_for_update().get(public_id=uuid.UUID(public_id or ""))
    except (ValueError, Checkout.DoesNotExist):
        raise NotOurs(f"{what} was not started here.") from None


def _person_of(told: subscriptions.Subscription) -> User | None:
    """Whose it is; None if it was begun here by somebody who has left. It may be known before its customer is."""
    customer = Customer.objects.filter(stripe_id=told.customer).select_related("user").first()
    if customer is not None:
        return customer.user
    person = User.objects.filter(pk=told.person).first() if told.person and told.person.isdecimal() else None
    if person is None and not is_begun_here(told.checkout):
        raise NotOurs(f"Subscription {told.id} belongs to nobody here.")
    return person


def is_begun_here(checkout: str | None) -> bool:
    """Whether this is the id of one of our checkouts."""
    try:
        return Checkout.objects.filter(public_id=uuid.UUID(checkout or "")).exists()
    except ValueError:
        return False
