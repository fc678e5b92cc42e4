"""Where a day begins: in the outlet's own time."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """The beginning of this day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def next_midnight(now: datetime) -> datetime:
    """When "today" is another day."""
    return midnight(timezone.localdate(now) + timedelta(days=1))
