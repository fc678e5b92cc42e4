"""Endpoints for checkout sessions."""

from __future__ import annotations

from typing import Any

from . import params as p
from .checkout import EXPIRE, expire
from .errors import invalid, missing, no_such
from .money import MAXIMUM_CHARGE, MINIMUM_CHARGE, format_amount
from .objects import line_item, listing, price, product
from .params import EXPAND, PAGING, Field, Schema
from .routing import Call, Route, page, retrieve
from .session_object import LIFETIME, checkout_session
from .store import Object

_MIN_LIFETIME = 30 * 60  # seconds

_RECURRING: Schema = {
    "interval": Field(p.text(10), required=True),
    "interval_count": Field(p.integer(1, 156)),
}
_PRODUCT: Schema = {
    "description": Field(p.text()),
    "metadata": Field(p.metadata),
    "name": Field(p.text(), required=True),
}
_PRICE: Schema = {
    "currency": Field(p.text(3, "[A-Za-z]{3}"), required=True),
    "product_data": Field(p.hash_of(_PRODUCT), required=True),
    "recurring": Field(p.hash_of(_RECURRING)),
    "unit_amount": Field(p.integer(0, MAXIMUM_CHARGE), required=True),
}
_LINE: Schema = {
    "price": Field(p.text(200)),
    "price_data": Field(p.hash_of(_PRICE)),
    "quantity": Field(p.integer(1, 999_999)),
}
_INTENT: Schema = {
    "description": Field(p.text(1000)),
    "metadata": Field(p.metadata),
    "receipt_email": Field(p.email),
    "statement_descriptor_suffix": Field(p.text(22, r"[^<>\\'\"*]+")),
}
_CREATE: Schema = {
    **EXPAND,
    "adaptive_pricing": Field(p.hash_of({"enabled": Field(p.boolean)})),
    "cancel_url": Field(p.address),
    "client_reference_id": Field(p.text(200, "[A-Za-z0-9_-]+")),
    "customer": Field(p.text(200)),
    "customer_creation": Field(p.text(20)),
    "customer_email": Field(p.email),
    "expires_at": Field(p.integer()),
    "line_items": Field(p.list_of(p.hash_of(_LINE)), required=True),
    "locale": Field(p.text(10)),
    "metadata": Field(p.metadata),
    "mode": Field(p.text(20), required=True),
    "payment_intent_data": Field(p.hash_of(_INTENT)),
    "submit_type": Field(p.text(20)),
    "subscription_data": Field(p.hash_of({"description": Field(p.text(500)), "metadata": Field(p.metadata)})),
    "success_url": Field(p.address, required=True),
    "ui_mode": Field(p.choice("hosted_page")),
}
_LIST: Schema = {
    **PAGING,
    "customer": Field(p.text(200)),
    "payment_intent": Field(p.text(200)),
    "status": Field(p.text(20)),
    "subscription": Field(p.text(200)),
}


def _create(call: Call) -> Object:
    given = dict(call.params)
    _check_mode(given)
    if given.get("customer") and given.get("customer_email"):
        raise invalid("You may only specify one of these parameters: customer, customer_email.", "customer")
    customer = call.referred("customer", "customer")
    _check_expiry(given.get("expires_at"), call.tx.wall)
    lines = [_line(call, item, index) for index, item in enumerate(given["line_items"])]
    _check_lines(given["mode"], lines)
    for holder in (given, given.get("payment_intent_data", {}), given.get("subscription_data", {})):
        holder["metadata"] = p.merge_metadata({}, holder.get("metadata"))
    session = call.tx.put(checkout_session(call.tx.wall, given, lines, customer, call.tx.base_url))
    # In the site's time, as `expires_at` is; but when the clock is moved on, open pages close with everything else.
    call.tx.schedule(session["id"], EXPIRE, session["expires_at"] + call.tx.now - call.tx.wall)
    return call.show(session)


def _check_mode(given: dict[str, Any]) -> None:
    """Refuse parameters that do not belong to the mode."""
    mode = given["mode"]
    if mode == "setup":
        raise invalid("The stand-in has no setup mode.", "mode")
    wrong = {"payment": ["subscription_data"], "subscription": ["payment_intent_data", "customer_creation"]}[mode]
    for name in wrong:
        if name in given:
            raise invalid(f"You can not pass `{name}` in `{mode}` mode.", name)
    if given.get("customer") and "customer_creation" in given:
        raise invalid("`customer_creation` can not be used together with `customer`.", "customer_creation")


