"""Stripe's customer portal."""

from typing import TYPE_CHECKING

import stripe

from subscriptions.installation import installation_id
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import metadata_of
from subscriptions.stripe.errors import stripe_errors

if TYPE_CHECKING:
    from stripe.params.billing_portal import SessionCreateParams as PortalParams

PORTAL = {"newsroom": "portal"}  # the metadata of our configuration, with the installation's id in newer ones


def create_portal_session(customer: str, return_url: str, *, card: bool = False, cancel: str | None = None) -> str:
    """Return the address of the page where this customer changes card, sees invoices or cancels. Valid for minutes.

    With `card` it begins with changing the card, with `cancel` with cancelling that subscription.
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
    """Return the id of the configuration that `manage.py stripe_setup` made; None to use the account's own."""
    configuration = find_configuration()
    return configuration.id if configuration else None


def find_configuration() -> stripe.billing_portal.Configuration | None:
    """Return this installation's configuration; else one from before installations had ids."""
    wanted = [{**PORTAL, "installation": installation_id()}, PORTAL]
    with stripe_errors():
        found = client().v1.billing_portal.configurations.list({"active": True, "limit": 100})
        marked = [each for each in found.auto_paging_iter() if metadata_of(each.metadata) in wanted]
    return min(marked, key=lambda each: wanted.index(metadata_of(each.metadata)), default=None)
