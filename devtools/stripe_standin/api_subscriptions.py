"""Endpoints for subscriptions."""

from __future__ import annotations

from . import collection, cycle
from . import params as p
from .cancelling import ENDED, end_at, end_now, end_with_period
from .clock import add_interval
from .errors import invalid, no_such
from .invoice_objects import invoice
from .params import EXPAND, PAGING, Field, Schema
from .routing import Call, Route, page, retrieve
from .store import Object
from .subscription_object import period_end

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
]
