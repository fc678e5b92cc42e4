"""Endpoints for products and prices."""

from __future__ import annotations

from typing import Any

from . import params as p
from .errors import invalid, missing
from .money import MAXIMUM_CHARGE
from .objects import price as new_price
from .objects import product as new_product
from .params import EXPAND, PAGING, Field, Schema
from .routing import Call, Route, page, retrieve
from .store import Object

_TEXT = Field(p.text(), clearable=True)
_METADATA = Field(p.metadata, clearable=True)
_ACTIVE = Field(p.boolean)
_ID = Field(p.text(200))


def _create_product(call: Call) -> Object:
    given = {**call.params, "metadata": p.merge_metadata({}, call.params.get("metadata"))}
    made = {**new_product(call.tx.now, given), "active": given.get("active", True)}
    if wanted := given.get("id"):
        if call.tx.get(wanted):
            raise invalid(f"Product already exists: {wanted}", "id", "resource_already_exists")
        made["id"] = wanted
    call.tx.emit("product.created", call.tx.put(made))
    return call.show(made)


def _create_price(call: Call) -> Object:
    given = {**call.params, "currency": call.params["currency"].lower()}
    product = call.referred("product", "product")
    if product is None:
        raise missing("product")
    if "unit_amount" not in given:
        raise missing("unit_amount")
    key = given.get("lookup_key")
    holder = next((other for other in call.tx.newest_first("price") if key and other["lookup_key"] == key), None)
    if holder is not None:
        if not given.get("transfer_lookup_key"):
            raise invalid(f"A price ({holder['id']}) already uses that lookup key.", "lookup_key")
        call.tx.change(holder, {"lookup_key": None}, "price.updated")
    made = {
        **new_price(call.tx.now, given, product["id"]),
        "active": given.get("active", True),
        "lookup_key": key,
        "metadata": p.merge_metadata({}, given.get("metadata")),
        "nickname": given.get("nickname"),
    }
    call.tx.emit("price.created", call.tx.put(made))
    return call.show(made)


def _update(kind: str) -> Any:
    def update(call: Call) -> Object:
        before = call.named(kind)
        values = {name: value for name, value in call.params.items() if name != "expand"}
        if "metadata" in values:
            values["metadata"] = p.merge_metadata(before["metadata"], values["metadata"])
        if kind == "product":
            values["updated"] = call.tx.now
        return call.show(call.tx.change(before, values, f"{kind}.updated"))

    return update


def _list_products(call: Call) -> Object:
    ids, active = call.params.get("ids"), call.params.get("active")
    return page(
        call, "product", lambda o: (ids is None or o["id"] in ids) and (active is None or o["active"] == active)
    )


def _list_prices(call: Call) -> Object:
    keys = call.params.get("lookup_keys")
    wanted = {name: call.params[name] for name in ("active", "currency", "product", "type") if name in call.params}

    def matches(price: Object) -> bool:
        return (keys is None or price["lookup_key"] in keys) and all(price[n] == value for n, value in wanted.items())

    return page(call, "price", matches)


_RECURRING: Schema = {"interval": Field(p.text(10), required=True), "interval_count": Field(p.integer(1, 156))}
_PRODUCT: Schema = {
    **EXPAND,
    "active": _ACTIVE,
    "description": _TEXT,
    "metadata": _METADATA,
    "name": Field(p.text()),
    "statement_descriptor": Field(p.text(22)),
    "url": Field(p.address),
}
_PRICE: Schema = {
    **EXPAND,
    "active": _ACTIVE,
    "currency": Field(p.text(3, "[A-Za-z]{3}"), required=True),
    "lookup_key": Field(p.text(200)),
    "metadata": _METADATA,
    "nickname": Field(p.text()),
    "product": _ID,
    "recurring": Field(p.hash_of(_RECURRING)),
    "transfer_lookup_key": Field(p.boolean),
    "unit_amount": Field(p.integer(0, MAXIMUM_CHARGE)),
}
_LIST_PRICES: Schema = {
    **PAGING,
    "active": _ACTIVE,
    "currency": Field(p.text(3)),
    "lookup_keys": Field(p.list_of(p.text(200), 10)),
    "product": _ID,
    "type": Field(p.text(20)),
}

ROUTES = [
    Route("POST", "/v1/products", {**_PRODUCT, "id": _ID}, _create_product),
    Route("GET", "/v1/products", {**PAGING, "active": _ACTIVE, "ids": Field(p.list_of(p.text(200)))}, _list_products),
    Route("GET", "/v1/products/{id}", EXPAND, retrieve("product")),
    Route("POST", "/v1/products/{id}", _PRODUCT, _update("product")),
    Route("POST", "/v1/prices", _PRICE, _create_price),
    Route("GET", "/v1/prices", _LIST_PRICES, _list_prices),
    Route("GET", "/v1/prices/{id}", EXPAND, retrieve("price", "price")),
    Route(
        "POST",
        "/v1/prices/{id}",
        {**EXPAND, "active": _ACTIVE, "metadata": _METADATA, "nickname": Field(p.text(), clearable=True)},
        _update("price"),
    ),
]
