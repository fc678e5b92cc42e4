"""Endpoints for webhook endpoints. The one of the command line always exists, and it alone gets deliveries.

So that a site which sets itself up finds its own address registered, and what it says about types and about being
switched off is followed. Another address can be registered, changed and deleted, and hears nothing.
"""

from __future__ import annotations

from . import params as p
from .ids import new_id
from .params import EXPAND, PAGING, Field, Schema
from .routing import Call, Route, page, retrieve
from .store import ENDPOINT, Object, Transaction
from .version import API_VERSION


def register(tx: Transaction, url: str) -> None:
    """Store the endpoint of the command line, unless an earlier run has stored it."""
    known = tx.get(ENDPOINT)
    if known is None or known["url"] != url:
        tx.put({**_endpoint(tx.now, {"url": url, "enabled_events": ["*"]}), "id": ENDPOINT})


def _endpoint(now: int, given: Object) -> Object:
    return {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": given.get("api_version"),
        "application": None,
        "created": now,
        "description": given.get("description"),
        "enabled_events": given["enabled_events"],
        "livemode": False,
        "metadata": p.merge_metadata({}, given.get("metadata")),
        "status": "enabled",
        "url": given["url"],
    }


def _create(call: Call) -> Object:
    made = call.tx.put(_endpoint(call.tx.now, call.params))
    # Stripe tells the secret this once. Nothing is ever signed with this one.
    return {**call.show(made), "secret": new_id("whsec")}


def _update(call: Call) -> Object:
    after = call.named("webhook_endpoint", "webhook_endpoint")
    for name in ("description", "enabled_events", "url"):
        if name in call.params:
            after[name] = call.params[name]
    if "metadata" in call.params:
        after["metadata"] = p.merge_metadata(after["metadata"], call.params["metadata"])
    if "disabled" in call.params:
        after["status"] = "disabled" if call.params["disabled"] else "enabled"
    return call.show(call.tx.put(after))


def _delete(call: Call) -> Object:
    gone = call.named("webhook_endpoint", "webhook_endpoint")
    if gone["id"] == ENDPOINT:  # the command line still says that it is there
        call.tx.put({**gone, "status": "disabled"})
    else:
        call.tx.remove(gone["id"])
    return {"id": gone["id"], "object": "webhook_endpoint", "deleted": True}


def _list(call: Call) -> Object:
    return page(call, "webhook_endpoint", lambda endpoint: True)


_FIELDS: Schema = {
    **EXPAND,
    "description": Field(p.text(), clearable=True),
    "enabled_events": Field(p.list_of(p.text(200), 500)),
    "metadata": Field(p.metadata, clearable=True),
    "url": Field(p.address),
}

ROUTES = [
    # A stand-in of one version can register endpoints of that one only.
    Route("POST", "/v1/webhook_endpoints", {**_FIELDS, "api_version": Field(p.choice(API_VERSION))}, _create),
    Route("GET", "/v1/webhook_endpoints", PAGING, _list),
    Route("GET", "/v1/webhook_endpoints/{id}", EXPAND, retrieve("webhook_endpoint", "webhook_endpoint")),
    Route("POST", "/v1/webhook_endpoints/{id}", {**_FIELDS, "disabled": Field(p.boolean)}, _update),
    Route("DELETE", "/v1/webhook_endpoints/{id}", {}, _delete),
]
