"""Writes our copy of Stripe's objects.

Each function locks one object, fetches it, and writes what Stripe says now, any number of times and in any order. What
follows from it is done in apply.py, after the transaction has ended.
"""

import uuid
from collections import Counter
from copy import copy
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsroom.db.advisory_locks import advisory_lock
from newsroom.email_addresses import normalize_email
from newsroom.models import User
from subscriptions import alerts, emails
from subscriptions.installation import installation_id
from subscriptions.models import (
    Checkout,
    Customer,
    Dispute,
    Donation,
    LedgerEntry,
    Subscription,
    SubscriptionChange,
    SupportEmail,
)
from subscriptions.stripe import payments
from subscriptions.stripe.checkout_sessions import Session, retrieve_session
from subscriptions.stripe.disputes import retrieve_dispute
from subscriptions.stripe.errors import Refused
from subscriptions.stripe.invoices import Invoice, UnpaidInvoice, card_problem, newest_unpaid_invoice
from subscriptions.stripe.refunds import retrieve_refund
from subscriptions.stripe.subscriptions import StripeSubscription, retrieve_subscription


class NotOurs(Refused):
    """The object belongs to another site or product of the same Stripe account."""


def copied_fields(theirs: StripeSubscription) -> dict[str, object]:
    """Return the fields of a subscription that we copy unchanged."""
    return {
        "status": theirs.status,
        "amount": theirs.terms.amount,
        "currency": theirs.currency,
        "interval": theirs.terms.interval,
        "interval_count": theirs.terms.interval_count,
        "monthly_amount": theirs.terms.monthly_amount,
        "not_understood": theirs.terms.not_understood,
        "started_at": theirs.started,
        "current_period_end": theirs.current_period_end,
        "cancel_at": None if theirs.status in Subscription.ENDED else theirs.cancel_at,
        "ended_at": theirs.ended,
        "card_expires": theirs.card_expires,
        "collection_paused": theirs.collection_paused,
        "collection_resumes_at": theirs.collection_resumes_at,
        "cancel_reason": theirs.cancel_reason,
    }


@transaction.atomic
def record_session(session_id: str, *, failed: bool = False) -> tuple[Checkout, Session]:
    """Settle the checkout of this session. A donation is recorded only when its money is certain."""
    advisory_lock(session_id)
    session = retrieve_session(session_id)
    checkout = _checkout(session.checkout, f"Session {session.id}")
    problem, checkout.card_problem = checkout.card_problem, session.problem or ""
    # An earlier, unpaid session must not change a checkout that has a later one.
    current = checkout.status in Checkout.UNSETTLED and checkout.stripe_session_id == session.id
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
    """Count the cards that were refused on a donation's payment page."""
    public_id, refusals = payments.card_refusals(charge_id)
    if public_id is None:
        raise NotOurs(f"Charge {charge_id} is of no gift.")
    checkout = _checkout(public_id, f"Charge {charge_id}")
    checkout.refusals = max(checkout.refusals, refusals)  # it only grows: an older event may arrive later
    checkout.save(update_fields=["refusals"])
    return checkout


@transaction.atomic
def record_fraud_warning(payment: LedgerEntry, at: datetime) -> None:
    """Record that a bank suspects fraud in this payment."""
    LedgerEntry.objects.filter(pk=payment.pk).update(warned_at=at)
    alerts.alert_fraud_warning(payment)


