"""The dashboard, the admin's first page: what waits for the person. Each app names its part in `DASHBOARD_SECTIONS`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from newsroom.models import User

ROWS_SHOWN = 6  # of each section; the rest is one click away


@dataclass(frozen=True)
class DashboardRow:
    """A thing to look at: its title, where it is done, and a few words beside it."""

    title: str
    url: str
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class DashboardSection:
    """Things of one kind. `rows` are the first of `count`; `url` shows them all."""

    title: str
    url: str
    count: int
    rows: list[DashboardRow] = field(default_factory=list)


SectionSource = Callable[[User], Iterable[DashboardSection]]


def sections_for(person: User) -> list[DashboardSection]:
    """Return what waits for this person, in the order of `DASHBOARD_SECTIONS`, without empty sections."""
    sources: list[SectionSource] = [import_string(name) for name in settings.DASHBOARD_SECTIONS]
    return [section for source in sources for section in source(person) if section.count]
