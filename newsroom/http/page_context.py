"""What a view tells the decorators around it about the page that it renders."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest


@dataclass
class PageContext:
    """What caches and the page's security policy have to know.

    `changes_at` is when the page changes by itself; `frame_sources` are the hosts whose frames it may load.
    """

    surrogate_keys: frozenset[str] = frozenset()
    changes_at: datetime | None = None
    frame_sources: tuple[str, ...] = ()


def page_context(request: HttpRequest) -> PageContext:
    """Return the request's page context, which a view may change."""
    if not hasattr(request, "page_context"):
        set_page_context(request, PageContext())
    context: PageContext = request.page_context  # type: ignore[attr-defined]
    return context


def set_page_context(request: HttpRequest, context: PageContext) -> None:
    """Replace the request's page context."""
    request.page_context = context  # type: ignore[attr-defined]
