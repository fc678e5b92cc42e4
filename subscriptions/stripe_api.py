"""The one door to Stripe. What leaves here are plain facts, so that the shape of Stripe's objects is known only here.

API version: the one that the installed `stripe` package pins. Telemetry is off, and addresses of payment and portal
pages are never logged: who has one can use it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import stripe
from django.conf import settings

from subscriptions.cards import CardProblem

if TYPE_CHECKING:
    from stripe.params import (
        DisputeListParams,
        EventListParams,
        InvoiceListParams,
        RefundCreateParams,
        RefundListParams,
        SubscriptionListParams,
    )
    from stripe.params.billing_portal import SessionCreateParams as PortalParams
    from stripe.params.checkout import SessionCreateParams, SessionListParams
    from stripe.params.checkout._session_create_params import SessionCreateParamsLineItem as LineItem
    from stripe.params.checkout._session_create_params import SessionCreateParamsLineItemPriceData as PriceData

STRIPE_ITSELF = "https://api.stripe.com"
TIMEOUT = (3, 15)  # seconds to connect, and to answer
RETRIES = 2  # of what the library deems safe: lost connections, 409, 5xx; the idempotency key stays the same

PORTAL = {"newsroom": "portal"}  # by this metadata our configuration of the portal is known
SIGNED_WITHIN = 300  # seconds; an older signature may have been overheard

stripe.enable_telemetry = False


class Unreachable(Exception):
    """Stripe did not answer, or asked to be left alone for a while. Nothing is known; trying again is right."""


class Refused(Exception):
    """Stripe answered that our request is wrong. Trying again does not help: we have to mend it."""


class Gone(Refused):
    """Stripe knows no such object."""


class AlreadyReturned(Refused):
    """All of a payment was given back before, or its bank has taken it back."""


class CardRefused(Exception):
    """The bank refused the card. Only the person can do something about it; `problem` says what, in plain words."""

    def __init__(self, problem: CardProblem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class BadEvent(Exception):
    """The body did not come from Stripe, or was changed on the way, or is too old, or is no event."""


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    object_id: str
    livemode: bool
    api_version: str


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
    title: str = "Donation"  # of a gift: what the payment page and the receipt call it


@dataclass(frozen=True)
class Session:
    """A checkout session. `paid`: the money is certain; `complete`: the person has finished, the bank perhaps not."""

    id: str
    url: str | None
    open: bool
    complete: bool
    expired: bool
    paid: bool
    refused: bool  # complete, and the bank has said no to a delayed payment
    problem: CardProblem | None  # why the last card was refused, if it was
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
    checkout: str | None  # our Checkout.public_id, given at the start
    amount: int
    currency: str
    started: datetime
    current_period_end: datetime
    cancel_at: datetime | None
    ended: datetime | None
    failed_invoice: str | None  # the newest invoice, if its payment was tried and failed


@dataclass(frozen=True)
class Invoice:
    id: str
    paid: bool
    first: bool  # of its subscription
    subscription: str | None
    payment_intent: str | None
    amount_paid: int
    currency: str
    paid_at: datetime


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


@dataclass(frozen=True)
class Refund:
    """Money on its way back, or there. `failed`: it has come back to us, as the card was gone."""

    id: str
    failed: bool
    amount: int
    currency: str
    payment_intent: str | None
    created: datetime


@dataclass(frozen=True)
class Dispute:
    """What a bank has taken back on its client's word: `withdrawn`, and `reinstated` if it decided for us."""

    id: str
    withdrawn: int
    reinstated: int
    currency: str
    payment_intent: str | None
    created: datetime
    decided: datetime | None


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
            return Event(id_, type_, str(subject.get("id") or ""), livemode, str(event.get("api_version") or ""))
    raise BadEvent("Signed, but no event.")