@transaction.atomic
def record_subscription(subscription_id: str, *, cause: str) -> Subscription:
    """Update our copy of a subscription, log a change of its status, and write the mails that follow from it."""
    advisory_lock(subscription_id)
    theirs = retrieve_subscription(subscription_id)
    if is_foreign(theirs):
        raise NotOurs(f"Subscription {theirs.id} was begun by another site of this Stripe account.")
    known = Subscription.objects.filter(stripe_id=theirs.id).first()
    owner = known.user if known else _person_of(theirs)
    subscription = known or Subscription(stripe_id=theirs.id, user=owner)
    before = copy(subscription)
    for name, value in copied_fields(theirs).items():
        setattr(subscription, name, value)
    subscription.cancel_comment = theirs.cancel_comment if owner else ""  # not of a reader who has left
    subscription.begun_here = is_begun_here(theirs.checkout)
    failed = _failed_invoice(theirs)
    subscription.card_problem = (failed and card_problem(failed.id)) or ""
    subscription.pay_url = failed.pay_url if failed and subscription.card_problem else ""
    if theirs.status != Subscription.Status.PAST_DUE and not (theirs.status == Subscription.Status.PAUSED and failed):
        subscription.past_due_since = None
    elif subscription.past_due_since is None:
        subscription.past_due_since = timezone.now()
    if owner is None and known is None:
        subscription.unwanted_since = theirs.started
    subscription.save()
    _log_change(subscription, before, cause)
    _enqueue_emails(subscription, theirs, failed)
    return subscription


@transaction.atomic
def record_unknown_to_stripe(subscription_id: str, *, cause: str) -> None:
    """End a subscription that Stripe does not know: it cannot be charged."""
    advisory_lock(subscription_id)
    subscription = Subscription.objects.get(stripe_id=subscription_id)
    before = copy(subscription)
    subscription.status = Subscription.Status.CANCELED
    subscription.ended_at, subscription.cancel_at = timezone.now(), None
    subscription.save()
    _log_change(subscription, before, cause)


def _log_change(subscription: Subscription, before: Subscription, cause: str) -> None:
    """Log what the publisher's figures follow from: status, amount, and payments that are paused."""
    logged = ("status", "monthly_amount", "collection_paused")
    if any(getattr(subscription, name) != getattr(before, name) for name in logged):
        SubscriptionChange.objects.create(
            subscription=subscription,
            from_status=before.status,
            to_status=subscription.status,
            monthly_amount=subscription.monthly_amount,
            collection_paused=subscription.collection_paused,
            cause=cause,
        )


def _failed_invoice(theirs: StripeSubscription) -> UnpaidInvoice | None:
    """Return the invoice for which the subscription fails."""
    if theirs.status not in Subscription.FAILING:
        return None
    if theirs.failed_invoice is None and theirs.status in (Subscription.Status.PAST_DUE, Subscription.Status.UNPAID):
        return newest_unpaid_invoice(theirs.id)
    return theirs.failed_invoice


def _enqueue_emails(subscription: Subscription, theirs: StripeSubscription, failed: UnpaidInvoice | None) -> None:
    if subscription.unwanted_since is not None:
        return
    if subscription.card_problem and failed:
        emails.enqueue_email(
            SupportEmail.Kind.PAYMENT_FAILED, failed.id, happened=timezone.now(), subscription=subscription
        )
    if subscription.status == Subscription.Status.CANCELED and theirs.ended:
        emails.enqueue_email(SupportEmail.Kind.ENDED, theirs.id, happened=theirs.ended, subscription=subscription)
    elif subscription.state == Subscription.State.ENDING and theirs.cancel_at:
        about = f"{theirs.id} {theirs.cancel_at:%Y-%m-%d}"  # cancelled, resumed and cancelled again, it is the same end
        emails.enqueue_email(SupportEmail.Kind.ENDING, about, happened=timezone.now(), subscription=subscription)


@transaction.atomic
def record_payment(invoice: Invoice, subscription: Subscription) -> LedgerEntry:
    """Record a paid month in the ledger, and confirm it to the reader, once."""
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
        welcome = invoice.first and subscription.status in Subscription.ENTITLING
        kind = SupportEmail.Kind.WELCOME if welcome else SupportEmail.Kind.RECEIPT
        emails.enqueue_email(kind, invoice.id, happened=invoice.paid_at, entry=entry)
    elif (entry.amount, entry.payment_intent) != (invoice.amount_paid, invoice.payment_intent or ""):
        entry.amount, entry.payment_intent = invoice.amount_paid, invoice.payment_intent or ""
        entry.save()
    return entry


