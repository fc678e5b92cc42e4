"""Test controls under ``/_standin/``. They have no authentication, and Stripe has nothing like them; see README.md."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from . import balance, checkout, collection, disputes, rare_controls, refunds
from .api_webhook_endpoints import register
from .app import App
from .control import Control, Wrong, named
from .errors import ApiError
from .faults import DELIVERY_KINDS, REQUEST_KINDS, Fault
from .forms import FormError, parse_pairs
from .published_contract import OPTIONAL_KEYS
from .schedule import run_due
from .store import CLOCK_OFFSET, Object, Transaction, public
from .web import Request, Response, json_response
from .webhooks import PAUSED

DOWN = "down"

SETTINGS = {
    collection.EXHAUSTED: "|".join(collection.ENDINGS),
    collection.FIRST_FAILURE: "pause|retry",
    balance.SETTLEMENT: r"[a-z]{3} [0-9]+(\.[0-9]+)?|",
    disputes.FEES: "apart|within",
    OPTIONAL_KEYS: "[0-9]*( -[a-z_.]+)*",
}
"""The settings of the account, and what each can be."""


def down_gate(app: App, request: Request) -> Response | None:
    """Answer for the API while it is down; None lets the request through."""
    with app.transaction() as tx:
        if not tx.switch(DOWN):
            return None
    error = ApiError(503, "The stand-in is down, as a control asked for.", kind="api_error")
    return json_response(503, error.body())


def handle(app: App, request: Request) -> Response:
    """Answer a request under ``/_standin/``."""
    if (request.method, request.path) == ("POST", "/_standin/drain"):
        return json_response(
            200, app.drain()
        )  # outside of any transaction: the site calls the API while it handles the event
    control = CONTROLS.get((request.method, request.path))
    if control is None:
        return json_response(404, {"error": "no such control"})
    try:
        given = dict(parse_pairs(request.body.decode()))
    except (FormError, UnicodeDecodeError):
        return json_response(400, {"error": "the body is not a form"})
    try:
        with app.transaction() as tx:
            return json_response(200, control(app, tx, given))
    except Wrong as problem:
        return json_response(400, {"error": str(problem)})


# What is there


def _health(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    return {
        "ok": True,
        "down": tx.switch(DOWN),
        "deliveries_paused": tx.switch(PAUSED),
        "now": tx.now,
        "requests_in_flight": len(app.keys_in_flight),
        "breaches": app.breaches,
    }


def _outbox(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    return {"pending": tx.pending()}


def _changes(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Return every POST and DELETE that reached its endpoint since the last reset, refused ones too."""
    return app.changes


