"""Keyset pagination: the ten-thousandth page costs what the first one does, and no row is counted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

ROWS_PER_PAGE = 20


@dataclass(frozen=True)
class Page:
    """One page of a list. `further` is the next one's query string, like `before=1764300000000000-7`, or None."""

    rows: list[Any]
    further: str | None
    first: bool


def keyset_page(
    rows: QuerySet[Any], request: HttpRequest, *, at: str, key: str = "pk", oldest_first: bool = False
) -> Page:
    """Return one page of `rows`, ordered by `at` and `key`: newest first (`?before=`), or oldest first (`?after=`).

    Raises Http404 for a malformed cursor, or if nothing is beyond it.
    """
    name, sign, beyond = ("after", "", "gt") if oldest_first else ("before", "-", "lt")
    rows = rows.order_by(f"{sign}{at}", f"{sign}{key}")
    cursor = request.GET.get(name)
    if cursor is not None:
        moment, last = _decode_cursor(cursor)
        # The first filter lets Postgres use the index; the second is exact.
        rows = rows.filter(**{f"{at}__{beyond}e": moment})
        rows = rows.filter(Q(**{f"{at}__{beyond}": moment}) | Q(**{f"{key}__{beyond}": last}))
    found = list(rows[: ROWS_PER_PAGE + 1])
    if cursor is not None and not found:
        raise Http404("There is nothing further.")
    page = found[:ROWS_PER_PAGE]
    more = len(found) > ROWS_PER_PAGE
    further = f"{name}={_encode_cursor(getattr(page[-1], at), getattr(page[-1], key))}" if more else None
    return Page(rows=page, further=further, first=cursor is None)


def page_number(request: HttpRequest, *, last: int) -> int:
    """Return `?page=`, for a list of at most `last` pages. Raises Http404 for any other number."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 6 and 1 <= int(number) <= last):
        raise Http404("No such page.")
    return int(number)


def _encode_cursor(moment: datetime, key: int) -> str:
    # Microseconds as an integer: a float would round them, and skip or repeat a row.
    return f"{int(moment.timestamp()) * 1_000_000 + moment.microsecond}-{key}"


def _decode_cursor(cursor: str) -> tuple[datetime, int]:
    parts = cursor.split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) < 18 for part in parts):
        raise Http404("No such page.")
    seconds, microseconds = divmod(int(parts[0]), 1_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds), int(parts[1])
    except (ValueError, OverflowError, OSError):
        raise Http404("No such page.") from None
