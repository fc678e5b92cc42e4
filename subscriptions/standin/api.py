"""The way of a request through the API: key, version, idempotency, parameters, handler, answer."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
from typing import Any

from . import api_billing, api_checkout, api_customers
from .app import App
from .checkout import run_due
from .errors import ApiError, invalid
from .forms import FormError, parse
from .idempotency import fingerprint, in_flight, recall, remember
from .params import clean
from .routing import Call, Route
from .store import StoreClosed
from .version import API_VERSION
from .web import Request, Response, json_response

log = logging.getLogger(__name__)

ROUTES: list[Route] = [*api_customers.ROUTES, *api_checkout.ROUTES, *api_billing.ROUTES]


def handle(app: App, request: Request) -> Response:
    """Answer any request under ``/v1/``. Whatever happens, the answer has Stripe's form."""
    try:
        response = next((answer for gate in app.gates if (answer := gate(app, request))), None) or _answer(app, request)
    except ApiError as error:
        response = json_response(error.status, error.body())
    except StoreClosed:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        response = _internal_error()
    response.headers["Request-Id"] = request.id
    response.headers["Stripe-Version"] = API_VERSION
    key = request.headers.get("idempotency-key", "")
    if _usable(key):
        response.headers["Idempotency-Key"] = key
    for observer in app.observers:
        observer(app, request, response)
    return response


def _usable(key: str) -> bool:
    """Whether it can be a key, and can be sent back in a header."""
    return 0 < len(key) <= 255 and key.isascii() and key.isprintable()


def _internal_error() -> Response:
    error = ApiError(500, "The stand-in itself failed; its log says why.", kind="api_error")
    return json_response(500, error.body())


def _answer(app: App, request: Request) -> Response:
    """Check everything that can be checked without the store, then do the work once."""
    _check_key(app, request)
    _check_version(request)
    route, path_id = _route(request)
    raw = _parameters(request)
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key is None:
        return _work(app, request, route, path_id, raw, None, "")
    if not _usable(key):
        raise invalid("Idempotency keys must have between 1 and 255 printable characters.")
    with in_flight(app, key):
        return _work(app, request, route, path_id, raw, key, fingerprint(request.method, request.path, raw))


def _work(
    app: App, request: Request, route: Route, path_id: str, raw: dict[str, Any], key: str | None, mark: str
) -> Response:
    """Answer from memory, or do the work and remember the answer in the same transaction."""
    bring_up_to_date(app)
    with app.transaction(request.id, key) as tx:
        if key is not None and (known := recall(tx, key, mark)):
            return known
        params = clean(route.schema, raw)
        response = json_response(200, route.handler(Call(app, tx, request.path, params, path_id)))
        if key is not None:
            remember(tx, key, mark, response, request.id)
        return response


def bring_up_to_date(app: App) -> None:
    """Do what time has made due, in a transaction of its own: a request that fails must not undo it."""
    with app.transaction() as tx:
        run_due(tx)


def _check_key(app: App, request: Request) -> None:
    """The secret key, as bearer token or as the user name of basic authentication."""
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
    """Another version would have other shapes, which the stand-in does not know."""
    given = request.headers.get("stripe-version")
    if given != API_VERSION:
        raise invalid(f"Invalid Stripe API version: {given or 'none'}. The stand-in speaks {API_VERSION} only.")


def _route(request: Request) -> tuple[Route, str]:
    """The endpoint, and the id in its path."""
    for route in ROUTES:
        path_id = route.match(request.method, request.path)
        if path_id is not None:
            return route, path_id
    raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).")


def _parameters(request: Request) -> dict[str, Any]:
    """The parameters, from the query and, for POST, from the form body."""
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
