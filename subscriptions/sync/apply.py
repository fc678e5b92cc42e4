"""Applies what Stripe says, object by object.

The return page, webhook events and reconciliation all use these functions, any number of times and in any order: each
locks and fetches one object, records it (records.py), and then does what follows from it.

Never call them inside a transaction: what follows from an object is done after its own transaction has ended, so that
no two locks are held at once (only a person's lock is held over those of their subscriptions). Demo data and tests,
which run alone, are the exception.

Each takes Stripe's id and, for the audit rows, the cause (an event's id, `return`, `reconcile`). Each raises
Unreachable if Stripe does not answer: then trying again finishes the work.
"""

from contextlib import suppress

from django.db import transaction

from subscriptions.checkout import card_testing
from subscriptions.models import Checkout, Customer, Dispute, LedgerEntry, Subscription
from subscriptions.stripe.checkout_sessions import expire_session, list_sessions
from subscriptions.stripe.customers import is_deleted
from subscriptions.stripe.disputes import retrieve_dispute
from subscriptions.stripe.errors import Refused
from subscriptions.stripe.invoices import invoice_of, retrieve_invoice
from subscriptions.stripe.payments import fraud_warning
from subscriptions.stripe.refunds import retrieve_refund
from subscriptions.stripe.subscriptions import cancel_subscription
from subscriptions.sync import records
from subscriptions.sync.duplicates import end_duplicates
from subscriptions.sync.records import NotOurs


def apply_session(session_id: str, *, cause: str, failed: bool = False) -> Checkout:
    """Settle the checkout of this session, and then apply what was bought.

    `failed`: an event said that the bank refused a delayed payment, which the session itself does not show.
    """
    checkout, session = records.record_session(session_id, failed=failed)
    if session.complete and session.subscription:
        apply_subscription(session.subscription, cause=cause)
    if session.paid and session.invoice:
        apply_invoice(session.invoice, cause=cause)
    return checkout


def apply_card_refusal(charge_id: str, *, cause: str) -> Checkout:
    """Count a card that was refused for a donation. Close the payment page after too many."""
    checkout = records.record_card_refusals(charge_id)
    card_testing.hold_guests_if_suspicious(checkout)
    if checkout.stripe_session_id is None:
        return checkout
    if checkout.refusals >= card_testing.MAX_REFUSALS_PER_PAGE:
        with suppress(Refused):  # not open any more
            expire_session(checkout.stripe_session_id)
    return apply_session(checkout.stripe_session_id, cause=cause)


def apply_fraud_warning(warning_id: str, *, cause: str) -> LedgerEntry:
    """Record a bank's warning of fraud, for the publisher to decide about. Return the payment."""
    intent, at = fraud_warning(warning_id)
    payment = payment_of(intent, cause=cause)
    records.record_fraud_warning(payment, at)
    return payment


def apply_subscription(subscription_id: str, *, cause: str) -> Subscription:
    """Update our copy of a subscription, and end the person's duplicates."""
    subscription = records.record_subscription(subscription_id, cause=cause)
    end_duplicates(subscription, cause=cause)
    subscription.refresh_from_db()
    return subscription


def apply_invoice(invoice_id: str, *, cause: str) -> LedgerEntry | None:
    """Record a paid month in the ledger. Return None if the invoice is not paid."""
    invoice = retrieve_invoice(invoice_id)
    if invoice.subscription is None:
        raise NotOurs(f"Invoice {invoice_id} is of no subscription.")
    # The invoice may be the first we hear of its subscription, and a failed payment shows on the subscription alone.
    subscription = records.record_subscription(invoice.subscription, cause=cause)
    entry = records.record_payment(invoice, subscription) if invoice.paid else None
    end_duplicates(subscription, cause=cause)
    return entry


def apply_refund(refund_id: str, *, cause: str) -> LedgerEntry:
    """Record a refund, whoever made it."""
    refund = retrieve_refund(refund_id)
    return records.record_refund(refund_id, payment_of(refund.payment_intent, cause=cause))


def apply_dispute(dispute_id: str, *, cause: str) -> LedgerEntry:
    """Record a dispute. Return the payment. A dispute that is lost ends the subscription that it was about."""
    payment = payment_of(retrieve_dispute(dispute_id).payment_intent, cause=cause)
    dispute = records.record_dispute(dispute_id, payment)
    if dispute.status == Dispute.Status.LOST:
        for disputed in Subscription.objects.chargeable().filter(ledger=payment, begun_here=True):
            cancel_subscription(disputed.stripe_id)
            apply_subscription(disputed.stripe_id, cause=cause)
    return payment


def apply_customer(customer_id: str, *, cause: str) -> bool:
    """Return False if the customer was deleted at Stripe. Then drop its id here, and apply that their support ended."""
    customer = Customer.objects.filter(stripe_id=customer_id).first()
    if customer is None:
        raise NotOurs(f"Customer {customer_id} is nobody here.")
    if not is_deleted(customer_id):
        return True
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=customer.pk)
        if customer.stripe_id == customer_id:
            customer.stripe_id = None
            customer.generation += 1
            customer.save()
    for subscription in Subscription.objects.chargeable().filter(user=customer.user):
        with suppress(NotOurs):
            apply_subscription(subscription.stripe_id, cause=cause)
    return False


def payment_of(payment_intent: str | None, *, cause: str) -> LedgerEntry:
    """Return the payment's ledger entry, and record it first if it is missing. Raises NotOurs."""
    payments = LedgerEntry.objects.payments().filter(payment_intent=payment_intent)
    if payment_intent and not payments.exists():
        if invoice := invoice_of(payment_intent):
            apply_invoice(invoice, cause=cause)
        for session in list_sessions(payment_intent=payment_intent):
            apply_session(session.id, cause=cause)
    payment = payments.first() if payment_intent else None
    if payment is None:
        raise NotOurs(f"Payment {payment_intent} was not made here.")
    return payment
