"""Endpoints for customers and their portal sessions."""

from __future__ import annotations

from .objects import customer as new_customer
from .objects import portal_session
from .params import EXPAND, PAGING, Field, Schema, address, email, merge_metadata, metadata, text
from .routing import Call, Route, page, retrieve
from .store import Object, changes

_FIELDS: Schema = {
    **EXPAND,
    "description": Field(text(), clearable=True),
    "email": Field(email, clearable=True),
    "metadata": Field(metadata, clearable=True),
    "name": Field(text(256), clearable=True),
    "phone": Field(text(20), clearable=True),
}
_PORTAL: Schema = {
    **EXPAND,
    "configuration": Field(text(200)),
    "customer": Field(text(200), required=True),
    "locale": Field(text(10)),
    "return_url": Field(address),
}


def _create(call: Call) -> Object:
    given = {**call.params, "metadata": merge_metadata({}, call.params.get("metadata"))}
    made = call.tx.put(new_customer(call.tx.now, given))
    call.tx.emit("customer.created", made)
    return call.show(made)


def _update(call: Call) -> Object:
    before = call.named("customer")
    after = dict(before)
    for name, value in call.params.items():
        if name == "metadata":
            after["metadata"] = merge_metadata(before["metadata"], value)
        elif name != "expand":
            after[name] = value
    if difference := changes(before, after):
        call.tx.put(after)
        call.tx.emit("customer.updated", after, difference)
    return call.show(after)


def _list(call: Call) -> Object:
    wanted = call.params.get("email")
    return page(call, "customer", lambda c: wanted is None or c["email"] == wanted)


def _open_portal(call: Call) -> Object:
    call.referred("customer", "customer")
    return call.show(call.tx.put(portal_session(call.tx.now, call.params, call.app.config.base_url)))


ROUTES = [
    Route("POST", "/v1/customers", _FIELDS, _create),
    Route("GET", "/v1/customers", {**PAGING, "email": Field(text(512))}, _list),
    Route("GET", "/v1/customers/{id}", EXPAND, retrieve("customer")),
    Route("POST", "/v1/customers/{id}", _FIELDS, _update),
    Route("POST", "/v1/billing_portal/sessions", _PORTAL, _open_portal),
]
