"""Endpoints for customers."""

from __future__ import annotations

from .cancelling import ENDED, end_now
from .objects import customer as new_customer
from .params import EXPAND, PAGING, Field, Schema, email, merge_metadata, metadata, text
from .routing import Call, Route, page
from .store import Object

DELETED = "customer (deleted)"
"""The kind under which a deleted customer is stored, so that no list shows it."""

_FIELDS: Schema = {
    **EXPAND,
    "description": Field(text(), clearable=True),
    "email": Field(email, clearable=True),
    "metadata": Field(metadata, clearable=True),
    "name": Field(text(256), clearable=True),
    "phone": Field(text(20), clearable=True),
}


def _create(call: Call) -> Object:
    given = {**call.params, "metadata": merge_metadata({}, call.params.get("metadata"))}
    made = call.tx.put(new_customer(call.tx.now, given))
    call.tx.emit("customer.created", made)
    return call.show(made)


def _update(call: Call) -> Object:
    before = call.named("customer")
    values = {name: value for name, value in call.params.items() if name != "expand"}
    if "metadata" in values:
        values["metadata"] = merge_metadata(before["metadata"], values["metadata"])
    return call.show(call.tx.change(before, values, "customer.updated"))


def _retrieve(call: Call) -> Object:
    """Return the customer; of a deleted one, only that it is deleted."""
    gone = call.tx.get(call.path_id, DELETED)
    return {**gone, "object": "customer"} if gone else call.show(call.named("customer"))


def _delete(call: Call) -> Object:
    """Delete the customer; its subscriptions end at once."""
    customer = call.named("customer")
    for sub in list(call.tx.newest_first("subscription")):
        if sub["customer"] == customer["id"] and sub["status"] not in ENDED:
            end_now(call.tx, sub)
    call.tx.emit("customer.deleted", customer)
    call.tx.remove(customer["id"])
    call.tx.put({"id": customer["id"], "object": DELETED, "deleted": True})
    return {"id": customer["id"], "object": "customer", "deleted": True}


def _list(call: Call) -> Object:
    wanted = call.params.get("email")
    return page(call, "customer", lambda c: wanted is None or c["email"] == wanted)


ROUTES = [
    Route("POST", "/v1/customers", _FIELDS, _create),
    Route("GET", "/v1/customers", {**PAGING, "email": Field(text(512))}, _list),
    Route("GET", "/v1/customers/{id}", EXPAND, _retrieve),
    Route("POST", "/v1/customers/{id}", _FIELDS, _update),
    Route("DELETE", "/v1/customers/{id}", {}, _delete),
]
