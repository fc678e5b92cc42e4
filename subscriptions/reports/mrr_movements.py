"""MRR movements: when each subscription began or stopped to count, or changed its amount.

Postgres computes them from the changes of each subscription.

The rows behind a sum come from the same query, so the two cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from subscriptions import money
from subscriptions.models import Subscription


class Kind(StrEnum):
    NEW = "new"
    RECOVERED = "recovered"
    CHANGED = "changed"  # the amount of somebody who stays; it may have fallen
    LOST = "lost"


# A subscription begins and ends when Stripe says, not when we heard of it. A person who begins another one after losing
# one has recovered. One whose payments the publisher has paused brings in nothing.
_MOVED = """
WITH changes AS (
    SELECT change.id, subscription_id, user_id, change.at, to_status, started_at, ended_at, counts, brings,
        lag(counts, 1, false) OVER so_far AS counted, lag(brings, 1, 0) OVER so_far AS brought,
        coalesce(bool_or(counts) OVER so_far, false) AS ever
    FROM subscriptions_subscriptionchange AS change
        JOIN subscriptions_subscription AS subscription ON subscription.id = subscription_id,
        LATERAL (SELECT to_status = ANY(%(counted)s) AND NOT change.collection_paused AS counts) AS counting,
        LATERAL (
            SELECT CASE WHEN NOT counts THEN 0
                ELSE coalesce(change.monthly_amount, subscription.monthly_amount) END AS brings
        ) AS bringing
    WHERE currency = %(currency)s
    WINDOW so_far AS (
        PARTITION BY subscription_id ORDER BY change.at, change.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
), turns AS (
    SELECT id, subscription_id, user_id, counts, counted, ever,
        CASE WHEN NOT counts THEN brought ELSE brings - brought END AS amount,
        CASE WHEN counts AND NOT ever THEN started_at
            WHEN to_status = 'canceled' THEN coalesce(ended_at, at) ELSE at END AS at
    FROM changes WHERE counts <> counted OR brings <> brought
), losses AS (
    SELECT user_id, min(at) AS first FROM turns WHERE NOT counts GROUP BY user_id
), moved AS (
    SELECT id, subscription_id, amount, at,
        CASE WHEN NOT counts THEN 'lost' WHEN counted THEN 'changed'
            WHEN ever OR losses.first < at THEN 'recovered' ELSE 'new' END AS kind
    FROM turns LEFT JOIN losses ON losses.user_id = turns.user_id
)
"""


@dataclass(frozen=True)
class Figure:
    """A number of subscriptions and what they pay each month together, in minor units."""

    count: int = 0
    amount: int = 0

    def after(self, moved: Mapping[Kind, "Figure"]) -> "Figure":
        """Return this figure after these movements."""
        came, lost = (moved[Kind.NEW], moved[Kind.RECOVERED]), moved[Kind.LOST]
        return Figure(
            self.count + sum(figure.count for figure in came) - lost.count,
            self.amount + sum(figure.amount for figure in came) + moved[Kind.CHANGED].amount - lost.amount,
        )


@dataclass(frozen=True)
class Movement:
    """A subscription that began or stopped to count, or changed by `amount` (minor units a month)."""

    at: datetime
    kind: str
    amount: int
    subscription: Subscription

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.subscription.currency)


def summed(currency: str, moments: Sequence[datetime]) -> dict[tuple[int, str], Figure]:
    """Sum the movements by kind and by the number of these moments before them: 0 is before the first."""
    query = "SELECT width_bucket(at, %(moments)s), kind, count(*), sum(amount) FROM moved GROUP BY 1, 2"
    rows = _rows(query, currency, moments=list(moments))
    return {(place, kind): Figure(count, int(amount)) for place, kind, count, amount in rows}


def between(currency: str, kind: str, begin: datetime, end: datetime) -> list[Movement]:
    """Return the movements of one kind, the oldest first."""
    query = (
        "SELECT at, kind, amount, subscription_id FROM moved"
        " WHERE kind = %(kind)s AND at >= %(begin)s AND at < %(end)s ORDER BY at, id"
    )
    return _movements(_rows(query, currency, kind=kind, begin=begin, end=end))


def standing(currency: str, moment: datetime) -> list[Movement]:
    """Return, for each subscription that counted at this moment, its last movement and what it brought in.

    The oldest come first.
    """
    query = (
        "SELECT at, kind, total, subscription_id FROM (SELECT DISTINCT ON (subscription_id) *,"
        " sum(CASE kind WHEN 'lost' THEN -amount ELSE amount END)"
        " OVER (PARTITION BY subscription_id ORDER BY at, id) AS total FROM moved"
        " WHERE at < %(moment)s ORDER BY subscription_id, at DESC, id DESC) AS newest"
        " WHERE kind <> 'lost' ORDER BY at, id"
    )
    return _movements(_rows(query, currency, moment=moment))


def _movements(rows: list[Any]) -> list[Movement]:
    found = Subscription.objects.select_related("user").in_bulk([pk for *_, pk in rows])
    return [Movement(at, kind, int(amount), found[pk]) for at, kind, amount, pk in rows]


def _rows(query: str, currency: str, **params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_MOVED + query, {"counted": list(Subscription.COUNTED), "currency": currency, **params})
        rows: list[Any] = cursor.fetchall()
        return rows
