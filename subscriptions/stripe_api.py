"""The one door to Stripe. What leaves here are plain facts, so that the shape of Stripe's objects is known only here.

API version: the one that the installed `stripe` package pins. Telemetry is off, and addresses of payment and portal
pages are never logged: who has one can use it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import stripe
from django.conf import settings

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams
    from stripe.params.checkout._session_create_params import SessionCreateParamsLineItemPriceData as PriceData

STRIPE_ITSELF = "https://api.stripe.com"
TIMEOUT = (3, 15)  # seconds to connect, and to answer
RETRIES = 2  # of what the library deems safe: lost connections, 409, 5xx; the idempotency key stays the same

SIGNED_WITHIN = 300  # seconds; an older signature may have been overheard

stripe.enable_telemetry = False


class Unreachable(Exception):
    """Stripe did not answer, or asked to be left alone for a while. Nothing is known; trying again is right."""


class Refused(Exception):
    """Stripe answered that our request is wrong. Trying again does not help: we have to mend it."""


class BadEvent(Exception):
    """The body did not come from Stripe, or was changed on the way, or is too old, or is no event."""


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    object_id: str
    livemode: bool


@dataclass(frozen=True)
class Order:
    """What is to be paid: `amount` minor units for the checkout of this public id, until `expires_at`."""

    checkout: str
    amount: int
    currency: str
    expires_at: datetime
    success_url: str
    cancel_url: str
    idempotency_key: str


@dataclass(frozen=True)
class Session:
    """A checkout session. `paid`: the money is certain; `complete`: the person has finished, the bank perhaps not."""

    id: str
    url: str | None
    open: bool
    complete: bool
    expired: bool
    paid: bool
    checkout: str | None  # our Checkout.public_id, given at the start
    customer: str | None
    email: str | None
    amount: int
    currency: str
    created: datetime
    payment_intent: str | None
    subscription: str | None
    invoice: str | None


@dataclass(frozen=True)
class Subscription:
    id: str
    status: str
    customer: str
    person: str | None  # our User.pk, given at the start
    amount: int
    currency: str
    started: datetime
    current_period_end: datetime
    cancel_at: datetime | None
    ended: datetime | None


@dataclass(frozen=True)
class Invoice:
    id: str
    paid: bool
    subscription: str | None
    amount_paid: int
    currency: str
    paid_at: datetime


def may_be_called(base: str, key: str) -> bool:
    """Whether this address may be talked to with this key: Stripe's own, or this machine's with a test key."""
    if base == STRIPE_ITSELF:
        return True
    host = urlsplit(base).hostname
    return key.startswith(("sk_test_", "rk_test_")) and host in ("127.0.0.1", "::1", "localhost")


def verified_event(body: bytes, signature: str) -> Event:
    """The event in a webhook's body. Raises BadEvent."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, settings.STRIPE_WEBHOOK_SECRET, SIGNED_WITHIN)
        event = json.loads(text)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadEvent(str(error)) from error
    match event:
        case {"id": str(id_), "type": str(type_), "livemode": bool(livemode), "data": {"object": {**subject}}}:
            return Event(id_, type_, str(subject.get("id") or ""), livemode)
    raise BadEvent("Signed, but no event.")


def expects_livemode() -> bool:
    """Whether our key is one that moves real money."""
    return bool(settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")))


def create_customer(email: str, person: int) -> str:
    """The id of the customer of this person, made once however often it is asked for."""
    with _errors():
        customer = _client().v1.customers.create(
            {"email": email, "metadata": {"person": str(person)}}, {"idempotency_key": f"customer-{person}-{email}"}
        )
    return customer.id


def create_subscription_session(order: Order, *, person: int, customer: str) -> Session:
    """Start paying the order's amount each month."""
    price: PriceData = {
        "currency": order.currency,
        "unit_amount": order.amount,
        "recurring": {"interval": "month"},
        "product_data": {"name": "Monthly support for journalism"},
    }
    return _create_session(
        order,
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"quantity": 1, "price_data": price}],
            "subscription_data": {"metadata": {"checkout": order.checkout, "person": str(person)}},
        },
    )


