"""Endpoints for subscriptions."""

from __future__ import annotations

from . import collection, cycle
from . import params as p
from .cancelling import ENDED, end_at, end_now, end_with_period
from .clock import add_interval
from .errors import ApiError, invalid, no_such
from .invoice_objects import invoice
from .money import MAXIMUM_CHARGE
from .objects import price as new_price
from .params import EXPAND, PAGING, Field, Schema
from .payment import decline
from .routing import Call, Route, page, retrieve
from .store import GONE, Object
from .subscription_object import item as new_item
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


_RECURRING: Schema = {"interval": Field(p.text(10), required=True), "interval_count": Field(p.integer(1, 156))}
_PRICE_DATA: Schema = {
    "currency": Field(p.text(3, "[A-Za-z]{3}"), required=True),
    "product": Field(_ID.check, required=True),
    "recurring": Field(p.hash_of(_RECURRING), required=True),
    "unit_amount": Field(p.integer(0, MAXIMUM_CHARGE), required=True),
}
_ITEM: Schema = {
    "deleted": Field(p.boolean),
    "id": _ID,
    "price": _ID,
    "price_data": Field(p.hash_of(_PRICE_DATA)),
    "quantity": Field(p.integer(0, 999_999)),
}
_PAUSE: Schema = {"behavior": Field(p.text(20), required=True), "resumes_at": Field(p.integer())}
_UPDATE: Schema = {
    **EXPAND,
    "cancel_at": Field(_cancel_at, clearable=True),
    "cancel_at_period_end": Field(p.boolean),
    "cancellation_details": Field(p.hash_of(_DETAILS)),
    "default_payment_method": _ID,
    "items": Field(p.list_of(p.hash_of(_ITEM), 20)),
    "metadata": Field(p.metadata, clearable=True),
    "payment_behavior": Field(p.choice("allow_incomplete", "error_if_incomplete")),
    "pause_collection": Field(p.hash_of(_PAUSE), clearable=True),
    # Any other way adds lines for parts of a period, and the stand-in cannot divide periods.
    "proration_behavior": Field(p.choice("none")),
    "trial_end": Field(p.integer()),
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
    if "pause_collection" in given:
        pause = given["pause_collection"]
        values["pause_collection"] = pause and {"resumes_at": None, **pause}
        call.tx.unschedule(sub["id"], cycle.RESUME_COLLECTION)
        if pause and pause.get("resumes_at"):
            call.tx.schedule(sub["id"], cycle.RESUME_COLLECTION, pause["resumes_at"])
    if "items" in given or "trial_end" in given:
        if sub["status"] in ENDED:
            raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
        return call.show(_change_items(call, sub, values))
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


def _change_items(call: Call, sub: Object, values: Object) -> Object:
    """Change what is sold. Another interval begins a new period now, charged at once; the same waits for its end.

    With a trial, nothing is charged before the trial has ended.
    """
    if "proration_behavior" not in call.params:
        raise invalid("The stand-in cannot prorate: say `none`.", "proration_behavior")
    items = {item["id"]: item for item in sub["items"]["data"]}
    for place, given in enumerate(call.params.get("items", ())):
        old = items.get(given.get("id", ""))
        if old is None and "id" in given:
            raise no_such("subscription_item", given["id"], f"items[{place}][id]")
        if given.get("deleted"):
            items.pop(given.get("id", ""), None)
            continue
        new = _price(call, given, f"items[{place}]")
        price = new or (old and old["price"])
        if price is None or price["currency"] != sub["currency"] or not price["recurring"]:
            raise invalid("A recurring price in the subscription's currency is needed.", f"items[{place}][price]")
        quantity = given.get("quantity", 1 if new or not old else old["quantity"])
        made = new_item(call.tx.now, sub["id"], price, quantity)
        kept = {name: old[name] for name in ("id", "created", "metadata", "discounts")} if old else {}
        items[kept.get("id", made["id"])] = {**made, **kept}
    if not items:
        raise invalid("A subscription must have at least one active plan.", "items")
    intervals = {_interval(item) for item in items.values()}
    if len(intervals) > 1:
        raise invalid("All prices on a subscription must have the same `recurring.interval`.", "items")
    if "trial_end" in call.params:
        return _begin_trial(call, sub, {**values, "items": {**sub["items"], "data": list(items.values())}})
    moved = intervals != {_interval(item) for item in sub["items"]["data"]}
    if not moved:
        period = {name: sub["items"]["data"][0][name] for name in ("current_period_start", "current_period_end")}
        items = {item_id: {**item, **period} for item_id, item in items.items()}
    values["items"] = {**sub["items"], "data": list(items.values())}
    if moved:
        values["billing_cycle_anchor"] = call.tx.now
        after, problem = _charge_anew(call, {**sub, **values}, sub, "customer.subscription.updated")
        if problem and call.params.get("payment_behavior") == "error_if_incomplete":
            # No Declined: that would keep what was done, and here nothing may have happened.
            raise ApiError(402, decline(problem)["message"], code="card_declined", kind="card_error")
        return after
    return call.tx.change(sub, values, "customer.subscription.updated")


def _begin_trial(call: Call, sub: Object, values: Object) -> Object:
    """Let the first period of the new price begin when the trial ends. Stripe's invoice of zero is left out."""
    now, end = call.tx.now, call.params["trial_end"]
    if end <= now:
        raise invalid("`trial_end` must be in the future.", "trial_end")
    period = {"current_period_start": now, "current_period_end": end}
    values["items"]["data"] = [{**item, **period} for item in values["items"]["data"]]
    trial = {"billing_cycle_anchor": end, "status": "trialing", "trial_end": end, "trial_start": now}
    after = call.tx.change(sub, {**values, **trial}, "customer.subscription.updated")
    cycle.start(call.tx, after)
    return after


def _interval(item: Object) -> tuple[str, int]:
    recurring = item["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _price(call: Call, given: Object, path: str) -> Object | None:
    """Return the price that is named, or made of the data that is given."""
    if "price" in given and "price_data" in given:
        raise invalid(f"You may only specify one of these parameters: {path}[price], {path}[price_data].", path)
    if data := given.get("price_data"):
        if call.tx.get(data["product"], "product") is None:
            raise no_such("product", data["product"], f"{path}[price_data][product]")
        made = call.tx.put(new_price(call.tx.now, {**data, "currency": data["currency"].lower()}, data["product"]))
        call.tx.emit("price.created", made)
        return made
    if "price" not in given:
        return None
    found = call.tx.get(given["price"], "price")
    if found is None:
        raise no_such("price", given["price"], f"{path}[price]")
    return found


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
    items = [_from_now(item, call.tx.now) for item in sub["items"]["data"]]
    active = {
        **sub,
        "billing_cycle_anchor": call.tx.now,
        "items": {**sub["items"], "data": items},
        "status": "active",
        "status_details": GONE,
    }
    after, _ = _charge_anew(call, active, sub, "customer.subscription.updated", "customer.subscription.resumed")
    return call.show(after)


def _charge_anew(call: Call, after: Object, before: Object, *types: str) -> tuple[Object, str | None]:
    """Begin a period with an invoice that is charged at once. Return the subscription, and why the card was refused."""
    tx = call.tx
    customer = tx.get(after["customer"], "customer")
    assert customer is not None
    draft = tx.put(invoice(tx, after, customer, "subscription_update"))
    after = tx.change(before, {**after, "latest_invoice": draft["id"]}, types[0])
    for also in types[1:]:
        tx.emit(also, after)
    tx.emit("invoice.created", draft)
    problem = collection.attempt(tx, collection.finalize(tx, draft))
    cycle.start(tx, after)
    return call.named("subscription"), problem


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
