"""The only place that says what time it is in the stand-in's world."""

from __future__ import annotations

import time
from calendar import monthrange
from datetime import UTC, datetime, timedelta


class Clock:
    """World time, in whole seconds as Stripe gives it. Retry delays and signatures use real time instead."""

    def now(self) -> int:
        """The present, as a Unix timestamp."""
        return int(time.time())


def add_interval(start: int, interval: str, count: int) -> int:
    """The end of a billing period. Months keep the day of the month, or take the last day of a shorter month."""
    moment = datetime.fromtimestamp(start, UTC)
    if interval == "day":
        return int((moment + timedelta(days=count)).timestamp())
    if interval == "week":
        return int((moment + timedelta(weeks=count)).timestamp())
    months = moment.month - 1 + (count * 12 if interval == "year" else count)
    year, month = moment.year + months // 12, months % 12 + 1
    day = min(moment.day, monthrange(year, month)[1])
    return int(moment.replace(year=year, month=month, day=day).timestamp())
