"""The first page of the admin: what waits for whoever opens it. Each app names its part in `DASHBOARD_SECTIONS`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from newsroom.models import User

ROWS_SHOWN = 6  # rows of each group; the rest is one click away


@dataclass(frozen=True)
class DashboardRow:
    """One thing to look at: its title, where it is done, and a few words beside it."""

    title: str
    url: str
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class DashboardSection:
    """Things of one kind. `count`: all of them, of which `rows` are the first; `url`: where they all are."""

    title: str
    url: str
    count: int
    rows: list[DashboardRow] = field(default_factory=list)


SectionSource = Callable[[User], Iterable[DashboardSection]]


def sections_for(person: User) -> list[DashboardSection]:
    """Return what waits for this person, in the order of `DASHBOARD_SECTIONS`, without empty sections."""
    parts: list[SectionSource] = [import_string(name) for name in settings.DASHBOARD_SECTIONS]
    return [group for part in parts for group in part(person) if group.count]
