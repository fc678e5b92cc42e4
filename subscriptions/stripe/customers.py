"""Customers at Stripe."""

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass
from subscriptions.stripe.client import client
from subscriptions.stripe.errors import Gone, stripe_errors


def create_customer(email: str, person: int, generation: int = 1) -> str:
    """The id of the customer of this person, made once for each generation however often it is asked for."""
    with stripe_errors():
        customer = client().v1.customers.create(
            {"email": email, "metadata": {"person": str(person)}},
            {"idempotency_key": f"customer-{person}-{generation}-{email}"},
        )
    return customer.id


def is_deleted(customer_id: str) -> bool:
    """Whether this customer is no more."""
    try:
        with stripe_errors():
            return bool(getattr(client().v1.customers.retrieve(customer_id), "deleted", False))
    except Gone:
        return True


def delete_customer(customer_id: str) -> None:
    """For ever; what the customer subscribes to ends at once. The payments stay in Stripe's books."""
    with suppress(Gone), stripe_errors():
        client().v1.customers.delete(customer_id)
