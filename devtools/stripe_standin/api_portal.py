"""Endpoints for the billing portal's configurations and sessions."""

from __future__ import annotations

from typing import Any

from . import params as p
from .errors import invalid
from .ids import new_id
from .objects import portal_session
from .params import EXPAND, PAGING, Field, Schema
from .routing import Call, Route, page, retrieve
from .store import Object, Transaction, merged

_REASONS = ["too_expensive", "missing_features", "switched_service", "unused", "other"]


def _features(given: Any) -> Object:
    """Return all features; those that are not given are off."""
    all_of_them: Object = {
        "customer_update": {"allowed_updates": [], "enabled": False},
        "invoice_history": {"enabled": False},
        "payment_method_update": {"enabled": False, "payment_method_configuration": None},
        "subscription_cancel": {
            "cancellation_reason": {"enabled": False, "feedback_options": None, "options": _REASONS},
            "enabled": False,
            "mode": "at_period_end",
            "proration_behavior": "none",
        },
        "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
        "subscription_update": {
            "billing_cycle_anchor": None,
            "default_allowed_updates": [],
            "enabled": False,
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "end_trial",
        },
    }
    return merged(all_of_them, given)


def configuration(tx: Transaction, given: Object, is_default: bool) -> Object:
    """Return a new configuration of the portal."""
    profile = {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None}
    made: Object = {
        "id": new_id("bpc"),
        "object": "billing_portal.configuration",
        "active": True,
        "application": None,
        "business_profile": {**profile, **(given.get("business_profile") or {})},
        "created": tx.now,
        "default_return_url": given.get("default_return_url"),
        "features": _features(given.get("features") or {}),
        "is_default": is_default,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": p.merge_metadata({}, given.get("metadata")),
        "name": given.get("name"),
        "updated": tx.now,
    }
    return tx.put(made)


def _create(call: Call) -> Object:
    made = configuration(call.tx, call.params, False)
    call.tx.emit("billing_portal.configuration.created", made)
    return call.show(made)


def _update(call: Call) -> Object:
    before, given = call.named("billing_portal.configuration"), call.params
    values: Object = {"updated": call.tx.now}
    for name in ("active", "default_return_url", "name"):
        if name in given:
            values[name] = given[name]
    if "metadata" in given:
        values["metadata"] = p.merge_metadata(before["metadata"], given["metadata"])
    if "business_profile" in given:
        values["business_profile"] = {**before["business_profile"], **given["business_profile"]}
    if "features" in given:
        values["features"] = merged(before["features"], given["features"])
    return call.show(call.tx.change(before, values, "billing_portal.configuration.updated"))


def _list(call: Call) -> Object:
    wanted = {name: call.params[name] for name in ("active", "is_default") if name in call.params}
    return page(call, "billing_portal.configuration", lambda c: all(c[name] == v for name, v in wanted.items()))


def _open(call: Call) -> Object:
    call.referred("customer", "customer")
    chosen = call.referred("billing_portal.configuration", "configuration") or _default(call.tx)
    if not chosen["active"]:
        raise invalid("This portal configuration is inactive.", "configuration")
    flow = call.params.get("flow_data")
    shown = flow and _flow(call, flow)
    session = portal_session(call.tx.now, {**call.params, "configuration": chosen["id"]}, call.tx.base_url)
    return call.show(call.tx.put({**session, "flow": shown}))


def _default(tx: Transaction) -> Object:
    """Return the default configuration, with every feature on that the portal page has."""
    for known in tx.newest_first("billing_portal.configuration"):
        if known["is_default"]:
            return known
    on = {"enabled": True}
    features = dict.fromkeys(("invoice_history", "payment_method_update", "subscription_cancel"), on)
    return configuration(tx, {"features": features}, True)


def _flow(call: Call, flow: Object) -> Object:
    """Return a deep link's flow: the task that the portal opens with."""
    completion = {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage"}
    shown: Object = {"type": flow["type"], "after_completion": {**completion, **flow.get("after_completion", {})}}
    if cancel := flow.get("subscription_cancel"):
        sub = call.tx.get(cancel["subscription"], "subscription")
        if sub is None or sub["customer"] != call.params["customer"]:
            raise invalid("The subscription is not of this customer.", "flow_data[subscription_cancel][subscription]")
        shown["subscription_cancel"] = {"retention": None, "subscription": sub["id"]}
    return shown


def _typed(value: Any, path: str) -> Any:
    """Convert form values to their types. The contract has checked them; only booleans are not text here."""
    if isinstance(value, dict):
        return {name: _typed(item, path) for name, item in value.items()}
    if isinstance(value, list):
        return [_typed(item, path) for item in value]
    return {"true": True, "false": False, "": None}.get(value, value)


_FIELDS: Schema = {
    **EXPAND,
    "business_profile": Field(_typed),
    "default_return_url": Field(p.address, clearable=True),
    "features": Field(_typed),
    "metadata": Field(p.metadata, clearable=True),
    "name": Field(p.text(), clearable=True),
}
_SESSION: Schema = {
    **EXPAND,
    "configuration": Field(p.text(200)),
    "customer": Field(p.text(200), required=True),
    "flow_data": Field(_typed),
    "locale": Field(p.text(10)),
    "return_url": Field(p.address),
}

ROUTES = [
    Route("POST", "/v1/billing_portal/configurations", _FIELDS, _create),
    Route(
        "GET",
        "/v1/billing_portal/configurations",
        {**PAGING, "active": Field(p.boolean), "is_default": Field(p.boolean)},
        _list,
    ),
    Route("GET", "/v1/billing_portal/configurations/{id}", EXPAND, retrieve("billing_portal.configuration")),
    Route("POST", "/v1/billing_portal/configurations/{id}", {**_FIELDS, "active": Field(p.boolean)}, _update),
    Route("POST", "/v1/billing_portal/sessions", _SESSION, _open),
]
