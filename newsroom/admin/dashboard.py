"""The desk's first page: what waits for the person who has come. Each app names its own part in `DESK_PARTS`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from newsroom.models import User

SHOWN = 6  # rows of each group; the rest is one click away


@dataclass(frozen=True)
class Row:
    """One thing to look at: its title, where it is done, and a few words beside it."""

    title: str
    url: str
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """Things of one kind. `count`: all of them, of which `rows` are the first; `url`: where they all are."""

    title: str
    url: str
    count: int
    rows: list[Row] = field(default_factory=list)


Part = Callable[[User], Iterable[Group]]


def waiting(person: User) -> list[Group]:
    """All that waits for this person, in the order of `DESK_PARTS`; groups with nothing in them are left out."""
    parts: list[Part] = [import_string(name) for name in settings.DESK_PARTS]
    return [group for part in parts for group in part(person) if group.count]
