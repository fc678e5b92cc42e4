"""Checkout sessions: Stripe's payment pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

import stripe

from subscriptions.decline_reasons import DeclineReason
from subscriptions.installation import installation_id
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import decline_reason, id_of, to_datetime
from subscriptions.stripe.errors import stripe_errors
from subscriptions.stripe.prices import Interval, price_of

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams, SessionListParams
    from stripe.params.checkout._session_create_params import SessionCreateParamsLineItem as LineItem
    from stripe.params.checkout._session_create_params import SessionCreateParamsLineItemPriceData as PriceData


@dataclass(frozen=True)
class Order:
    """A payment to ask for: `amount` minor units for the checkout with this public id, until `expires_at`."""

    checkout: str
    amount: int
    currency: str
    expires_at: datetime
    success_url: str
    cancel_url: str
    idempotency_key: str
    interval: str = "month"  # subscriptions only
    title: str = "Donation"  # donations only: their name on the payment page and the receipt


@dataclass(frozen=True)
class Session:
    """A checkout session. `paid`: the money is certain; `complete`: the person has finished, the bank perhaps not."""

    id: str
    url: str | None
    open: bool
    complete: bool
    expired: bool
    paid: bool
    refused: bool  # complete, and the bank has refused a delayed payment
    problem: DeclineReason | None  # why the last card was refused, if one was
    checkout: str | None  # our Checkout.public_id, sent when the session was created
    customer: str | None
    email: str | None
    amount: int
    currency: str
    created: datetime
    payment_intent: str | None
    subscription: str | None
    invoice: str | None

    @classmethod
    def from_stripe(cls, session: stripe.checkout.Session) -> Self:
        """Build it from a session whose payment intent and subscription are expanded."""
        details = session.customer_details
        unpaid = session.status == "complete" and session.payment_status == "unpaid"
        intent, begun = session.payment_intent, session.subscription
        refused = isinstance(intent, stripe.PaymentIntent) and intent.status in ("requires_payment_method", "canceled")
        ended = isinstance(begun, stripe.Subscription) and begun.status in ("incomplete_expired", "canceled")
        return cls(
            id=session.id,
            url=session.url,
            open=session.status == "open",
            complete=session.status == "complete",
            expired=session.status == "expired",
            paid=session.status == "complete" and not unpaid,
            refused=unpaid and (refused or ended),
            problem=decline_reason(intent) if isinstance(intent, stripe.PaymentIntent) else None,
            checkout=session.client_reference_id,
            customer=id_of(session.customer),
            email=(details.email if details else None) or session.customer_email,
            amount=session.amount_total or 0,
            currency=session.currency or "",
            created=to_datetime(session.created),
            payment_intent=id_of(intent),
            subscription=id_of(begun),
            invoice=id_of(session.invoice),
        )


def create_subscription_session(order: Order, *, customer: str) -> Session:
    """Create a payment page for the order's amount each month or year."""
    interval: Interval = "year" if order.interval == "year" else "month"
    price: PriceData = {
        "currency": order.currency,
        "unit_amount": order.amount,
        "recurring": {"interval": interval},
        "product_data": {"name": f"{interval.capitalize()}ly support for journalism"},
    }
    known = price_of(order.amount, order.currency, interval)
    line: LineItem = {"quantity": 1, "price": known} if known else {"quantity": 1, "price_data": price}
    return _create_session(
        order,
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [line],
            "subscription_data": {"metadata": _metadata(order)},
        },
    )


def create_donation_session(order: Order, *, customer: str | None) -> Session:
    """Create a payment page for the order's amount, once. `customer` is None for a guest."""
    price: PriceData = {
        "currency": order.currency,
        "unit_amount": order.amount,
        "product_data": {"name": order.title},
    }
    params: SessionCreateParams = {
        "mode": "payment",
        "submit_type": "donate",
        "line_items": [{"quantity": 1, "price_data": price}],
        "payment_intent_data": {"metadata": _metadata(order)},
    }
    if customer is not None:
        params["customer"] = customer
    return _create_session(order, params)


def retrieve_session(session_id: str) -> Session:
    with stripe_errors():
        sessions = client().v1.checkout.sessions
        return Session.from_stripe(sessions.retrieve(session_id, {"expand": ["payment_intent", "subscription"]}))


def list_sessions(*, payment_intent: str | None = None) -> Iterator[Session]:
    """Yield all sessions, or those of one payment."""
    params: SessionListParams = {"limit": 100, "expand": ["data.payment_intent", "data.subscription"]}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with stripe_errors():
        yield from map(Session.from_stripe, client().v1.checkout.sessions.list(params).auto_paging_iter())


def expire_session(session_id: str) -> None:
    """Close a payment page, so that nothing can be paid there. Raises Refused if it is not open."""
    with stripe_errors():
        client().v1.checkout.sessions.expire(session_id)


def _metadata(order: Order) -> dict[str, str]:
    """Return what marks an object as ours: another site may use the same Stripe account."""
    return {"checkout": order.checkout, "installation": installation_id()}


def _create_session(order: Order, params: "SessionCreateParams") -> Session:
    whole: SessionCreateParams = {
        **params,
        "client_reference_id": order.checkout,
        "metadata": _metadata(order),
        "expires_at": int(order.expires_at.timestamp()),
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "adaptive_pricing": {"enabled": False},
    }
    with stripe_errors():
        sessions = client().v1.checkout.sessions
        return Session.from_stripe(sessions.create(whole, {"idempotency_key": order.idempotency_key}))