def expects_livemode() -> bool:
    """Whether our key is one that moves real money."""
    return bool(settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")))


def create_customer(email: str, person: int, generation: int = 1) -> str:
    """The id of the customer of this person, made once for each generation however often it is asked for."""
    with errors():
        customer = client().v1.customers.create(
            {"email": email, "metadata": {"person": str(person)}},
            {"idempotency_key": f"customer-{person}-{generation}-{email}"},
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
    known = price_of(order.amount, order.currency)
    line: LineItem = {"quantity": 1, "price": known} if known else {"quantity": 1, "price_data": price}
    return _create_session(
        order,
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [line],
            "subscription_data": {"metadata": {"checkout": order.checkout, "person": str(person)}},
        },
    )


def create_donation_session(order: Order, *, customer: str | None) -> Session:
    """Give the order's amount once; `customer` for a person who has one, None for a guest."""
    price: PriceData = {
        "currency": order.currency,
        "unit_amount": order.amount,
        "product_data": {"name": order.title},
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
    with errors():
        return _session(
            client().v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent", "subscription"]})
        )


def sessions(*, payment_intent: str | None = None) -> Iterator[Session]:
    """All payment pages, or those of one payment."""
    params: SessionListParams = {"limit": 100, "expand": ["data.payment_intent", "data.subscription"]}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with errors():
        yield from map(_session, client().v1.checkout.sessions.list(params).auto_paging_iter())


def expire_session(session_id: str) -> None:
    """Close a payment page, so that nothing can be paid there. Raises Refused if it is not open."""
    with errors():
        client().v1.checkout.sessions.expire(session_id)


def retrieve_subscription(subscription_id: str) -> Subscription:
    with errors():
        return _subscription(client().v1.subscriptions.retrieve(subscription_id, {"expand": ["latest_invoice"]}))


def subscriptions(*, customer: str | None = None) -> Iterator[Subscription]:
    """All subscriptions in whatever state, or those of one customer."""
    params: SubscriptionListParams = {"status": "all", "limit": 100, "expand": ["data.latest_invoice"]}
    if customer:
        params["customer"] = customer
    with errors():
        yield from map(_subscription, client().v1.subscriptions.list(params).auto_paging_iter())


def cancel_subscription(subscription_id: str, *, at_end: bool = False) -> None:
    """End it now, or when what is paid is over. Nothing is given back by it. One that has ended stays as it is."""
    with suppress(Gone), errors():
        if at_end:
            client().v1.subscriptions.update(subscription_id, {"cancel_at_period_end": True})
        else:
            client().v1.subscriptions.cancel(subscription_id)


def retrieve_invoice(invoice_id: str) -> Invoice:
    with errors():
        return _invoice(client().v1.invoices.retrieve(invoice_id, {"expand": ["payments"]}))


def paid_invoices(*, subscription: str | None = None) -> Iterator[Invoice]:
    """All that was paid for subscriptions, or for one of them."""
    params: InvoiceListParams = {"status": "paid", "limit": 100, "expand": ["data.payments"]}
    if subscription:
        params["subscription"] = subscription
    with errors():
        yield from map(_invoice, client().v1.invoices.list(params).auto_paging_iter())


def invoice_of(payment_intent: str) -> str | None:
    """The invoice that this payment is for."""
    with errors():
        links = client().v1.invoice_payments.list(
            {"payment": {"type": "payment_intent", "payment_intent": payment_intent}}
        )
    return next((id_of(link.invoice) for link in links.data), None)


def refusals(charge_id: str) -> tuple[str | None, int]:
    """Of the payment that this refused try belongs to: our Checkout.public_id, and how many tries were refused."""
    with errors():
        charge = client().v1.charges.retrieve(charge_id)
        tries = client().v1.charges.list({"payment_intent": id_of(charge.payment_intent) or "", "limit": 100}).data
    return _metadata(charge.metadata).get("checkout"), sum(each.status == "failed" for each in tries)


def warned_payment(warning_id: str) -> tuple[str | None, datetime]:
    """The payment intent that a bank warns of, and since when."""
    with errors():
        warning = client().v1.radar.early_fraud_warnings.retrieve(warning_id)
    return id_of(warning.payment_intent), _moment(warning.created)


def card_problem(invoice_id: str) -> CardProblem:
    """Why the last try to pay this invoice failed."""
    intent_id = retrieve_invoice(invoice_id).payment_intent
    if intent_id is None:
        return CardProblem.REFUSED
    with errors():
        return _problem(client().v1.payment_intents.retrieve(intent_id)) or CardProblem.REFUSED


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


def refund(payment_intent: str, *, idempotency_key: str, amount: int | None = None) -> str:
    """Give back what is left of a payment, or `amount` of it. The refund's id. Raises AlreadyReturned, Refused."""
    params: RefundCreateParams = {"payment_intent": payment_intent, "reason": "requested_by_customer"}
    if amount is not None:
        params["amount"] = amount
    try:
        with errors():
            return client().v1.refunds.create(params, {"idempotency_key": idempotency_key}).id
    except Refused as refusal:
        cause = refusal.__cause__
        if isinstance(cause, stripe.StripeError) and cause.code in ("charge_already_refunded", "charge_disputed"):
            raise AlreadyReturned(str(refusal)) from cause
        raise


def retrieve_refund(refund_id: str) -> Refund:
    with errors():
        return _refund(client().v1.refunds.retrieve(refund_id))


def refunds(*, payment_intent: str | None = None) -> Iterator[Refund]:
    params: RefundListParams = {"limit": 100}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with errors():
        yield from map(_refund, client().v1.refunds.list(params).auto_paging_iter())


def retrieve_dispute(dispute_id: str) -> Dispute:
    with errors():
        return _dispute(client().v1.disputes.retrieve(dispute_id))


def disputes(*, payment_intent: str | None = None) -> Iterator[Dispute]:
    params: DisputeListParams = {"limit": 100}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with errors():
        yield from map(_dispute, client().v1.disputes.list(params).auto_paging_iter())


def is_deleted(customer_id: str) -> bool:
    """Whether this customer is no more."""
    try:
        with errors():
            return bool(getattr(client().v1.customers.retrieve(customer_id), "deleted", False))
    except Gone:
        return True


def delete_customer(customer_id: str) -> None:
    """For ever; what the customer subscribes to ends at once. The payments stay in Stripe's books."""
    with suppress(Gone), errors():
        client().v1.customers.delete(customer_id)


def undelivered_events(types: Sequence[str], since: datetime) -> Iterator[tuple[Event, str]]:
    """What Stripe could not tell us (it remembers for 30 days), each with its whole text."""
    for start in range(0, len(types), 20):  # so many may be asked for at a time
        params: EventListParams = {
            "delivery_success": False,
            "types": list(types[start : start + 20]),
            "created": {"gte": int(since.timestamp())},
            "limit": 100,
        }
        with errors():
            yield from map(_event, client().v1.events.list(params).auto_paging_iter())


def retrieve_event(event_id: str) -> tuple[Event, str]:
    with errors():
        return _event(client().v1.events.retrieve(event_id))


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
    with errors():
        return client().v1.billing_portal.sessions.create(params).url


def portal_configuration() -> str | None:
    """Ours, if `manage.py stripe_setup` has made it; else the account's own is used."""
    with errors():
        found = client().v1.billing_portal.configurations.list({"active": True, "limit": 100})
        return next((known.id for known in found.auto_paging_iter() if _metadata(known.metadata) == PORTAL), None)


def price_of(amount: int, currency: str) -> str | None:
    """The monthly price of so much, if `manage.py stripe_setup` has made it; else each payment page names its own."""
    with errors():
        found = client().v1.prices.list({"lookup_keys": [lookup_key(amount, currency)], "active": True}).data
    return found[0].id if found else None


def lookup_key(amount: int, currency: str) -> str:
    return f"monthly-{amount}-{currency}"


def _event(found: stripe.Event) -> tuple[Event, str]:
    whole = found.to_dict()
    subject = str(whole["data"]["object"].get("id") or "")
    return Event(found.id, found.type, subject, found.livemode, found.api_version or ""), json.dumps(whole, default=str)


def _subscription(found: stripe.Subscription) -> Subscription:
    item = found.items.data[0]
    end = found.cancel_at or (item.current_period_end if found.cancel_at_period_end else None)
    newest = found.latest_invoice
    failed = isinstance(newest, stripe.Invoice) and newest.status == "open" and newest.attempted
    metadata = _metadata(found.metadata)
    return Subscription(
        id=found.id,
        status=found.status,
        customer=id_of(found.customer) or "",
        person=metadata.get("person"),
        checkout=metadata.get("checkout"),
        amount=(item.price.unit_amount or 0) * (item.quantity or 1),
        currency=item.price.currency,
        started=_moment(found.start_date),
        current_period_end=_moment(item.current_period_end),
        cancel_at=_moment(end) if end else None,
        ended=_moment(found.ended_at) if found.ended_at else None,
        failed_invoice=id_of(newest) if failed else None,
    )


def _invoice(found: stripe.Invoice) -> Invoice:
    details = found.parent.subscription_details if found.parent else None
    payments = found.payments.data if found.payments else []
    intents = [id_of(link.payment.payment_intent) for link in payments if link.status != "canceled"]
    return Invoice(
        id=found.id,
        paid=found.status == "paid",
        first=found.billing_reason == "subscription_create",
        subscription=id_of(details.subscription) if details else None,
        payment_intent=next(filter(None, intents), None),
        amount_paid=found.amount_paid,
        currency=found.currency,
        paid_at=_moment(found.status_transitions.paid_at or found.created),
    )


def _refund(found: stripe.Refund) -> Refund:
    return Refund(
        id=found.id,
        failed=found.status in ("failed", "canceled"),
        amount=found.amount,
        currency=found.currency,
        payment_intent=id_of(found.payment_intent),
        created=_moment(found.created),
    )


def _dispute(found: stripe.Dispute) -> Dispute:
    moved = found.balance_transactions
    back = [movement for movement in moved if movement.amount > 0]
    return Dispute(
        id=found.id,
        withdrawn=-sum(movement.amount for movement in moved if movement.amount < 0),
        reinstated=sum(movement.amount for movement in back),
        currency=found.currency,
        payment_intent=id_of(found.payment_intent),
        created=_moment(found.created),
        decided=_moment(back[0].created) if back else None,
    )


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
    with errors():
        return _session(client().v1.checkout.sessions.create(whole, {"idempotency_key": order.idempotency_key}))


def _session(found: stripe.checkout.Session) -> Session:
    details = found.customer_details
    unpaid = found.status == "complete" and found.payment_status == "unpaid"
    intent, begun = found.payment_intent, found.subscription
    refused = isinstance(intent, stripe.PaymentIntent) and intent.status in ("requires_payment_method", "canceled")
    expired = isinstance(begun, stripe.Subscription) and begun.status in ("incomplete_expired", "canceled")
    return Session(
        id=found.id,
        url=found.url,
        open=found.status == "open",
        complete=found.status == "complete",
        expired=found.status == "expired",
        paid=found.status == "complete" and not unpaid,
        refused=unpaid and (refused or expired),
        problem=_problem(intent) if isinstance(intent, stripe.PaymentIntent) else None,
        checkout=found.client_reference_id,
        customer=id_of(found.customer),
        email=(details.email if details else None) or found.customer_email,
        amount=found.amount_total or 0,
        currency=found.currency or "",
        created=_moment(found.created),
        payment_intent=id_of(found.payment_intent),
        subscription=id_of(found.subscription),
        invoice=id_of(found.invoice),
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


def client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@contextmanager
def errors() -> Iterator[None]:
    """Stripe's two dozen errors as the three that make a difference to a person: try again, your card, our mistake."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unreachable(str(error)) from error
    except stripe.StripeError as error:
        # 409: another request with the same key is still under way. 5xx: Stripe's own trouble.
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise Unreachable(str(error)) from error
        if isinstance(error, stripe.CardError):
            refusal = error.error.decline_code if error.error else None
            raise CardRefused(CardProblem.of(error.code, refusal)) from error
        if error.http_status == 404 or error.code == "resource_missing":
            raise Gone(str(error)) from error
        raise Refused(str(error)) from error


def _problem(intent: stripe.PaymentIntent) -> CardProblem | None:
    """Why its last try failed. Stripe leaves out what does not apply: not every refusal has a code of the bank's."""
    error = intent.last_payment_error
    return CardProblem.of(getattr(error, "code", None), getattr(error, "decline_code", None)) if error else None


def _metadata(given: "stripe.StripeObject | None") -> dict[str, str]:
    return given.to_dict() if given else {}


def id_of(reference: object) -> str | None:
    """The id of what Stripe names either by its id or, expanded, whole."""
    return reference if reference is None or isinstance(reference, str) else str(getattr(reference, "id", "")) or None


def _moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
