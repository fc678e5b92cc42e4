"""Who came and who left: when each subscription began or stopped to count, added up by Postgres from its changes.

The rows behind a sum come from the same question, so the two cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from subscriptions.models import Subscription

COUNTED = ("active", "trialing", "past_due")
KINDS = ("new", "recovered", "lost")

# Of when a subscription began and when it was cancelled, Stripe's word counts, not when we heard of it. Who begins
# another one after having lost one has recovered.
_MOVED = """
WITH changes AS (
    SELECT id, subscription_id, at, to_status, counts, lag(counts, 1, false) OVER so_far AS counted,
        coalesce(bool_or(counts) OVER so_far, false) AS ever
    FROM subscriptions_subscriptionchange, LATERAL (SELECT to_status = ANY(%(counted)s) AS counts)
    WINDOW so_far AS (
        PARTITION BY subscription_id ORDER BY at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
), turns AS (
    SELECT change.id, subscription_id, user_id, amount, counts, ever,
        CASE WHEN counts AND NOT ever THEN started_at
            WHEN to_status = 'canceled' THEN coalesce(ended_at, at) ELSE at END AS at
    FROM changes AS change JOIN subscriptions_subscription AS subscription ON subscription.id = subscription_id
    WHERE counts <> counted AND currency = %(currency)s
), losses AS (
    SELECT user_id, min(at) AS first FROM turns WHERE NOT counts GROUP BY user_id
), moved AS (
    SELECT id, subscription_id, amount, at,
        CASE WHEN NOT counts THEN 'lost' WHEN ever OR losses.first < at THEN 'recovered' ELSE 'new' END AS kind
    FROM turns LEFT JOIN losses ON losses.user_id = turns.user_id
)
"""


@dataclass(frozen=True)
class Figure:
    """`amount`: minor units a month."""

    count: int = 0
    amount: int = 0

    def after(self, moved: Mapping[str, "Figure"]) -> "Figure":
        """This many, when so many came and left."""
        came, lost = (moved["new"], moved["recovered"]), moved["lost"]
        return Figure(
            self.count + sum(figure.count for figure in came) - lost.count,
            self.amount + sum(figure.amount for figure in came) - lost.amount,
        )


@dataclass(frozen=True)
class Movement:
    """One subscription that begins or stops to count."""

    at: datetime
    kind: str
    subscription: Subscription


def summed(currency: str, moments: Sequence[datetime]) -> dict[tuple[int, str], Figure]:
    """What moved, by its kind and after how many of these moments: 0 is before the first of them."""
    question = "SELECT width_bucket(at, %(moments)s), kind, count(*), sum(amount) FROM moved GROUP BY 1, 2"
    rows = _asked(question, currency, moments=list(moments))
    return {(place, kind): Figure(count, int(amount)) for place, kind, count, amount in rows}


def between(currency: str, kind: str, begin: datetime, end: datetime) -> list[Movement]:
    """Those of one kind, the oldest first."""
    question = (
        "SELECT at, kind, subscription_id FROM moved"
        " WHERE kind = %(kind)s AND at >= %(begin)s AND at < %(end)s ORDER BY at, id"
    )
    return _movements(_asked(question, currency, kind=kind, begin=begin, end=end))


def standing(currency: str, moment: datetime) -> list[Movement]:
    """Those who counted at this moment, each by what made them count, the oldest first."""
    question = (
        "SELECT at, kind, subscription_id FROM (SELECT DISTINCT ON (subscription_id) * FROM moved"
        " WHERE at < %(moment)s ORDER BY subscription_id, at DESC, id DESC) AS newest"
        " WHERE kind <> 'lost' ORDER BY at, id"
    )
    return _movements(_asked(question, currency, moment=moment))


def _movements(rows: list[Any]) -> list[Movement]:
    found = Subscription.objects.select_related("user").in_bulk([pk for *_, pk in rows])
    return [Movement(at, kind, found[pk]) for at, kind, pk in rows]


def _asked(question: str, currency: str, **given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_MOVED + question, {"counted": list(COUNTED), "currency": currency, **given})
        rows: list[Any] = cursor.fetchall()
        return rows
