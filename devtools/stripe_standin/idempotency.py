"""Idempotency keys: the first answer to a request is the answer to all its repetitions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .app import App
from .errors import ApiError
from .store import Transaction
from .web import Response

_KEPT = 24 * 3600


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    """Return a hash of the request: two requests with one key must have the same."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def in_flight(app: App, key: str) -> Iterator[None]:
    """Hold the key during its request. Raises a conflict if another request holds it."""
    with app.keys_lock:
        if key in app.keys_in_flight:
            raise ApiError(
                409,
                "Another request with this Idempotency-Key is still being worked on.",
                code="idempotency_key_in_use",
                kind="idempotency_error",
            )
        app.keys_in_flight.add(key)
    try:
        yield
    finally:
        with app.keys_lock:
            app.keys_in_flight.discard(key)


def recall(tx: Transaction, key: str, mark: str) -> Response | None:
    """Return the stored answer if the key was used before for the same request."""
    row = tx.db.execute(
        "SELECT fingerprint, status, body, request FROM answers WHERE key = ? AND created > ?", (key, tx.wall - _KEPT)
    ).fetchone()
    if row is None:
        return None
    if row[0] != mark:
        raise ApiError(
            400,
            f"The Idempotency-Key {key} was used before with another endpoint or other parameters.",
            kind="idempotency_error",
        )
    return Response(row[1], bytes(row[2]), headers={"Idempotent-Replayed": "true", "Original-Request": row[3]})


def remember(tx: Transaction, key: str, mark: str, response: Response, request_id: str) -> None:
    """Store the answer. Refused parameters are not stored, as at Stripe: a corrected request may use the key."""
    tx.db.execute("DELETE FROM answers WHERE created <= ?", (tx.wall - _KEPT,))
    tx.db.execute(
        "INSERT INTO answers (key, fingerprint, created, status, body, request) VALUES (?, ?, ?, ?, ?, ?)",
        (key, mark, tx.wall, response.status, response.body, request_id),
    )


def replace(tx: Transaction, key: str, response: Response) -> None:
    """Replace the stored answer of the key."""
    tx.db.execute("UPDATE answers SET status = ?, body = ? WHERE key = ?", (response.status, response.body, key))
