"""Sets up at Stripe what the site needs. Running it again makes no duplicates.

Each object is found by a name of ours (product id, lookup key, metadata, address), updated if it differs, made if
missing.
"""

from typing import TYPE_CHECKING

import stripe

from subscriptions.stripe.client import client
from subscriptions.stripe.errors import stripe_errors
from subscriptions.stripe.portal import PORTAL, portal_configuration
from subscriptions.stripe.prices import lookup_key, price_of

if TYPE_CHECKING:
    from stripe.params import WebhookEndpointCreateParams, WebhookEndpointUpdateParams
    from stripe.params.billing_portal import ConfigurationUpdateParams

PRODUCT = "newsroom-monthly-support"

# The events that Stripe sends, and that a reconciliation looks for. mypy checks the words.
WEBHOOK_EVENTS: "WebhookEndpointUpdateParams" = {
    "enabled_events": [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "customer.subscription.paused",
        "customer.subscription.resumed",
        "customer.updated",
        "customer.deleted",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.payment_action_required",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.failed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "radar.early_fraud_warning.created",
    ]
}
EVENT_TYPES: list[str] = [*WEBHOOK_EVENTS["enabled_events"]]


def ensure_price(amount: int, currency: str) -> str:
    """Return the id of the monthly price of `amount` minor units. Other prices stay: somebody may pay them."""
    with stripe_errors():
        products = client().v1.products
        if not products.list({"ids": [PRODUCT]}).data:
            products.create(
                {"id": PRODUCT, "name": "Monthly support for journalism"}, {"idempotency_key": f"setup-{PRODUCT}"}
            )
        return price_of(amount, currency) or (
            client()
            .v1.prices.create(
                {
                    "product": PRODUCT,
                    "unit_amount": amount,
                    "currency": currency,
                    "recurring": {"interval": "month"},
                    "lookup_key": lookup_key(amount, currency),
                    "transfer_lookup_key": True,
                }
            )
            .id
        )


def ensure_portal(return_url: str) -> str:
    """Return the id of our portal configuration: change the card, see invoices, cancel at the end of the period."""
    wanted: ConfigurationUpdateParams = {
        "default_return_url": return_url,
        "features": {
            "customer_update": {"enabled": False},
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
        },
    }
    known = portal_configuration()
    with stripe_errors():
        portals = client().v1.billing_portal.configurations
        if known is None:
            known = portals.create({"features": {"invoice_history": {"enabled": True}}, "metadata": PORTAL}).id
        return portals.update(known, wanted).id


def ensure_endpoint(url: str) -> tuple[str, str | None]:
    """Return the id of our webhook endpoint, and its secret if it was made now.

    The API version of an endpoint cannot be changed: a new endpoint is made, and the old one disabled.
    """
    with stripe_errors():
        endpoints = client().v1.webhook_endpoints
        for known in endpoints.list({"limit": 100}).auto_paging_iter():
            if known.url != url or known.status == "disabled":
                continue
            if known.api_version not in (None, stripe.api_version):
                endpoints.update(known.id, {"disabled": True})
                continue
            endpoints.update(known.id, WEBHOOK_EVENTS)
            return known.id, None
        params: WebhookEndpointCreateParams = {
            "url": url,
            "enabled_events": WEBHOOK_EVENTS["enabled_events"],
            "api_version": stripe.api_version,  # type: ignore[typeddict-item]  # the library types it as a str
        }
        made = endpoints.create(params)
    return made.id, made.secret
