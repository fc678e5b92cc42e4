"""Invoices: the paid months of a subscription."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

import stripe

from subscriptions.decline_reasons import DeclineReason
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import decline_reason, id_of, to_datetime
from subscriptions.stripe.errors import stripe_errors

if TYPE_CHECKING:
    from stripe.params import InvoiceListParams


@dataclass(frozen=True)
class Invoice:
    """An invoice. `paid`: money has moved. One of zero is settled by itself, and is no payment."""

    id: str
    paid: bool
    first: bool  # of its subscription
    subscription: str | None
    payment_intent: str | None
    amount_paid: int
    currency: str
    paid_at: datetime

    @classmethod
    def from_stripe(cls, invoice: stripe.Invoice) -> Self:
        """Build it from an invoice whose payments are expanded."""
        details = invoice.parent.subscription_details if invoice.parent else None
        payments = payments_of(invoice)
        # Paid by other means than a payment intent, a payment lacks the key. Of several payments, the paid one counts.
        payments = sorted(payments, key=lambda link: link.status != "paid")
        intents = [
            id_of(getattr(link.payment, "payment_intent", None)) for link in payments if link.status != "canceled"
        ]
        # Where a payment outside Stripe is not in `amount_paid`, it is in a key of its own, which Stripe may leave out.
        amount = invoice.amount_paid or getattr(invoice, "amount_paid_off_stripe", None) or 0
        return cls(
            id=invoice.id,
            paid=invoice.status == "paid" and amount > 0,
            first=invoice.billing_reason == "subscription_create",
            subscription=id_of(details.subscription) if details else None,
            payment_intent=next(filter(None, intents), None),
            amount_paid=amount,
            currency=invoice.currency,
            paid_at=to_datetime(invoice.status_transitions.paid_at or invoice.created),
        )


@dataclass(frozen=True)
class UnpaidInvoice:
    """An invoice whose payment was tried and failed. `pay_url`: Stripe's page on which it is paid, or empty."""

    id: str
    pay_url: str

    @classmethod
    def from_stripe(cls, invoice: stripe.Invoice) -> Self | None:
        """Return None if it is paid, or was not tried yet."""
        if invoice.status != "open" or not invoice.attempted:
            return None
        return cls(invoice.id, getattr(invoice, "hosted_invoice_url", None) or "")


def newest_unpaid_invoice(subscription: str) -> UnpaidInvoice | None:
    """Return the subscription's newest unpaid invoice. A newer one that is not due yet may stand before it."""
    with stripe_errors():
        found = client().v1.invoices.list({"subscription": subscription, "status": "open", "limit": 10}).data
    return next(filter(None, map(UnpaidInvoice.from_stripe, found)), None)


def retrieve_invoice(invoice_id: str) -> Invoice:
    with stripe_errors():
        return Invoice.from_stripe(client().v1.invoices.retrieve(invoice_id, {"expand": ["payments"]}))


def list_paid_invoices(*, subscription: str | None = None) -> Iterator[Invoice]:
    """Yield all invoices by which money moved, or those of one subscription."""
    params: InvoiceListParams = {"status": "paid", "limit": 100, "expand": ["data.payments"]}
    if subscription:
        params["subscription"] = subscription
    with stripe_errors():
        found = map(Invoice.from_stripe, client().v1.invoices.list(params).auto_paging_iter())
        yield from (invoice for invoice in found if invoice.paid)


def invoice_of(payment_intent: str) -> str | None:
    """Return the id of the invoice that this payment is for."""
    with stripe_errors():
        links = client().v1.invoice_payments.list(
            {"payment": {"type": "payment_intent", "payment_intent": payment_intent}}
        )
    return next((id_of(link.invoice) for link in links.data), None)


def card_problem(invoice_id: str) -> DeclineReason | None:
    """Return why the last attempt to pay this invoice failed; None if the bank has not answered yet."""
    intent_id = retrieve_invoice(invoice_id).payment_intent
    if intent_id is None:
        return DeclineReason.REFUSED
    with stripe_errors():
        intent = client().v1.payment_intents.retrieve(intent_id)
    return None if intent.status == "processing" else decline_reason(intent) or DeclineReason.REFUSED


def payments_of(invoice: stripe.Invoice) -> list[stripe.InvoicePayment]:
    """Return the payments of an invoice that were asked for; Stripe leaves the key out where there are none."""
    payments = getattr(invoice, "payments", None)
    return list(payments.data) if payments else []