@transaction.atomic
def record_refund(refund_id: str, payment: LedgerEntry) -> LedgerEntry:
    """Record a refund of this payment. One that failed later is recorded as returned to us."""
    advisory_lock(refund_id)
    refund = retrieve_refund(refund_id)
    entry, created = _record_return(
        payment, LedgerEntry.Kind.REFUND, refund.id, amount=-refund.amount, occurred=refund.created
    )
    if refund.failed:
        failed = LedgerEntry.Kind.REFUND_FAILED
        _record_return(payment, failed, refund.id, amount=refund.amount, occurred=timezone.now())
        alerts.alert_refund_failed(entry)
    elif created:
        emails.enqueue_email(SupportEmail.Kind.REFUNDED, refund.id, happened=refund.created, entry=entry)
    return entry


@transaction.atomic
def record_dispute(dispute_id: str, payment: LedgerEntry) -> Dispute:
    """Record a dispute of this payment, with each amount that the bank has withdrawn or reinstated."""
    advisory_lock(dispute_id)
    theirs = retrieve_dispute(dispute_id)
    dispute, _ = Dispute.objects.update_or_create(
        stripe_id=theirs.id,
        defaults={
            "payment": payment,
            "amount": theirs.amount,
            "currency": theirs.currency,
            "status": theirs.status,
            "reason": theirs.reason,
            "due_at": theirs.due,
            "created_at": theirs.created,
        },
    )
    counted: Counter[LedgerEntry.Kind] = Counter()
    for movement in theirs.movements:
        kind = LedgerEntry.Kind.DISPUTE if movement.amount < 0 else LedgerEntry.Kind.DISPUTE_WON
        counted[kind] += 1
        _record_return(payment, kind, theirs.id, amount=movement.amount, occurred=movement.at, sequence=counted[kind])
    alerts.alert_dispute(dispute)
    return dispute


def _record_return(
    payment: LedgerEntry, kind: LedgerEntry.Kind, stripe_id: str, *, amount: int, occurred: datetime, sequence: int = 1
) -> tuple[LedgerEntry, bool]:
    entry, created = LedgerEntry.objects.get_or_create(
        kind=kind,
        stripe_id=stripe_id,
        sequence=sequence,
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
    if entry.amount != amount:
        entry.amount = amount
        entry.save()
    return entry, created


def _record_donation(checkout: Checkout, session: Session) -> None:
    donation, _ = Donation.objects.get_or_create(
        payment_intent=session.payment_intent or session.id,
        defaults={
            "checkout": checkout,
            "user": checkout.user,
            "email": normalize_email(session.email or ""),
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
    """Return the checkout that Stripe names, locked. Raises NotOurs."""
    try:
        return Checkout.objects.select_for_update().get(public_id=uuid.UUID(public_id or ""))
    except (ValueError, Checkout.DoesNotExist):
        raise NotOurs(f"{what} was not started here.") from None


def _person_of(theirs: StripeSubscription) -> User | None:
    """Return the subscription's reader; None if it was begun here by somebody who has left. Raises NotOurs.

    Ours is what our own customer pays, or what one of our checkouts began: the webhook may come before our transaction
    with the new customer has ended. A number in metadata proves nothing: another site may use the same Stripe account.
    """
    customer = Customer.objects.filter(stripe_id=theirs.customer).select_related("user").first()
    if customer is not None:
        return customer.user
    begun = _begun_here(theirs.checkout).select_related("user").first()
    if begun is None:
        raise NotOurs(f"Subscription {theirs.id} belongs to nobody here.")
    return begun.user


def is_foreign(theirs: StripeSubscription) -> bool:
    """Return True if another installation of this software, in the same Stripe account, began this subscription."""
    return theirs.installation not in (None, installation_id())


def is_begun_here(checkout: str | None) -> bool:
    """Return True if this is the public id of one of our checkouts."""
    return _begun_here(checkout).exists()


def _begun_here(checkout: str | None) -> QuerySet[Checkout]:
    try:
        return Checkout.objects.filter(public_id=uuid.UUID(checkout or ""))
    except ValueError:
        return Checkout.objects.none()
