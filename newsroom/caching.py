"""Who may keep an answer. Every view of a reader's page says it with one of these two decorators."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """The same page for everyone: no cookie, no session. Browsers keep it and ask each time whether it still holds."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, no_cache=True)
        if (moment := getattr(request, "changes_at", None)) is not None:
            left = (moment - timezone.now()).total_seconds()
            patch_cache_control(response, s_maxage=max(0, int(left)))
        return response

    return wrapped


def holds_until(request: HttpRequest, moment: datetime) -> None:
    """This page changes by itself at `moment` (a banner ends, say): no cache may keep a copy beyond it.

    No purge comes at such a moment, as nobody does anything then. A policy that lets caches serve what is stale while
    they ask anew must not do so with these pages.
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
