"""Implements ``expand[]``: replaces ids by their objects, and adds parts that are left out otherwise."""

from __future__ import annotations

from typing import Any

from .errors import invalid
from .objects import listing
from .store import Object, Transaction, public

MAX_DEPTH = 4


def present(tx: Transaction, obj: Object, paths: list[str]) -> Object:
    """Return the object as an answer, with each of the paths expanded."""
    shown = public(obj)
    for path in paths:
        parts = path.split(".")
        if len(parts) > MAX_DEPTH:
            raise invalid(f"You cannot expand more than {MAX_DEPTH} levels of a property (`{path}`).", "expand")
        _walk(tx, shown, parts, path)
    return shown


def _walk(tx: Transaction, node: Any, parts: list[str], path: str) -> None:
    """Expand below one node, changing it in place."""
    if isinstance(node, list):
        for item in node:
            _walk(tx, item, parts, path)
        return
    if not parts or node is None:
        return
    problem = invalid(f"This property cannot be expanded ({path}).", "expand")
    if not isinstance(node, dict):
        raise problem
    name, rest = parts[0], parts[1:]
    if name not in node:
        part = _left_out(tx, node, name)
        if part is None:
            raise problem
        node[name] = part
    value = node[name]
    if isinstance(value, str) and name != "id":
        value = node[name] = _found(tx, value, problem)
    elif isinstance(value, list):
        value = node[name] = [_found(tx, each, problem) if isinstance(each, str) else each for each in value]
    elif not rest and value is not None and not isinstance(value, (dict, list)):
        raise problem
    _walk(tx, value, rest, path)


def _found(tx: Transaction, object_id: str, problem: Exception) -> Object:
    found = tx.get(object_id)
    if found is None:
        raise problem
    return public(found)


def _left_out(tx: Transaction, node: Object, name: str) -> Object | None:
    """Return the parts that an object has only on request. The node has none of the stand-in's private fields."""
    object_id = str(node.get("id"))
    match node.get("object"), name:
        case "checkout.session", "line_items":
            stored = tx.get(object_id) or {}
            return listing(f"/v1/checkout/sessions/{object_id}/line_items", stored["_line_items"])
        case "invoice", "payments":
            payments = [p for p in tx.newest_first("invoice_payment") if p["invoice"] == object_id]
            return listing(f"/v1/invoice_payments?invoice={object_id}", payments)
        case "customer", "subscriptions":
            subs = [
                public(s)
                for s in tx.newest_first("subscription")
                if s["customer"] == object_id and s["status"] != "canceled"
            ]
            return listing(f"/v1/customers/{object_id}/subscriptions", subs)
        case "charge", "refunds":
            refunds = [r for r in tx.newest_first("refund") if r["charge"] == object_id]
            return listing(f"/v1/charges/{object_id}/refunds", refunds)
    return None