def _check_expiry(expires_at: int | None, now: int) -> None:
    """Refuse an expiry that is not thirty minutes to a day from now."""
    if expires_at is None:
        return
    if expires_at < now + _MIN_LIFETIME:
        raise invalid("`expires_at` must be at least 30 minutes after the creation of the session.", "expires_at")
    if expires_at > now + LIFETIME:
        raise invalid("`expires_at` must be at most 24 hours after the creation of the session.", "expires_at")


def _line(call: Call, item: dict[str, Any], index: int) -> Object:
    """Return a line item; create its price and product where `price_data` asks for it."""
    path = f"line_items[{index}]"
    if ("price" in item) == ("price_data" in item):
        raise invalid(f"Exactly one of {path}[price] and {path}[price_data] must be given.", f"{path}[price]")
    if "quantity" not in item:
        raise missing(f"{path}[quantity]")
    if "price" in item:
        known = call.tx.get(item["price"], "price")
        if known is None:
            raise no_such("price", item["price"], f"{path}[price]")
        made = call.tx.get(known["product"], "product") or {"name": "Product"}
    else:
        data = {**item["price_data"], "currency": item["price_data"]["currency"].lower()}
        data["product_data"]["metadata"] = p.merge_metadata({}, data["product_data"].get("metadata"))
        made = call.tx.put(product(call.tx.now, data["product_data"]))
        known = call.tx.put(price(call.tx.now, data, made["id"]))
    return line_item(known, item["quantity"], made["name"])


def _check_lines(mode: str, lines: list[Object]) -> None:
    """Refuse lines that do not fit together or the mode, or whose total no card can pay."""
    if not lines:
        raise missing("line_items")
    currency = lines[0]["currency"]
    if any(line["currency"] != currency for line in lines):
        raise invalid("All line items must have the same currency.", "line_items")
    recurring = [line["price"]["recurring"] for line in lines]
    if mode == "payment" and any(recurring):
        raise invalid("A recurring price cannot be used in `payment` mode: use `subscription` mode.", "mode")
    if mode == "subscription":
        if not any(recurring):
            raise invalid("`subscription` mode needs at least one recurring price.", "mode")
        if not all(recurring):
            raise invalid("The stand-in cannot mix one-time and recurring prices.", "line_items")
        if len({(r["interval"], r["interval_count"]) for r in recurring}) > 1:
            raise invalid("All recurring prices must have the same interval.", "line_items")
    total = sum(line["amount_total"] for line in lines)
    least = MINIMUM_CHARGE.get(currency, 1)
    if total < least:
        text = f"The total amount due must be at least {format_amount(least, currency)}."
        raise invalid(text, "line_items", "amount_too_small")
    if total > MAXIMUM_CHARGE:
        text = f"The total amount due must be at most {format_amount(MAXIMUM_CHARGE, currency)}."
        raise invalid(text, "line_items", "amount_too_large")


def _expire(call: Call) -> Object:
    session = call.named("checkout.session", "session")
    if session["status"] != "open":
        raise invalid(f"Only open sessions can be expired; this one is {session['status']}.", "session")
    return call.show(expire(call.tx, session))


def _list(call: Call) -> Object:
    names = ("customer", "payment_intent", "status", "subscription")
    wanted = {name: call.params[name] for name in names if name in call.params}
    return page(call, "checkout.session", lambda s: all(s[name] == value for name, value in wanted.items()))


def _list_lines(call: Call) -> Object:
    """Return a session's line items, all on one page."""
    return listing(call.path, call.named("checkout.session", "session")["_line_items"])


ROUTES = [
    Route("POST", "/v1/checkout/sessions", _CREATE, _create),
    Route("GET", "/v1/checkout/sessions", _LIST, _list),
    Route("GET", "/v1/checkout/sessions/{id}", EXPAND, retrieve("checkout.session", "session")),
    Route("GET", "/v1/checkout/sessions/{id}/line_items", {**EXPAND, "limit": PAGING["limit"]}, _list_lines),
    Route("POST", "/v1/checkout/sessions/{id}/expire", EXPAND, _expire),
]
