"""Endpoints for subscriptions, invoices, payments and events."""

from __future__ import annotations

from typing import Any

from . import collection, cycle
from . import params as p
from .cancelling import ENDED, end_at, end_now, end_with_period
from .clock import add_interval
from .errors import Declined, invalid, no_such
from .invoice_objects import invoice
from .params import EXPAND, PAGING, Field, Schema
from .payment import decline
from .routing import Call, Route, page, retrieve
from .store import Object
from .subscription_object import period_end

_EVENT_RETENTION = 30 * 24 * 3600  # seconds
_DETAILS: Schema = {
    "comment": Field(p.text(), clearable=True),
    "feedback": Field(p.text(50), clearable=True),
}
_ID = Field(p.text(200))


def _cancel_at(value: object, path: str) -> int | str:
    """Return a timestamp, or the word for the end of the period."""
    if value in ("min_period_end", "max_period_end"):
        return str(value)
    return int(p.integer()(value, path))


_UPDATE: Schema = {
    **EXPAND,
    "cancel_at": Field(_cancel_at, clearable=True),
    "cancel_at_period_end": Field(p.boolean),
    "cancellation_details": Field(p.hash_of(_DETAILS)),
    "default_payment_method": _ID,
    "metadata": Field(p.metadata, clearable=True),
}


def _list_subscriptions(call: Call) -> Object:
    customer, status = call.params.get("customer"), call.params.get("status")

    def matches(sub: Object) -> bool:
        if customer is not None and sub["customer"] != customer:
            return False
        over = sub["status"] in ENDED
        if status is None:
            return bool(sub["status"] != "canceled")
        if status in ("all", "ended"):
            return over or status == "all"
        return bool(sub["status"] == status)

    return page(call, "subscription", matches)


def _update_subscription(call: Call) -> Object:
    sub, given = call.named("subscription"), call.params
    if sub["status"] in ENDED and ("cancel_at" in given or "cancel_at_period_end" in given):
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    if "cancel_at" in given and "cancel_at_period_end" in given:
        raise invalid("You may only specify one of these parameters: cancel_at, cancel_at_period_end.", "cancel_at")
    # All of it is one change and one event, so the parts are put together before anything is stored.
    values: Object = {}
    if "metadata" in given:
        values["metadata"] = p.merge_metadata(sub["metadata"], given["metadata"])
    if "cancellation_details" in given:
        values["cancellation_details"] = {**sub["cancellation_details"], **given["cancellation_details"]}
    if method := call.referred("payment_method", "default_payment_method"):
        values["default_payment_method"] = method["id"]
    if given.get("cancel_at_period_end") is True and not sub["cancel_at_period_end"]:
        return call.show(end_with_period(call.tx, sub, True, values))
    if given.get("cancel_at_period_end") is False and sub["cancel_at_period_end"]:
        return call.show(end_at(call.tx, sub, None, False, values))
    if "cancel_at" in given:
        moment = given["cancel_at"]
        if isinstance(moment, str):
            moment = period_end(sub)
        if moment is not None and moment <= call.tx.now:
            raise invalid("`cancel_at` must be in the future.", "cancel_at")
        return call.show(end_at(call.tx, sub, moment, False, values))
    return call.show(call.tx.change(sub, values, "customer.subscription.updated"))


def _cancel_subscription(call: Call) -> Object:
    sub = call.named("subscription")
    if sub["status"] in ENDED:
        raise no_such("subscription", sub["id"], "id", 404)
    return call.show(end_now(call.tx, sub, details=call.params.get("cancellation_details")))


def _pause(call: Call) -> Object:
    sub = call.named("subscription")
    if sub["status"] not in ("active", "trialing", "past_due"):
        raise invalid(f"A subscription that is {sub['status']} can not be paused.")
    return call.show(collection.pause(call.tx, sub, "pause_requested"))


def _resume(call: Call) -> Object:
    """Begin a new period now, and charge for it; if that fails, the subscription is past due."""
    sub = call.named("subscription")
    if sub["status"] != "paused":
        raise invalid("Only a paused subscription can be resumed.")
    customer = call.tx.get(sub["customer"], "customer")
    assert customer is not None
    items = [_from_now(item, call.tx.now) for item in sub["items"]["data"]]
    active = {
        **sub,
        "billing_cycle_anchor": call.tx.now,
        "items": {**sub["items"], "data": items},
        "status": "active",
        "status_details": None,
    }
    draft = call.tx.put(invoice(call.tx, active, customer, "subscription_update"))
    active["latest_invoice"] = draft["id"]
    after = call.tx.change(sub, active, "customer.subscription.updated")
    call.tx.emit("customer.subscription.resumed", after)
    call.tx.emit("invoice.created", draft)
    collection.attempt(call.tx, collection.finalize(call.tx, draft))
    cycle.start(call.tx, after)
    return call.show(call.named("subscription"))


def _from_now(item: Object, now: int) -> Object:
    recurring = item["price"]["recurring"]
    end = add_interval(now, recurring["interval"], recurring["interval_count"])
    return {**item, "current_period_start": now, "current_period_end": end}


