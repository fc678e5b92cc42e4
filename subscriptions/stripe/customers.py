"""Customers at Stripe."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import stripe

from subscriptions.installation import installation_id
from subscriptions.stripe.client import client
from subscriptions.stripe.errors import Gone, stripe_errors


@dataclass(frozen=True)
class StripeCustomer:
    """A customer as Stripe has it now. Our copy of it is subscriptions.models.Customer."""

    id: str
    email: str
    deleted: bool

    @classmethod
    def from_stripe(cls, customer: stripe.Customer) -> Self:
        """Build it from a customer. Of a deleted one, Stripe sends only that it is deleted."""
        return cls(
            id=customer.id,
            email=getattr(customer, "email", None) or "",
            deleted=bool(getattr(customer, "deleted", False)),
        )


def create_customer(email: str, person: int, generation: int = 1) -> str:
    """Return the id of this person's customer. However often it is called, there is one for each generation."""
    with stripe_errors():
        customer = client().v1.customers.create(
            {"email": email, "metadata": {"person": str(person), "installation": installation_id()}},
            {"idempotency_key": f"customer-{installation_id()}-{person}-{generation}-{email}"},
        )
    return customer.id


def retrieve_customer(customer_id: str) -> StripeCustomer:
    with stripe_errors():
        return StripeCustomer.from_stripe(client().v1.customers.retrieve(customer_id))


def is_deleted(customer_id: str) -> bool:
    try:
        return retrieve_customer(customer_id).deleted
    except Gone:
        return True


def update_email(customer_id: str, email: str) -> None:
    """Change the address to which Stripe sends receipts and reminders. Raises Gone if the customer was deleted."""
    with stripe_errors():
        client().v1.customers.update(customer_id, {"email": email})


def delete_customer(customer_id: str) -> None:
    """Delete a customer for good, which ends their subscriptions at once. Their payments stay in Stripe's books."""
    with suppress(Gone), stripe_errors():
        client().v1.customers.delete(customer_id)
