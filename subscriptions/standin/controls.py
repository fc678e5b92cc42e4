"""Test controls under ``/_standin/``. They have no authentication, and Stripe has nothing like them."""

from __future__ import annotations

from collections.abc import Callable

from .app import App
from .checkout import pay
from .errors import ApiError
from .forms import FormError, parse_pairs
from .store import Transaction
from .web import Request, Response, json_response
from .webhooks import PAUSED

DOWN = "down"

Control = Callable[[App, Transaction, dict[str, str]], Response]


def down_gate(app: App, request: Request) -> Response | None:
    """Answers for the API while it is switched off."""
    with app.transaction() as tx:
        if not tx.switch(DOWN):
            return None
    error = ApiError(503, "The stand-in plays dead: it was asked to.", kind="api_error")
    return json_response(503, error.body())


def handle(app: App, request: Request) -> Response:
    """Answer a request under ``/_standin/``."""
    control = CONTROLS.get((request.method, request.path))
    if control is None:
        return json_response(404, {"error": "no such control"})
    try:
        given = dict(parse_pairs(request.body.decode()))
    except (FormError, UnicodeDecodeError):
        return json_response(400, {"error": "the body is not a form"})
    with app.transaction() as tx:
        return control(app, tx, given)


def _health(app: App, tx: Transaction, given: dict[str, str]) -> Response:
    return json_response(200, {"ok": True, "down": tx.switch(DOWN), "deliveries_paused": tx.switch(PAUSED)})


def _outbox(app: App, tx: Transaction, given: dict[str, str]) -> Response:
    return json_response(200, {"pending": tx.pending()})


def _resend(app: App, tx: Transaction, given: dict[str, str]) -> Response:
    event_id = given.get("event", "")
    if tx.get(event_id, "event") is None:
        return json_response(404, {"error": "no such event"})
    tx.enqueue(event_id)
    return json_response(200, {"event": event_id, "pending": tx.pending()})


def _pay(app: App, tx: Transaction, given: dict[str, str]) -> Response:
    """Have an open session paid as if `days_ago` days ago: for demo content, which needs a past."""
    session = tx.get(given.get("session", ""), "checkout.session")
    days_ago = given.get("days_ago", "0")
    if session is None or session["status"] != "open" or not (days_ago.isascii() and days_ago.isdecimal()):
        return json_response(400, {"error": "an open session and a number of days are needed"})
    tx.now -= int(days_ago) * 86400
    done = pay(tx, {**session, "created": tx.now}, given.get("email", ""), given.get("name"), app.config.base_url)
    return json_response(200, {"session": done["id"]})


def _switch(switch: str, field: str) -> Control:
    """A control that turns something on and off."""

    def control(app: App, tx: Transaction, given: dict[str, str]) -> Response:
        value = given.get(field)
        if value not in ("true", "false"):
            return json_response(400, {"error": f"{field} must be true or false"})
        tx.set_switch(switch, value == "true")
        return json_response(200, {field: value == "true"})

    return control


CONTROLS: dict[tuple[str, str], Control] = {
    ("GET", "/_standin/health"): _health,
    ("GET", "/_standin/outbox"): _outbox,
    ("POST", "/_standin/resend"): _resend,
    ("POST", "/_standin/pay"): _pay,
    ("POST", "/_standin/deliveries"): _switch(PAUSED, "paused"),
    ("POST", "/_standin/down"): _switch(DOWN, "on"),
}
