"""The customer portal."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripe.params.billing_portal import SessionCreateParams as PortalParams
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import metadata_of
from subscriptions.stripe.errors import stripe_errors

PORTAL = {"newsroom": "portal"}  # by this metadata our configuration of the portal is known


def create_portal_session(customer: str, return_url: str, *, card: bool = False, cancel: str | None = None) -> str:
    """The address of Stripe's page where this customer changes card, sees invoices or cancels. Good for minutes.

    It begins with what is asked for: changing the card, or cancelling that subscription.
    """
    params: PortalParams = {"customer": customer, "return_url": return_url}
    if card:
        params["flow_data"] = {"type": "payment_method_update"}
    elif cancel:
        params["flow_data"] = {"type": "subscription_cancel", "subscription_cancel": {"subscription": cancel}}
    if configuration := portal_configuration():
        params["configuration"] = configuration
    with stripe_errors():
        return client().v1.billing_portal.sessions.create(params).url


def portal_configuration() -> str | None:
    """Ours, if `manage.py stripe_setup` has made it; else the account's own is used."""
    with stripe_errors():
        found = client().v1.billing_portal.configurations.list({"active": True, "limit": 100})
        return next((known.id for known in found.auto_paging_iter() if metadata_of(known.metadata) == PORTAL), None)
