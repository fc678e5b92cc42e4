"""Sets up at Stripe what the site needs. Running it again makes no duplicates.

Each object is found by a name of ours (product id, lookup key, metadata), updated if it differs, made if missing. Other
sites may use the same account: what is marked with another installation's id is left alone.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import stripe

from subscriptions.installation import installation_id
from subscriptions.stripe.client import API_VERSION, client
from subscriptions.stripe.convert import metadata_of
from subscriptions.stripe.errors import stripe_errors
from subscriptions.stripe.portal import PORTAL, find_configuration
from subscriptions.stripe.prices import lookup_key, price_of

if TYPE_CHECKING:
    from stripe.params import PriceCreateParams, WebhookEndpointCreateParams, WebhookEndpointUpdateParams
    from stripe.params.billing_portal import ConfigurationUpdateParams

PRODUCT = "newsroom-monthly-support"
WEBHOOK_PATH = "/stripe/webhook/"

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


@dataclass
class Endpoint:
    """Our webhook endpoint. `secret` is set if it was made now; `done` and `left` are sentences for the operator."""

    id: str = ""
    secret: str | None = None
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def ensure_price(amount: int, currency: str, interval: Literal["month", "year"] = "month") -> str:
    """Return the id of the price of `amount` minor units. Other prices stay: somebody may pay them."""
    with stripe_errors():
        products = client().v1.products
        if not products.list({"ids": [PRODUCT]}).data:
            products.create(
                {"id": PRODUCT, "name": "Monthly support for journalism"}, {"idempotency_key": f"setup-{PRODUCT}"}
            )
        params: PriceCreateParams = {
            "product": PRODUCT,
            "unit_amount": amount,
            "currency": currency,
            "recurring": {"interval": interval},
            "lookup_key": lookup_key(amount, currency, interval),
            "transfer_lookup_key": True,
        }
        return price_of(amount, currency, interval) or client().v1.prices.create(params).id


def ensure_portal(return_url: str) -> str:
    """Return the id of our portal configuration: change the card, see invoices, cancel at the end of the period."""
    marks = {**PORTAL, "installation": installation_id()}
    wanted: ConfigurationUpdateParams = {
        "default_return_url": return_url,
        "features": {
            # The address is changed on the site, and follows from there. So is the amount.
            "customer_update": {"enabled": False},
            "subscription_update": {"enabled": False},
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {
                "enabled": True,
                "mode": "at_period_end",
                "cancellation_reason": {
                    "enabled": True,
                    "options": ["too_expensive", "unused", "low_quality", "switched_service", "other"],
                },
            },
        },
        "metadata": {**marks},
    }
    known = find_configuration()
    if known and "installation" not in metadata_of(known.metadata) and known.default_return_url != return_url:
        known = None  # of an older site that shares the account, perhaps
    with stripe_errors():
        portals = client().v1.billing_portal.configurations
        if known is None:
            known = portals.create({"features": {"invoice_history": {"enabled": True}}, "metadata": marks})
        return portals.update(known.id, wanted).id


def ensure_endpoint(url: str) -> Endpoint:
    """Bring our webhook endpoint up to date in place, so that its secret stays. Make one if there is none.

    The API version of an endpoint cannot be changed: then a new one is made, once, and the old one disabled.
    """
    result = Endpoint()
    with stripe_errors():
        endpoints = client().v1.webhook_endpoints
        ours = []
        for each in endpoints.list({"limit": 100}).auto_paging_iter():
            owner = metadata_of(each.metadata).get("installation")
            if owner == installation_id() or (owner is None and each.url == url):
                ours.append(each)
            elif owner is None and each.url.endswith(WEBHOOK_PATH) and each.status == "enabled":
                result.left.append(
                    f"{each.id} ({each.url}) is nobody's by its marks. If this site was there, disable it."
                )
        usable = [each for each in ours if each.api_version in (None, API_VERSION)]
        chosen = min(usable, key=lambda each: (each.status != "enabled", each.url != url, -each.created), default=None)
        if chosen is None:
            params: WebhookEndpointCreateParams = {
                "url": url,
                "enabled_events": WEBHOOK_EVENTS["enabled_events"],
                "api_version": API_VERSION,  # type: ignore[typeddict-item]  # the library types it as a str
                "metadata": {"installation": installation_id()},
            }
            made = endpoints.create(params)
            result.id, result.secret = made.id, made.secret
            result.done.append(f"Made the endpoint {made.id} ({url}).")
        else:
            result.id = chosen.id
            if changes := _endpoint_changes(chosen, url):
                wanted: WebhookEndpointUpdateParams = {
                    **WEBHOOK_EVENTS,
                    "url": url,
                    "disabled": False,
                    "metadata": {"installation": installation_id()},
                }
                endpoints.update(chosen.id, wanted)
                result.done.append(f"Changed the endpoint {chosen.id} ({', '.join(changes)}). Its secret stays.")
        for other in ours:
            if other.id != result.id and other.status == "enabled":
                endpoints.update(other.id, {"disabled": True})
                result.done.append(f"Disabled the endpoint {other.id} ({other.url}, API version {other.api_version}).")
    return result


def endpoint_problem(url: str) -> str:
    """Return why Stripe's events do not reach this address, as far as its settings show; empty if they do."""
    with stripe_errors():
        known = [
            each for each in client().v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter() if each.url == url
        ]
    if not known:
        return "Stripe has no webhook endpoint for this site: run `manage.py stripe_setup`."
    enabled = [each for each in known if each.status == "enabled"]
    if not enabled:
        return "Stripe's webhook endpoint for this site is disabled: run `manage.py stripe_setup`."
    missing = min((_missing_events(each) for each in enabled), key=len)
    if missing:
        return f"Stripe's webhook endpoint does not send {', '.join(missing)}: run `manage.py stripe_setup`."
    return ""


def _endpoint_changes(endpoint: stripe.WebhookEndpoint, url: str) -> list[str]:
    """Return what must be changed, in words."""
    return [
        *(["address"] if endpoint.url != url else []),
        *(["enabled again"] if endpoint.status != "enabled" else []),
        *(["events"] if set(endpoint.enabled_events) != set(EVENT_TYPES) else []),
        *(["marked as this site's"] if "installation" not in metadata_of(endpoint.metadata) else []),
    ]


def _missing_events(endpoint: stripe.WebhookEndpoint) -> list[str]:
    if "*" in endpoint.enabled_events:
        return []
    return sorted(set(EVENT_TYPES) - set(endpoint.enabled_events))
