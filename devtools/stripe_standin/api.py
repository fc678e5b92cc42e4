"""Takes a request through the API: key, version, idempotency, parameters, handler, answer."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import time
from contextlib import nullcontext
from typing import Any

from . import (
    api_account,
    api_billing,
    api_catalog,
    api_checkout,
    api_customers,
    api_portal,
    api_subscriptions,
    api_webhook_endpoints,
    balance,
    disputes,
    refunds,
)
from .answer_contract import check_answer, check_error
from .app import App
from .contract import operation
from .errors import ApiError, Declined, invalid
from .faults import NO_FAULT, Fault
from .forms import FormError, parse
from .idempotency import fingerprint, in_flight, recall, remember, replace
from .params import clean
from .published_contract import OPTIONAL_KEYS, check_keys, leave_out
from .request_contract import check_params
from .routing import Call, Route
from .schedule import run_due
from .store import StoreClosed
from .version import API_VERSION
from .web import Request, Response, json_response

log = logging.getLogger(__name__)

ROUTES: list[Route] = [
    *api_account.ROUTES,
    *api_customers.ROUTES,
    *api_catalog.ROUTES,
    *api_checkout.ROUTES,
    *api_portal.ROUTES,
    *api_subscriptions.ROUTES,
    *api_billing.ROUTES,
    *refunds.ROUTES,
    *disputes.ROUTES,
    *balance.ROUTES,
    *api_webhook_endpoints.ROUTES,
]

for _known in ROUTES:
    operation(_known.method, _known.path)  # an endpoint that Stripe does not have stops the start


def handle(app: App, request: Request) -> Response:
    """Answer any request under ``/v1/``, or raise the fault that is armed for it."""
    fault = app.faults.of_request(request.method, request.path) or NO_FAULT
    match fault.kind:
        case "reset":
            return Response(0, reset=True)
        case "error":
            return _failure(500, "api_error", "The stand-in fails: it was asked to.")
        case "rate_limit":
            return _failure(429, "invalid_request_error", "Too many requests.", "rate_limit")
    response = _handle(app, request, fault)
    match fault.kind:
        case "reset_after":
            return Response(0, reset=True)
        case "error_after":
            return _failure(500, "api_error", "The stand-in lost its answer: it was asked to.")
        case "error_kept":
            response = _failure(500, "api_error", "The stand-in failed after the work: it was asked to.")
            with app.transaction() as tx:
                replace(tx, request.headers.get("idempotency-key", ""), response)
    return response


def _refusal(error: ApiError) -> Response:
    """Return an error in Stripe's shape, checked against the contract."""
    check_error(error.body())
    return json_response(error.status, error.body())


def _failure(status: int, kind: str, message: str, code: str | None = None) -> Response:
    return _refusal(ApiError(status, message, kind=kind, code=code))


def _handle(app: App, request: Request, fault: Fault) -> Response:
    """Answer the request; any exception becomes an answer in Stripe's form."""
    try:
        try:
            early = next((answer for gate in app.gates if (answer := gate(app, request))), None)
            response = early or _answer(app, request, fault)
        except ApiError as error:
            response = _refusal(error)
    except StoreClosed:
        raise
    except Exception as problem:
        log.exception("%s %s failed", request.method, request.path)
        app.record_breach(problem)
        response = _failure(500, "api_error", "The stand-in itself failed; its log says why.")
    response.headers["Request-Id"] = request.id
    response.headers["Stripe-Version"] = API_VERSION
    key = request.headers.get("idempotency-key", "")
    if _usable(key):
        response.headers["Idempotency-Key"] = key
    return response


def _usable(key: str) -> bool:
    """Return True if it can be an idempotency key, and be sent back in a header."""
    return 0 < len(key) <= 255 and key.isascii() and key.isprintable()


def _answer(app: App, request: Request, fault: Fault) -> Response:
    """Check everything that can be checked without the store, then do the work once."""
    _check_key(app, request)
    _check_version(request)
    route, path_id = _route(request)
    raw = _parameters(request)
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key is not None and not _usable(key):
        raise invalid("Idempotency keys must have between 1 and 255 printable characters.")
    mark = fingerprint(request.method, request.path, raw)
    # While the answer is delayed, its key is in use.
    with in_flight(app, key) if key is not None else nullcontext():
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        response = _work(app, request, route, path_id, raw, key, mark)
        if fault.kind == "delay_after":
            time.sleep(fault.seconds)
        return response


def _work(
    app: App, request: Request, route: Route, path_id: str, raw: dict[str, Any], key: str | None, mark: str
) -> Response:
    """Return the stored answer of the idempotency key, or do the work and store its answer in the same transaction."""
    bring_up_to_date(app)
    with app.transaction(request.id, key) as tx:
        if key is not None and (known := recall(tx, key, mark)):
            return known
        contract = operation(route.method, route.path)
        check_params(contract.params_class(), raw)
        if route.method != "GET":
            by = request.headers.get("stripe-account", "")
            app.changes.append({"method": route.method, "path": request.path, "params": raw, "by": by})
        call = Call(app, tx, request.path, clean(route.schema, raw), path_id)
        try:
            answer = route.handler(call)
            check_answer(contract, answer)
            check_keys(answer)
            if seed := tx.setting(OPTIONAL_KEYS):
                expanded = {name for path in call.params.get("expand", []) for name in path.split(".")}
                leave_out(answer, seed, expanded)
            response = json_response(200, answer)
        except Declined as refusal:
            response = _refusal(refusal)
        if key is not None:
            remember(tx, key, mark, response, request.id)
        return response


def bring_up_to_date(app: App) -> None:
    """Run all scheduled actions that are due, in a transaction of their own: a failing request must not undo them."""
    with app.transaction() as tx:
        run_due(tx)


def _check_key(app: App, request: Request) -> None:
    """Check the secret key, sent as bearer token or as the user name of basic authentication."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    given = ""
    if scheme.lower() == "bearer":
        given = credentials.strip()
    elif scheme.lower() == "basic":
        try:
            given = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[0]
        except (binascii.Error, ValueError):
            given = ""
    if not given:
        raise ApiError(401, "You did not provide an API key: send it as a bearer token in the Authorization header.")
    if not hmac.compare_digest(given.encode(), app.config.secret_key.encode()):
        raise ApiError(401, f"Invalid API Key provided: {given[:8]}****")


def _check_version(request: Request) -> None:
    """Refuse any other API version: its shapes are unknown here."""
    given = request.headers.get("stripe-version")
    if given != API_VERSION:
        raise invalid(f"Invalid Stripe API version: {given or 'none'}. The stand-in speaks {API_VERSION} only.")


def _route(request: Request) -> tuple[Route, str]:
    """Return the endpoint, and the id in its path."""
    for route in ROUTES:
        path_id = route.match(request.method, request.path)
        if path_id is not None:
            return route, path_id
    raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).")


def _parameters(request: Request) -> dict[str, Any]:
    """Return the parameters, from the query and, for POST, from the form body."""
    try:
        if request.method != "POST":
            return parse(request.query)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.body and kind != "application/x-www-form-urlencoded":
            raise invalid("Invalid request: the body must be application/x-www-form-urlencoded.")
        body = request.body.decode("utf-8")
        return parse("&".join(part for part in (request.query, body) if part))
    except FormError as exc:
        raise invalid(str(exc)) from None
    except UnicodeDecodeError:
        raise invalid("Invalid request: the body is not valid UTF-8.") from None
