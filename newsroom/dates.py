"""Days in the outlet's own time zone."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """Return the beginning of this day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def next_midnight(now: datetime) -> datetime:
    """Return the moment when "today" becomes another day."""
    return midnight(timezone.localdate(now) + timedelta(days=1))