def _objects(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Return all objects but events, by kind, oldest first."""
    found: dict[str, list[Object]] = defaultdict(list)
    for kind in tx.kinds():
        if kind != "event":
            found[kind] = [public(obj) for obj in tx.newest_first(kind)][::-1]
    return found


def _charges(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Return what was really charged, by customer, or by address for a guest."""
    people: dict[str, Any] = {}
    for charge in list(tx.newest_first("charge"))[::-1]:
        if charge["status"] != "succeeded":
            continue
        email = charge["billing_details"]["email"]
        person = people.setdefault(
            charge["customer"] or f"guest {email}", {"email": email, "charged": 0, "refunded": 0, "charges": []}
        )
        person["charged"] += charge["amount"]
        person["refunded"] += charge["amount_refunded"]
        names = ("id", "payment_intent", "amount", "amount_refunded", "currency", "created", "disputed")
        person["charges"].append({name: charge[name] for name in names})
    return people


# What people and banks do


def _pay(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Pay an open session as if `days_ago` days ago; the demo content needs a past."""
    session = named(tx, given, "session", "checkout.session")
    days_ago = given.get("days_ago", "0")
    if session["status"] != "open" or not (days_ago.isascii() and days_ago.isdecimal()):
        raise Wrong("an open session and a number of days are needed")
    if days_ago != "0":
        tx.now -= int(days_ago) * 86400
        session = {**session, "created": tx.now}
    done = checkout.pay(
        tx,
        session,
        given.get("email", ""),
        given.get("name"),
        later=given.get("later") == "true",
        fails_with=given.get("fails_with") or None,
    )
    return {"session": done["id"]}


def _settle(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    session = named(tx, given, "session", "checkout.session")
    if not checkout.waits_for_bank(session) or given.get("outcome") not in ("succeed", "fail"):
        raise Wrong("a session that waits for the bank and an outcome, succeed or fail, are needed")
    return public(checkout.settle(tx, session, given["outcome"] == "succeed"))


def _card(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Refuse all cards of a customer with this code from now on; empty accepts them again.

    With `expires`, like ``2031-02``, that month is their last.
    """
    customer = named(tx, given, "customer", "customer")
    year, _, month = given.get("expires", "").partition("-")
    if year and not (year.isdecimal() and month.isdecimal()):
        raise Wrong("expires must be a year and a month")
    last = {"exp_year": int(year), "exp_month": int(month)} if year else {}
    for method in list(tx.newest_first("payment_method")):
        if method["customer"] == customer["id"]:
            card = {"card": {**method["card"], **last}} if last else {}  # a bank debit has none
            tx.put({**method, **card, "_fails_with": given.get("fails_with") or None})
    return {"customer": customer["id"]}


def _fail_refund(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    made = named(tx, given, "refund", "refund")
    if made["status"] != "succeeded":
        raise Wrong(f"this refund has {made['status']}")
    return public(refunds.fail(tx, made, given.get("reason", "lost_or_stolen_card")))


def _dispute(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    charge = named(tx, given, "charge", "charge")
    if charge["disputed"] or charge["refunded"] or charge["status"] != "succeeded":
        raise Wrong("only a charge that was paid, kept and not disputed yet can be disputed")
    return public(disputes.dispute(tx, charge, given.get("reason", "fraudulent")))


def _close_dispute(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    found = named(tx, given, "dispute", "dispute")
    if found["status"] != "needs_response" or given.get("outcome") not in ("won", "lost"):
        raise Wrong("an open dispute and an outcome, won or lost, are needed")
    return public(disputes.close(tx, found, given["outcome"] == "won"))


def _warn(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    charge = named(tx, given, "charge", "charge")
    return public(disputes.warn(tx, charge, given.get("fraud_type", "made_with_stolen_card")))


# What time, the account and the network do


def _clock(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Advance the clock by so many seconds, and run what is due then."""
    seconds = given.get("advance", "")
    if not (seconds.isascii() and seconds.isdecimal() and int(seconds) <= 5 * 366 * 86400):
        raise Wrong("advance must be a number of seconds, at most five years")
    tx.set_setting(CLOCK_OFFSET, int(tx.setting(CLOCK_OFFSET) or 0) + int(seconds))
    tx.now += int(seconds)
    run_due(tx)
    return {"now": tx.now}


def _settings(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Set some of the account's settings; the others stay."""
    for name, value in given.items():
        if name not in SETTINGS or not re.fullmatch(SETTINGS[name], value):
            raise Wrong(f"these are the settings: {SETTINGS}")
    for name, value in given.items():
        tx.set_setting(name, value)
    return given


def _resend(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    event = tx.get(given.get("event", ""), "event")
    if event is None:
        raise Wrong("no such event")
    tx.enqueue(event["id"])
    return {"event": event["id"], "pending": tx.pending()}


def _arm(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    kinds = {**REQUEST_KINDS, **DELIVERY_KINDS}
    try:
        fault = Fault(
            kind=given["kind"],
            times=int(given.get("times", "1")),
            method=given.get("method", ""),
            path=given.get("path", ""),
            type=given.get("type", ""),
            seconds=float(given.get("seconds", "0")),
        )
    except (KeyError, ValueError):
        raise Wrong("a kind is needed, and times and seconds are numbers") from None
    if fault.kind not in kinds:
        raise Wrong(f"the kinds are {', '.join(kinds)}")
    app.faults.arm(fault)
    return _armed(app, tx, given)


def _armed(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    return {"armed": [vars(fault) for fault in app.faults.armed]}


def _clear(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    seed = given.get("seed", "0")
    if not (seed.isascii() and seed.isdecimal()):
        raise Wrong("seed must be a number")
    app.faults.clear(int(seed))
    return _armed(app, tx, given)


def _reset(app: App, tx: Transaction, given: dict[str, str]) -> Any:
    """Delete everything and set the clock back to real time. Breaches stay."""
    tx.delete_everything()
    register(tx, app.config.webhook_url)
    app.faults.clear()
    app.changes.clear()
    return {"ok": True}


def _switch(switch: str, field: str) -> Control:
    """Return a control that turns a switch on and off."""

    def control(app: App, tx: Transaction, given: dict[str, str]) -> Any:
        value = given.get(field)
        if value not in ("true", "false"):
            raise Wrong(f"{field} must be true or false")
        tx.set_switch(switch, value == "true")
        return {field: value == "true"}

    return control


CONTROLS: dict[tuple[str, str], Control] = {
    **rare_controls.CONTROLS,
    ("GET", "/_standin/health"): _health,
    ("GET", "/_standin/outbox"): _outbox,
    ("GET", "/_standin/changes"): _changes,
    ("GET", "/_standin/objects"): _objects,
    ("GET", "/_standin/charges"): _charges,
    ("GET", "/_standin/faults"): _armed,
    ("POST", "/_standin/pay"): _pay,
    ("POST", "/_standin/settle"): _settle,
    ("POST", "/_standin/card"): _card,
    ("POST", "/_standin/fail_refund"): _fail_refund,
    ("POST", "/_standin/dispute"): _dispute,
    ("POST", "/_standin/close_dispute"): _close_dispute,
    ("POST", "/_standin/fraud_warning"): _warn,
    ("POST", "/_standin/clock"): _clock,
    ("POST", "/_standin/settings"): _settings,
    ("POST", "/_standin/resend"): _resend,
    ("POST", "/_standin/faults"): _arm,
    ("POST", "/_standin/clear_faults"): _clear,
    ("POST", "/_standin/deliveries"): _switch(PAUSED, "paused"),
    ("POST", "/_standin/down"): _switch(DOWN, "on"),
    ("POST", "/_standin/reset"): _reset,
}
