"""Says who may cache a response, and for how long. Every view of a readers' page has one of these two decorators.

A cache of the outlet's own in front (deploy/varnish, or Fastly) stores a public page until something that it shows
changes. So a page names what it shows, by surrogate keys (surrogate_keys.py), and each change purges the pages that
name it (purge.py).
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from newsroom.dates import next_midnight
from newsroom.http.csp import allow_frames
from newsroom.http.page_context import PageContext, page_context
from newsroom.http.surrogate_keys import SITE

View = Callable[..., HttpResponse]

STALE_WHILE_REVALIDATE = 60  # seconds that a cache may show an old page while it asks for the new one
STALE_IF_ERROR = 24 * 3600  # seconds that a cache may show an old page while the site is down


def public(view: View) -> View:
    """Mark a page that is the same for everyone: no cookie, no session. Browsers store it and revalidate each time."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        context = page_context(request)
        patch_cache_control(response, public=True, no_cache=True)
        if settings.CACHE_PURGE_URL:
            response["Surrogate-Control"] = _surrogate_control(context)
            response["Surrogate-Key"] = " ".join(sorted({SITE, *context.surrogate_keys}))
        return _with_frames(response, context)

    wrapped.is_public = True  # type: ignore[attr-defined]
    return wrapped


def add_surrogate_keys(request: HttpRequest, *keys: str) -> None:
    """Say that the page shows what has these surrogate keys: when that changes, the page is purged."""
    page_context(request).surrogate_keys |= set(keys)


def set_expiry(request: HttpRequest, moment: datetime) -> None:
    """Say that the page changes by itself at `moment` (a banner ends, say). The earliest of several moments counts.

    No purge comes then, as nobody does anything; so no cache may show it later, not even while it revalidates.
    """
    context = page_context(request)
    context.changes_at = min(moment, context.changes_at or moment)


def private(view: View) -> View:
    """Mark one person's page: nothing stores it, not even for the browser's back button."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Cookie"])
        return _with_frames(response, page_context(request))

    return wrapped


def _with_frames(response: HttpResponse, context: PageContext) -> HttpResponse:
    if context.frame_sources:
        allow_frames(response, context.frame_sources)
    return response


def _surrogate_control(context: PageContext) -> str:
    """Allow caching until midnight, as pages say "today"; or to the second until the page changes by itself."""
    now = timezone.now()
    until, stale = next_midnight(now), STALE_WHILE_REVALIDATE
    if context.changes_at is not None and context.changes_at < until:
        until, stale = context.changes_at, 0
    max_age = max(0, int((until - now).total_seconds()))
    return f"max-age={max_age}, stale-while-revalidate={stale}, stale-if-error={STALE_IF_ERROR}"
