"""Endpoints for invoices, payments and events."""

from __future__ import annotations

from typing import Any

from . import collection, elsewhere
from . import params as p
from .errors import Declined, invalid
from .params import EXPAND, PAGING, Field, Schema
from .payment import decline
from .routing import Call, Route, page, retrieve
from .store import Object

_EVENT_RETENTION = 30 * 24 * 3600  # seconds
_ID = Field(p.text(200))


def _pay_invoice(call: Call) -> Object:
    bill = call.named("invoice", "invoice")
    if bill["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if bill["status"] != "open":
        raise invalid(f"An invoice that is {bill['status']} can not be paid.")
    if call.params.get("paid_out_of_band"):
        collection.settle(call.tx, elsewhere.close(call.tx, bill, "payment_record", counted=True))
        return call.show(call.named("invoice"))
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
ROUTES = [
    Route("GET", "/v1/invoices", _LIST_INVOICES, _list_invoices),
    Route("GET", "/v1/invoices/{id}", EXPAND, retrieve("invoice", "invoice")),
    Route(
        "POST",
        "/v1/invoices/{id}/pay",
        {**EXPAND, "off_session": Field(p.boolean), "paid_out_of_band": Field(p.boolean), "payment_method": _ID},
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