def create_donation_session(order: Order, *, customer: str | None) -> Session:
    """Give the order's amount once; `customer` for a person who has one, None for a guest."""
    price: PriceData = {
        "currency": order.currency,
        "unit_amount": order.amount,
        "product_data": {"name": "Donation"},
    }
    params: SessionCreateParams = {
        "mode": "payment",
        "submit_type": "donate",
        "line_items": [{"quantity": 1, "price_data": price}],
        "payment_intent_data": {"metadata": {"checkout": order.checkout}},
    }
    if customer is not None:
        params["customer"] = customer
    return _create_session(order, params)


def retrieve_session(session_id: str) -> Session:
    with _errors():
        return _session(_client().v1.checkout.sessions.retrieve(session_id))


def expire_session(session_id: str) -> None:
    """Close a payment page, so that nothing can be paid there. Raises Refused if it is not open."""
    with _errors():
        _client().v1.checkout.sessions.expire(session_id)


def retrieve_subscription(subscription_id: str) -> Subscription:
    with _errors():
        found = _client().v1.subscriptions.retrieve(subscription_id)
    item = found.items.data[0]
    end = found.cancel_at or (item.current_period_end if found.cancel_at_period_end else None)
    return Subscription(
        id=found.id,
        status=found.status,
        customer=_id(found.customer) or "",
        person=(found.metadata.to_dict() if found.metadata else {}).get("person"),
        amount=(item.price.unit_amount or 0) * (item.quantity or 1),
        currency=item.price.currency,
        started=_moment(found.start_date),
        current_period_end=_moment(item.current_period_end),
        cancel_at=_moment(end) if end else None,
        ended=_moment(found.ended_at) if found.ended_at else None,
    )


def retrieve_invoice(invoice_id: str) -> Invoice:
    with _errors():
        found = _client().v1.invoices.retrieve(invoice_id)
    details = found.parent.subscription_details if found.parent else None
    return Invoice(
        id=invoice_id,
        paid=found.status == "paid",
        subscription=_id(details.subscription) if details else None,
        amount_paid=found.amount_paid,
        currency=found.currency,
        paid_at=_moment(found.status_transitions.paid_at or found.created),
    )


def create_portal_session(customer: str, return_url: str) -> str:
    """The address of Stripe's page where this customer changes card, sees invoices or cancels. Good for minutes."""
    with _errors():
        return _client().v1.billing_portal.sessions.create({"customer": customer, "return_url": return_url}).url


def _create_session(order: Order, params: "SessionCreateParams") -> Session:
    whole: SessionCreateParams = {
        **params,
        "client_reference_id": order.checkout,
        "metadata": {"checkout": order.checkout},
        "expires_at": int(order.expires_at.timestamp()),
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "adaptive_pricing": {"enabled": False},
    }
    with _errors():
        return _session(_client().v1.checkout.sessions.create(whole, {"idempotency_key": order.idempotency_key}))


def _session(found: stripe.checkout.Session) -> Session:
    details = found.customer_details
    return Session(
        id=found.id,
        url=found.url,
        open=found.status == "open",
        complete=found.status == "complete",
        expired=found.status == "expired",
        paid=found.status == "complete" and found.payment_status != "unpaid",
        checkout=found.client_reference_id,
        customer=_id(found.customer),
        email=(details.email if details else None) or found.customer_email,
        amount=found.amount_total or 0,
        currency=found.currency or "",
        created=_moment(found.created),
        payment_intent=_id(found.payment_intent),
        subscription=_id(found.subscription),
        invoice=_id(found.invoice),
    )


@cache
def _client_for(key: str, base: str) -> stripe.StripeClient:
    if not may_be_called(base, key):
        raise Refused(f"Refusing to talk to {base} with this key.")
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def _client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@contextmanager
def _errors() -> Iterator[None]:
    """Stripe's two dozen errors as the two that make a difference to a person."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unreachable(str(error)) from error
    except stripe.StripeError as error:
        # 409: another request with the same key is still under way. 5xx: Stripe's own trouble.
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise Unreachable(str(error)) from error
        raise Refused(str(error)) from error


def _id(reference: object) -> str | None:
    """The id of what Stripe names either by its id or, expanded, whole."""
    return reference if reference is None or isinstance(reference, str) else str(getattr(reference, "id", "")) or None


def _moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