def _pay_invoice(call: Call) -> Object:
    bill = call.named("invoice", "invoice")
    if bill["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if bill["status"] != "open":
        raise invalid(f"An invoice that is {bill['status']} can not be paid.")
    method = call.referred("payment_method", "payment_method")
    present = not call.params.get("off_session", True)
    if problem := collection.attempt(call.tx, bill, method, present):
        raise Declined(decline(problem))
    return call.show(call.named("invoice"))


def _void_invoice(call: Call) -> Object:
    bill = call.named("invoice", "invoice")
    if bill["status"] != "open":
        raise invalid(f"An invoice that is {bill['status']} can not be voided.")
    return call.show(collection.void(call.tx, bill))


def _list_like(kind: str, *names: str) -> Any:
    """Return the handler of a list whose filters are fields of the object."""

    def handler(call: Call) -> Object:
        wanted = {name: call.params[name] for name in names if name in call.params}
        return page(call, kind, lambda found: all(found[name] == value for name, value in wanted.items()))

    return handler


def _list_invoices(call: Call) -> Object:
    customer, sub, status = (call.params.get(name) for name in ("customer", "subscription", "status"))

    def matches(invoice: Object) -> bool:
        details = (invoice["parent"] or {}).get("subscription_details") or {}
        return (
            (customer is None or invoice["customer"] == customer)
            and (sub is None or details.get("subscription") == sub)
            and (status is None or invoice["status"] == status)
        )

    return page(call, "invoice", matches)


def _list_invoice_payments(call: Call) -> Object:
    invoice, status = call.params.get("invoice"), call.params.get("status")
    payment = call.params.get("payment", {})

    def matches(item: Object) -> bool:
        return (
            (invoice is None or item["invoice"] == invoice)
            and (item["status"] == status if status else item["status"] != "canceled")
            and all(item["payment"].get(name) == value for name, value in payment.items())
        )

    return page(call, "invoice_payment", matches)


def _list_events(call: Call) -> Object:
    if "type" in call.params and "types" in call.params:
        raise invalid("You may only specify one of these parameters: type, types.", "types")
    types = set(call.params.get("types", ())) | ({call.params["type"]} if "type" in call.params else set())
    delivered = call.params.get("delivery_success")

    def matches(event: Object) -> bool:
        return (
            event["created"] >= call.tx.now - _EVENT_RETENTION
            and (not types or event["type"] in types)
            and (delivered is None or delivered == (event["pending_webhooks"] == 0))
        )

    return page(call, "event", matches)


_PAYMENT: Schema = {
    "payment_intent": _ID,
    "type": Field(p.text(50), required=True),
}
_LIST_EVENTS: Schema = {
    **PAGING,
    "delivery_success": Field(p.boolean),
    "type": _ID,
    "types": Field(p.list_of(p.text(200), 20)),
}
_LIST_INVOICES: Schema = {
    **PAGING,
    "customer": _ID,
    "status": Field(p.text(50)),
    "subscription": _ID,
}
_LIST_PAYMENTS: Schema = {
    **PAGING,
    "invoice": _ID,
    "payment": Field(p.hash_of(_PAYMENT)),
    "status": Field(p.text(50)),
}
_LIST_SUBSCRIPTIONS: Schema = {
    **PAGING,
    "customer": _ID,
    "status": Field(p.text(50)),
}

ROUTES = [
    Route("GET", "/v1/subscriptions", _LIST_SUBSCRIPTIONS, _list_subscriptions),
    Route("GET", "/v1/subscriptions/{id}", EXPAND, retrieve("subscription")),
    Route("POST", "/v1/subscriptions/{id}", _UPDATE, _update_subscription),
    Route(
        "DELETE",
        "/v1/subscriptions/{id}",
        {**EXPAND, "cancellation_details": Field(p.hash_of(_DETAILS))},
        _cancel_subscription,
    ),
    Route("POST", "/v1/subscriptions/{id}/pause", EXPAND, _pause),
    Route("POST", "/v1/subscriptions/{id}/resume", EXPAND, _resume),
    Route("GET", "/v1/invoices", _LIST_INVOICES, _list_invoices),
    Route("GET", "/v1/invoices/{id}", EXPAND, retrieve("invoice", "invoice")),
    Route(
        "POST",
        "/v1/invoices/{id}/pay",
        {**EXPAND, "off_session": Field(p.boolean), "payment_method": _ID},
        _pay_invoice,
    ),
    Route("POST", "/v1/invoices/{id}/void", EXPAND, _void_invoice),
    Route("GET", "/v1/invoice_payments", _LIST_PAYMENTS, _list_invoice_payments),
    Route("GET", "/v1/payment_intents", {**PAGING, "customer": _ID}, _list_like("payment_intent", "customer")),
    Route("GET", "/v1/payment_intents/{id}", EXPAND, retrieve("payment_intent", "intent")),
    Route(
        "GET",
        "/v1/charges",
        {**PAGING, "customer": _ID, "payment_intent": _ID},
        _list_like("charge", "customer", "payment_intent"),
    ),
    Route("GET", "/v1/payment_methods/{id}", EXPAND, retrieve("payment_method")),
    Route("GET", "/v1/charges/{id}", EXPAND, retrieve("charge", "charge")),
    Route("GET", "/v1/events", _LIST_EVENTS, _list_events),
    Route("GET", "/v1/events/{id}", EXPAND, retrieve("event")),
]
