"""What Stripe says, made true here. The return page and the webhook both come through these three functions, any number
of times and in any order: lock, fetch the object from Stripe, apply what it says now.

No two locks are ever held at once: what follows from one object is applied after its own transaction has ended. So the
three are not called inside a transaction (but by the demo's loading, when nobody else is about).

Each takes Stripe's id and the cause (an event's id, or `return`) for the audit rows, and raises Unreachable if Stripe
does not answer: then nothing was changed.
"""

import uuid
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from newsroom.models import User
from subscriptions import stripe_api
from subscriptions.models import Checkout, Customer, Donation, LedgerEntry, Subscription, SubscriptionChange


class NotOurs(Exception):
    """The object belongs to another product of the same Stripe account."""


def apply_session(session_id: str, *, cause: str, failed: bool = False) -> Checkout:
    """Settle the checkout that this session is of, and then what was bought by it.

    A gift counts only once its money is certain. `failed`: Stripe has said that the bank refused a delayed payment,
    which the session itself does not show.
    """
    checkout, session = _settle(session_id, failed=failed)
    if session.paid and session.subscription:
        apply_subscription(session.subscription, cause=cause)
    if session.paid and session.invoice:
        apply_invoice(session.invoice, cause=cause)
    return checkout


@transaction.atomic
def _settle(session_id: str, *, failed: bool) -> tuple[Checkout, stripe_api.Session]:
    _lock(session_id)
    session = stripe_api.retrieve_session(session_id)
    checkout = _checkout_of(session)
    unpaid = checkout.status in (Checkout.Status.OPEN, Checkout.Status.WAITING)
    if session.paid and checkout.status != Checkout.Status.PAID:
        if checkout.kind == Checkout.Kind.DONATION:
            _record_donation(checkout, session)
        checkout.status = Checkout.Status.PAID
        checkout.stripe_session_id = session.id
        checkout.save()
    elif session.complete and not session.paid and unpaid:
        checkout.status = Checkout.Status.EXPIRED if failed else Checkout.Status.WAITING
        checkout.save()
    elif session.expired and unpaid and checkout.stripe_session_id == session.id:
        checkout.status = Checkout.Status.EXPIRED
        checkout.save()
    return checkout, session


@transaction.atomic
def apply_subscription(subscription_id: str, *, cause: str) -> Subscription:
    """Bring our copy of a subscription to what Stripe says now, and write down a change of its status."""
    _lock(subscription_id)
    told = stripe_api.retrieve_subscription(subscription_id)
    known = Subscription.objects.filter(stripe_id=told.id).first()
    before = known.status if known else ""
    past_due_since: datetime | None = None
    if told.status == "past_due":
        past_due_since = (known.past_due_since if known else None) or timezone.now()
    facts = {
        "status": told.status,
        "amount": told.amount,
        "currency": told.currency,
        "started_at": told.started,
        "current_period_end": told.current_period_end,
        "cancel_at": told.cancel_at,
        "past_due_since": past_due_since,
        "ended_at": told.ended,
    }
    owner = known.user if known else _person_of(told)
    subscription, _ = Subscription.objects.update_or_create(
        stripe_id=told.id, defaults=facts, create_defaults={**facts, "user": owner}
    )
    if before != told.status:
        SubscriptionChange.objects.create(
            subscription=subscription, from_status=before, to_status=told.status, cause=cause
        )
    return subscription


def apply_invoice(invoice_id: str, *, cause: str) -> LedgerEntry | None:
    """Write a paid month into the ledger, once. None if the invoice is not paid."""
    invoice = stripe_api.retrieve_invoice(invoice_id)
    if invoice.subscription is None:
        raise NotOurs(f"Invoice {invoice_id} is of no subscription.")
    if not invoice.paid:
        return None
    # The invoice may come before anything else was heard of its subscription.
    subscription = Subscription.objects.filter(stripe_id=invoice.subscription).first()
    if subscription is None:
        subscription = apply_subscription(invoice.subscription, cause=cause)
    # No lock: a paid invoice stays paid, and its id is in the ledger once.
    entry, _ = LedgerEntry.objects.get_or_create(
        stripe_id=invoice.id,
        defaults={
            "kind": LedgerEntry.Kind.PAYMENT,
            "amount": invoice.amount_paid,
            "currency": invoice.currency,
            "subscription": subscription,
            "occurred_at": invoice.paid_at,
        },
    )
    return entry


def _record_donation(checkout: Checkout, session: stripe_api.Session) -> None:
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
    LedgerEntry.objects.get_or_create(
        stripe_id=donation.payment_intent,
        defaults={
            "kind": LedgerEntry.Kind.PAYMENT,
            "amount": donation.amount,
            "currency": donation.currency,
            "donation": donation,
            "occurred_at": session.created,
        },
    )


def _checkout_of(session: stripe_api.Session) -> Checkout:
    try:
        public_id = uuid.UUID(session.checkout or "")
        return Checkout.objects.select_for_update().get(public_id=public_id)
    except (ValueError, Checkout.DoesNotExist):
        raise NotOurs(f"Session {session.id} was not started here.") from None


def _person_of(told: stripe_api.Subscription) -> User:
    customer = Customer.objects.filter(stripe_id=told.customer).select_related("user").first()
    if customer is not None:
        return customer.user
    person = User.objects.filter(pk=told.person).first() if told.person and told.person.isdecimal() else None
    if person is None:
        raise NotOurs(f"Subscription {told.id} belongs to nobody here.")
    return person


def _lock(stripe_id: str) -> None:
    """Have everybody else who applies this object wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [stripe_id])
