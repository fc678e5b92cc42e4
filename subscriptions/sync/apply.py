"""What Stripe says, made true here. The return page, the webhook and the reconciliation come through these functions,
any number of times and in any order: lock, fetch the object from Stripe, write what it says now (copying.py), and then
do what follows from it.

No two locks are held at once, but that one person's lock is held over those of their subscriptions: what follows from
one object is done after its own transaction has ended. So these are not called inside a transaction (but by the demo's
loading and by tests, when nobody else is about).

Each takes Stripe's id and the cause (an event's id, `return`, `reconcile`) for the audit rows, and raises Unreachable
if Stripe does not answer: then trying again finishes the work.
"""

from contextlib import suppress

from django.db import transaction

from subscriptions.checkout import card_testing
from subscriptions.models import Checkout, Customer, LedgerEntry, Subscription
from subscriptions.stripe.checkout_sessions import expire_session, list_sessions
from subscriptions.stripe.customers import is_deleted
from subscriptions.stripe.disputes import retrieve_dispute
from subscriptions.stripe.errors import Refused
from subscriptions.stripe.invoices import invoice_of, retrieve_invoice
from subscriptions.stripe.payments import fraud_warning
from subscriptions.stripe.refunds import retrieve_refund
from subscriptions.sync import records
from subscriptions.sync.duplicates import end_duplicates
from subscriptions.sync.records import NotOurs as NotOurs


def apply_session(session_id: str, *, cause: str, failed: bool = False) -> Checkout:
    """Settle the checkout that this session is of, and then what was bought by it.

    `failed`: Stripe has said that the bank refused a delayed payment, which the session itself does not show.
    """
    checkout, session = records.record_session(session_id, failed=failed)
    if session.complete and session.subscription:
        apply_subscription(session.subscription, cause=cause)
    if session.paid and session.invoice:
        apply_invoice(session.invoice, cause=cause)
    return checkout


def apply_card_refusal(charge_id: str, *, cause: str) -> Checkout:
    """Count a card that was refused for a gift. A page on which it happens again and again is closed."""
    checkout = records.record_card_refusals(charge_id)
    card_testing.hold_guests_if_suspicious(checkout)
    if checkout.stripe_session_id is None:
        return checkout
    if checkout.refusals >= card_testing.OF_A_PAGE:
        with suppress(Refused):  # not open any more
            expire_session(checkout.stripe_session_id)
    return apply_session(checkout.stripe_session_id, cause=cause)


def apply_fraud_warning(warning_id: str, *, cause: str) -> LedgerEntry:
    """A bank warns of fraud: shown to the publisher beside the payment, who decides. Returns the payment."""
    intent, at = fraud_warning(warning_id)
    payment = payment_of(intent, cause=cause)
    records.record_fraud_warning(payment, at)
    return payment


def apply_subscription(subscription_id: str, *, cause: str) -> Subscription:
    """Bring our copy of a subscription to what Stripe says now; a second one of the same person is ended."""
    subscription = records.record_subscription(subscription_id, cause=cause)
    end_duplicates(subscription, cause=cause)
    subscription.refresh_from_db()
    return subscription


def apply_invoice(invoice_id: str, *, cause: str) -> LedgerEntry | None:
    """Write a paid month into the ledger, once. None if the invoice is not paid."""
    invoice = retrieve_invoice(invoice_id)
    if invoice.subscription is None:
        raise NotOurs(f"Invoice {invoice_id} is of no subscription.")
    # It may be paid before anything else was heard of its subscription; a failure shows on the subscription.
    subscription = records.record_subscription(invoice.subscription, cause=cause)
    entry = records.record_payment(invoice, subscription) if invoice.paid else None
    end_duplicates(subscription, cause=cause)
    return entry


def apply_refund(refund_id: str, *, cause: str) -> LedgerEntry:
    """Take a refund, whoever made it, off what was paid."""
    refund = retrieve_refund(refund_id)
    return records.record_refund(refund_id, payment_of(refund.payment_intent, cause=cause))


def apply_dispute(dispute_id: str, *, cause: str) -> LedgerEntry:
    """Take what a bank took back off what was paid. Returns the payment."""
    payment = payment_of(retrieve_dispute(dispute_id).payment_intent, cause=cause)
    records.record_dispute(dispute_id, payment)
    return payment


def apply_customer(customer_id: str, *, cause: str) -> bool:
    """Whether the customer is still there. One that was deleted at Stripe is forgotten; what it paid for has ended."""
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
    for subscription in Subscription.objects.live().filter(user=customer.user):
        apply_subscription(subscription.stripe_id, cause=cause)
    return False


def payment_of(payment_intent: str | None, *, cause: str) -> LedgerEntry:
    """The payment in the ledger, which may have to be heard of first. Raises NotOurs."""
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
