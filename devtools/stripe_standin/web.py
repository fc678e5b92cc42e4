"""Requests and responses as plain values, apart from the HTTP server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request, read in full. Header names are in lower case; the path is decoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    id: str


@dataclass
class Response:
    """A response, ready to be written."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    """True if the connection is reset instead of a response being written."""


def json_response(status: int, value: Any, **headers: str) -> Response:
    """Return a JSON response, indented as Stripe's are; underscores in header names become hyphens."""
    body = json.dumps(value, indent=2, ensure_ascii=False).encode()
    return Response(status, body, "application/json", {k.replace("_", "-"): v for k, v in headers.items()})


def redirect(address: str) -> Response:
    """Return a redirect that the browser follows with GET."""
    return Response(303, b"", "text/plain; charset=utf-8", {"Location": address})
