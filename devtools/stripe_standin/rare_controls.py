"""Test controls for what no site causes and Stripe can still say: deeds of the Dashboard, of banks and other sites."""

from __future__ import annotations

import json
import re
from typing import Any

from . import collection, discounts, disputes, elsewhere
from .answer_contract import check_object
from .api_account import ACCOUNT, account
from .app import App
from .control import Control, Wrong, named, number
from .published_contract import check_keys
from .store import Object, Transaction, merged, public

# Kinds whose changes Stripe announces by another type than KIND.updated; None: by none.
_UPDATED: dict[str, str | None] = {
    "subscription": "customer.subscription.updated",
    "dispute": "charge.dispute.updated",
    "discount": "customer.discount.updated",
    "radar.early_fraud_warning": "radar.early_fraud_warning.updated",
    "balance_transaction": None,
    "checkout.session": None,
    "invoice_payment": None,
    "payment_intent": None,
    "webhook_endpoint": None,
}


def _patch(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Change any object as somebody does in the Dashboard, and tell of it. The contract is checked here too."""
    before = account(tx) if given.get("id") == ACCOUNT else tx.get(given.get("id", ""))
    if before is None:
        raise Wrong("id must be that of an object")
    after = before
    for path, value in _values(given).items():
        after = _set(after, path.split("."), value)
    check_object(public(after))
    check_keys(public(after))
    tx.put(after)
    if event := given.get("event") or _UPDATED.get(after["object"], f"{after['object']}.updated"):
        tx.emit(event, after, {} if event.endswith(".updated") else None)
    return public(after)


def _values(given: dict[str, str]) -> Object:
    """Return what is to be set: a path of names and places, as in ``items.data.0.quantity``, and its value."""
    try:
        values = json.loads(given.get("values", "{}"))
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise Wrong("values must be a JSON object")
    return values


def _set(node: Any, path: list[str], value: Any) -> Any:
    """Return a copy with the value at the path. A hash goes over the one that is there; anything else replaces it."""
    if not path:
        return merged(node, value) if isinstance(node, dict) and isinstance(value, dict) else value
    try:
        if isinstance(node, list):
            place = int(path[0])
            return [*node[:place], _set(node[place], path[1:], value), *node[place + 1 :]]
        return {**node, path[0]: _set(node.get(path[0]), path[1:], value)}
    except (TypeError, ValueError, IndexError, AttributeError):
        raise Wrong(f"there is nothing at {'.'.join(path)}") from None


def _discount(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    sub = named(tx, given, "subscription", "subscription")
    duration = given.get("duration", "forever")
    if duration not in ("forever", "once", "repeating") or ("percent_off" in given) == ("amount_off" in given):
        raise Wrong("percent_off or amount_off, and one of forever, once and repeating for duration, are needed")
    percent = number(given, "percent_off") if "percent_off" in given else None
    amount = number(given, "amount_off") if "amount_off" in given else None
    return public(discounts.give(tx, sub, percent, amount, duration))


def _move_dispute(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Withdraw (negative) or reinstate an amount, in the payment's currency."""
    return public(disputes.move(tx, named(tx, given, "dispute", "dispute"), number(given, "amount")))


def _pay_outside(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Pay an open invoice outside Stripe. `counted=false`: the amount is in `amount_paid_off_stripe` alone."""
    bill = named(tx, given, "invoice", "invoice")
    kind = given.get("type", "payment_record")
    if bill["status"] != "open" or kind not in elsewhere.KINDS[1:]:
        raise Wrong(f"an open invoice and one of {elsewhere.KINDS[1:]} are needed")
    paid = elsewhere.close(tx, bill, kind, given.get("counted", "true") == "true")
    return public(collection.settle(tx, paid))


def _add_payment(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    bill = named(tx, given, "invoice", "invoice")
    kind, status = given.get("type", "payment_intent"), given.get("status", "open")
    if kind not in elsewhere.KINDS or status not in ("open", "paid", "canceled"):
        raise Wrong(f"a type of {elsewhere.KINDS} and a status of open, paid and canceled are needed")
    return public(elsewhere.add_payment(tx, bill, kind, status))


def _multiply(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Copy all there is so many times: each id gets `x` and a number, and so does `word`. Events stay as they are."""
    times = number(given, "times")
    originals = [obj for kind in tx.kinds() if kind != "event" for obj in list(tx.newest_first(kind))[::-1]]
    names = [*(f'"{obj["id"]}' for obj in originals), *([given["word"]] if given.get("word") else [])]
    ids = re.compile("|".join(map(re.escape, names)))
    bodies = [json.dumps(obj) for obj in originals]
    for copy in range(times):
        for body in bodies:
            tx.put(json.loads(ids.sub(rf"\g<0>x{copy}", body)))
    return {"objects": len(originals) * times}


CONTROLS: dict[tuple[str, str], Control] = {
    ("POST", "/_standin/patch"): _patch,
    ("POST", "/_standin/discount"): _discount,
    ("POST", "/_standin/move_dispute"): _move_dispute,
    ("POST", "/_standin/pay_outside"): _pay_outside,
    ("POST", "/_standin/add_payment"): _add_payment,
    ("POST", "/_standin/multiply"): _multiply,
}
