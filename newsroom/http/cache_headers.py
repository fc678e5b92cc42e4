"""Who may keep an answer, and for how long. Every view of a reader's page says it with one of these two decorators.

A cache of the outlet's own that stands in front (deploy/varnish, or Fastly) keeps a public page until something that it
shows changes. So a page names what it shows, by surrogate keys (surrogate_keys.py), and each change drops the pages
that name it (purge.py).
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
from newsroom.http.surrogate_keys import SITE

View = Callable[..., HttpResponse]

# While a cache asks anew, it may go on showing what is a moment too old; while the site is down, what is a day too old.
WHILE_REVALIDATING = 60  # seconds
WHILE_DOWN = 24 * 3600  # seconds


def public(view: View) -> View:
    """The same page for everyone: no cookie, no session. Browsers keep it and ask each time whether it still holds."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, no_cache=True)
        if settings.CACHE_PURGE_URL:
            response["Surrogate-Control"] = _for_the_cache(request)
            response["Surrogate-Key"] = " ".join(sorted({SITE, *getattr(request, "shown", ())}))
        return response

    wrapped.is_public = True  # type: ignore[attr-defined]
    return wrapped


def add_surrogate_keys(request: HttpRequest, *keys: str) -> None:
    """The page shows what has these surrogate keys: when that changes, no cache may go on showing it."""
    request.shown = getattr(request, "shown", frozenset()) | set(keys)  # type: ignore[attr-defined]


def set_expiry(request: HttpRequest, moment: datetime) -> None:
    """This page changes by itself at `moment` (a banner ends, say): no cache may show it later, not even while it asks.

    No purge comes at such a moment, as nobody does anything then.
    """
    earlier = getattr(request, "changes_at", moment)
    request.changes_at = min(moment, earlier)  # type: ignore[attr-defined]


def private(view: View) -> View:
    """One person's page: nobody keeps it, the browser's own back button included."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Cookie"])
        return response

    return wrapped


def _for_the_cache(request: HttpRequest) -> str:
    """Until midnight, as pages say "today"; or until a moment of their own, and then not a second longer."""
    now = timezone.now()
    until = next_midnight(now)
    moment: datetime | None = getattr(request, "changes_at", None)
    old = WHILE_REVALIDATING
    if moment is not None and moment < until:
        until, old = moment, 0
    left = max(0, int((until - now).total_seconds()))
    return f"max-age={left}, stale-while-revalidate={old}, stale-if-error={WHILE_DOWN}"
