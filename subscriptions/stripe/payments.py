"""Payments, refused cards and fraud warnings."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, metadata_of, to_datetime
from subscriptions.stripe.errors import Refused, stripe_errors


@dataclass(frozen=True)
class Payment:
    """What was taken once, and how much of it was given back. `receipt`: the address of Stripe's page about it."""

    intent: str
    amount: int
    refunded: int
    currency: str
    receipt: str | None

    @property
    def left(self) -> int:
        return self.amount - self.refunded


def card_refusals(charge_id: str) -> tuple[str | None, int]:
    """Of the payment that this refused try belongs to: our Checkout.public_id, and how many tries were refused."""
    with stripe_errors():
        charge = client().v1.charges.retrieve(charge_id)
        tries = client().v1.charges.list({"payment_intent": id_of(charge.payment_intent) or "", "limit": 100}).data
    return metadata_of(charge.metadata).get("checkout"), sum(each.status == "failed" for each in tries)


def fraud_warning(warning_id: str) -> tuple[str | None, datetime]:
    """The payment intent that a bank warns of, and since when."""
    with stripe_errors():
        warning = client().v1.radar.early_fraud_warnings.retrieve(warning_id)
    return id_of(warning.payment_intent), to_datetime(warning.created)


def retrieve_payment(stripe_id: str) -> Payment:
    """The payment of a ledger entry: of an invoice (a month), or a payment intent itself (a gift)."""
    receipt = None
    intent_id = stripe_id
    with stripe_errors():
        if stripe_id.startswith("in_"):
            invoice = client().v1.invoices.retrieve(stripe_id, {"expand": ["payments"]})
            receipt = invoice.hosted_invoice_url
            payments = invoice.payments.data if invoice.payments else []
            paid = (each.payment.payment_intent for each in payments if each.status == "paid")
            intent_id = next((id_of(intent) or "" for intent in paid), "")
            if not intent_id:
                raise Refused(f"Invoice {stripe_id} was not paid by a card.")
        intent = client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
    charge = intent.latest_charge
    if charge is None or isinstance(charge, str):
        raise Refused(f"Payment {intent_id} has no charge.")
    return Payment(
        intent=intent.id,
        amount=charge.amount_captured,
        refunded=charge.amount_refunded,
        currency=charge.currency,
        receipt=receipt or charge.receipt_url,
    )
