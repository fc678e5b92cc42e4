"""Calendar arithmetic of billing periods.

The clock inside is world time, `Transaction.now`: real time plus what was added by the control ``clock``. Only what the
site compares with its own clock stays in real time, `Transaction.wall`: the life of a checkout session, idempotency
keys, signatures and the delays of deliveries.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta


def add_interval(start: int, interval: str, count: int) -> int:
    """Return the end of a billing period. Months keep the day of the month, or use the last day of a shorter month."""
    moment = datetime.fromtimestamp(start, UTC)
    if interval == "day":
        return int((moment + timedelta(days=count)).timestamp())
    if interval == "week":
        return int((moment + timedelta(weeks=count)).timestamp())
    months = moment.month - 1 + (count * 12 if interval == "year" else count)
    year, month = moment.year + months // 12, months % 12 + 1
    day = min(moment.day, monthrange(year, month)[1])
    return int(moment.replace(year=year, month=month, day=day).timestamp())
