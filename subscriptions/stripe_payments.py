"""The door to Stripe, second leaf: one payment looked at and given back, a subscription ended.

Errors as in `stripe_api`.
"""

from dataclasses import dataclass

from subscriptions.stripe_api import Refused, client, errors, id_of


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


def retrieve_payment(stripe_id: str) -> Payment:
    """The payment of a ledger entry: of an invoice (a month), or a payment intent itself (a gift)."""
    receipt = None
    intent_id = stripe_id
    with errors():
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


def refund(*, intent: str, amount: int, idempotency_key: str) -> str:
    """Give back so much of a payment; the refund's id. Refused if not so much is left."""
    with errors():
        made = client().v1.refunds.create(
            {"payment_intent": intent, "amount": amount, "reason": "requested_by_customer"},
            {"idempotency_key": idempotency_key},
        )
    return made.id


def end_subscription(subscription: str, *, now: bool, idempotency_key: str) -> None:
    """End it at once, or at the end of what is paid. Nothing is given back by that."""
    with errors():
        if now:
            client().v1.subscriptions.cancel(subscription, {}, {"idempotency_key": idempotency_key})
        else:
            client().v1.subscriptions.update(
                subscription, {"cancel_at_period_end": True}, {"idempotency_key": idempotency_key}
            )
