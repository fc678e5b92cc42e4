"""Payments, refused cards and fraud warnings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

import stripe

from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, metadata_of, to_datetime
from subscriptions.stripe.errors import Refused, stripe_errors
from subscriptions.stripe.invoices import payments_of


@dataclass(frozen=True)
class Payment:
    """A payment, and how much of it was refunded, in minor units. `receipt`: the address of Stripe's page about it."""

    intent: str
    amount: int
    refunded: int
    currency: str
    receipt: str | None

    @classmethod
    def from_stripe(cls, intent: stripe.PaymentIntent, *, receipt: str | None) -> Self:
        """Build it from an intent whose charge is expanded. Raises Refused if nothing was charged."""
        charge = intent.latest_charge
        if charge is None or isinstance(charge, str):
            raise Refused(f"Payment {intent.id} has no charge.")
        return cls(
            intent=intent.id,
            amount=charge.amount_captured,
            refunded=charge.amount_refunded,
            currency=charge.currency,
            receipt=receipt or charge.receipt_url,
        )

    @property
    def left(self) -> int:
        return self.amount - self.refunded


def card_refusals(charge_id: str) -> tuple[str | None, int]:
    """Return, for the payment of this failed charge, our Checkout.public_id and the number of failed charges."""
    with stripe_errors():
        charge = client().v1.charges.retrieve(charge_id)
        charges = client().v1.charges.list({"payment_intent": id_of(charge.payment_intent) or "", "limit": 100}).data
    return metadata_of(charge.metadata).get("checkout"), sum(each.status == "failed" for each in charges)


def fraud_warning(warning_id: str) -> tuple[str | None, datetime]:
    """Return the payment intent that a bank warns of, and the time of the warning."""
    with stripe_errors():
        warning = client().v1.radar.early_fraud_warnings.retrieve(warning_id, {"expand": ["charge"]})
    # The warning may leave its payment intent out; the charge never does.
    intent = getattr(warning, "payment_intent", None) or getattr(warning.charge, "payment_intent", None)
    return id_of(intent), to_datetime(warning.created)


def retrieve_payment(stripe_id: str) -> Payment:
    """Return the payment of a ledger entry, whose id is an invoice's (a month) or a payment intent's (a donation)."""
    receipt = None
    intent_id = stripe_id
    with stripe_errors():
        if stripe_id.startswith("in_"):
            invoice = client().v1.invoices.retrieve(stripe_id, {"expand": ["payments"]})
            receipt = getattr(invoice, "hosted_invoice_url", None)
            links = [each for each in payments_of(invoice) if each.status == "paid"]
            paid = (getattr(each.payment, "payment_intent", None) for each in links)
            intent_id = next((id_of(intent) or "" for intent in paid), "")
            if not intent_id:
                raise Refused(f"Invoice {stripe_id} was not paid by a card.")
        intent = client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
    return Payment.from_stripe(intent, receipt=receipt)
