"""The layout of the pages. Every value from outside goes through `esc`."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path

from .web import Response

STYLE = (Path(__file__).parent / "style.css").read_bytes()

_HEADERS = {
    # No form-action: browsers apply it to the redirect after a form too, and that leads back to the site.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def esc(value: object) -> str:
    """Escape text for HTML, also inside attributes. None becomes empty."""
    return "" if value is None else escape(str(value), quote=True)


def day(moment: int) -> str:
    """Return a date as ``<time>``."""
    when = datetime.fromtimestamp(moment, UTC)
    return f'<time datetime="{when:%Y-%m-%dT%H:%M:%SZ}">{when.day} {when:%B %Y}</time>'


def link(address: str | None, label: str) -> str:
    """Return a paragraph with a link, or nothing without an address."""
    return f'<p><a href="{esc(address)}">{esc(label)}</a></p>' if address else ""


def document(status: int, title: str, body: str) -> Response:
    """Return a whole page. `body` is HTML whose values are escaped already; `title` is escaped here."""
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{esc(title)} – stand-in for Stripe</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><p>Stand-in for Stripe: a test page, <strong>no money moves</strong>.</p></header>
<main>
<h1>{esc(title)}</h1>
{body}
</main>
</body>
</html>
"""
    return Response(status, text.encode(), "text/html; charset=utf-8", dict(_HEADERS))


def not_found() -> Response:
    """Return the page for an unknown address."""
    return document(404, "Not found", "<p>There is nothing at this address.</p>")
