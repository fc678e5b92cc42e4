"""Lists by key: the ten-thousandth page costs what the first one does, and nothing is ever counted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

ROWS = 20


@dataclass(frozen=True)
class Page:
    """`further` is the query of the next page, like `before=1764300000.000000-7`; None on the last."""

    rows: list[Any]
    further: str | None
    first: bool


def keyset_page(
    rows: QuerySet[Any], request: HttpRequest, *, at: str, key: str = "pk", oldest_first: bool = False
) -> Page:
    """One page of `rows` in the order of `at` and `key`: newest first with `?before=`, or oldest first with `?after=`.

    Raises Http404 for a page that cannot be, or that has nothing on it.
    """
    name, sign, beyond = ("after", "", "gt") if oldest_first else ("before", "-", "lt")
    rows = rows.order_by(f"{sign}{at}", f"{sign}{key}")
    cursor = request.GET.get(name)
    if cursor is not None:
        moment, last = _read(cursor)
        # The first filter alone would do for the index, the second for the truth.
        rows = rows.filter(**{f"{at}__{beyond}e": moment})
        rows = rows.filter(Q(**{f"{at}__{beyond}": moment}) | Q(**{f"{key}__{beyond}": last}))
    found = list(rows[: ROWS + 1])
    if cursor is not None and not found:
        raise Http404("There is nothing further.")
    page = found[:ROWS]
    further = f"{name}={_write(getattr(page[-1], at), getattr(page[-1], key))}" if len(found) > ROWS else None
    return Page(rows=page, further=further, first=cursor is None)


def page_number(request: HttpRequest, *, last: int) -> int:
    """`?page=`, for a list that is short by its nature. Raises Http404 for a page that cannot be."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 6 and 1 <= int(number) <= last):
        raise Http404("No such page.")
    return int(number)


def _write(moment: datetime, key: int) -> str:
    # Microseconds as an integer: a float would round them, and skip or repeat a row.
    return f"{int(moment.timestamp()) * 1_000_000 + moment.microsecond}-{key}"


def _read(cursor: str) -> tuple[datetime, int]:
    parts = cursor.split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) < 18 for part in parts):
        raise Http404("No such page.")
    seconds, microseconds = divmod(int(parts[0]), 1_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds), int(parts[1])
    except (ValueError, OverflowError, OSError):
        raise Http404("No such page.") from None
