"""Customers at Stripe."""

from contextlib import suppress

from subscriptions.installation import installation_id
from subscriptions.stripe.client import client
from subscriptions.stripe.errors import Gone, stripe_errors


def create_customer(email: str, person: int, generation: int = 1) -> str:
    """Return the id of this person's customer. However often it is called, there is one for each generation."""
    with stripe_errors():
        customer = client().v1.customers.create(
            {"email": email, "metadata": {"person": str(person), "installation": installation_id()}},
            {"idempotency_key": f"customer-{installation_id()}-{person}-{generation}-{email}"},
        )
    return customer.id


def is_deleted(customer_id: str) -> bool:
    try:
        with stripe_errors():
            return bool(getattr(client().v1.customers.retrieve(customer_id), "deleted", False))
    except Gone:
        return True


def delete_customer(customer_id: str) -> None:
    """Delete a customer for good, which ends their subscriptions at once. Their payments stay in Stripe's books."""
    with suppress(Gone), stripe_errors():
        client().v1.customers.delete(customer_id)
