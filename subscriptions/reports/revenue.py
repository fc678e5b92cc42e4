"""The publisher's figures. The rows behind each can be listed. Months are in the outlet's time zone.

A supporter is a person whose subscription is active, or whose card is being tried again. They are `new`, `recovered`
(came back after it had ended, or was paused or given up), or `lost`. So the supporters at the end of a month are those
at its start + new + recovered - lost. Monthly recurring revenue (MRR) is what they pay in a month, after discounts, a
twelfth of what is paid by the year; it moves with them, and when one of them changes the amount (`changed`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, Sum, Value
from django.utils import timezone

from newsroom.dates import midnight
from subscriptions.models import LedgerEntry, Subscription
from subscriptions.reports import mrr_movements
from subscriptions.reports.mrr_movements import Figure, Kind, Movement

MONTHS = 12
SUPPORTERS = "supporters"
FIGURES = (SUPPORTERS, *Kind)


@dataclass
class Month:
    """`moved`: by kind. `subscriptions`, `donations`: the income, less refunds and disputes, in minor units."""

    first: date
    at_start: Figure
    moved: dict[Kind, Figure]
    subscriptions: int = 0
    donations: int = 0

    @property
    def supporters(self) -> Figure:
        """The supporters at its end."""
        return self.at_start.after(self.moved)

    @property
    def churn(self) -> float | None:
        """The percentage of the supporters at its start that was lost; None if there were none."""
        return 100 * self.moved[Kind.LOST].count / self.at_start.count if self.at_start.count else None

    @property
    def begins(self) -> datetime:
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        return midnight(_next(self.first))

    def rows(self, figure: str, currency: str) -> list[Movement]:
        """Return the movements behind one of `FIGURES`."""
        if figure == SUPPORTERS:
            return mrr_movements.standing(currency, self.ends)
        return mrr_movements.between(currency, figure, self.begins, self.ends)


def months(currency: str) -> list[Month]:
    """Return the last twelve months with this one, the oldest first."""
    firsts = [timezone.localdate().replace(day=1)]
    for _ in range(MONTHS - 1):
        firsts.insert(0, _previous(firsts[0]))
    moments = [midnight(first) for first in (*firsts, _next(firsts[-1]))]
    summed, income = mrr_movements.summed(currency, moments), _income(currency, moments)
    moved = [{kind: summed.get((place, kind), Figure()) for kind in Kind} for place in range(len(moments))]
    table, supporters = [], Figure().after(moved[0])
    for place, first in enumerate(firsts, start=1):
        table.append(Month(first, supporters, moved[place], *income.get(place, (0, 0))))
        supporters = table[-1].supporters
    return table


def _income(currency: str, moments: list[datetime]) -> dict[int, tuple[int, int]]:
    """Sum the income from subscriptions and from donations by the number of these moments before it."""
    bounds = Value(moments, output_field=ArrayField(DateTimeField()))
    place = Func(F("occurred_at"), bounds, function="width_bucket", output_field=IntegerField())
    entries = LedgerEntry.objects.filter(
        currency=currency, occurred_at__gte=moments[0], occurred_at__lt=moments[-1]
    ).order_by()
    rows = entries.annotate(place=place).values_list("place")
    is_donation = Q(donation__isnull=False)
    total = partial(Sum, "amount", default=0)
    sums = rows.annotate(subscriptions=total(filter=~is_donation), donations=total(filter=is_donation))
    return {place: (subscriptions, donations) for place, subscriptions, donations in sums}


def donations_by_appeal(currency: str) -> list[dict[str, Any]]:
    """Return dicts of `appeal` (title; empty: the outlet), `pk`, `amount` (minor units, net), `donations` (count)."""
    entries = LedgerEntry.objects.filter(currency=currency, donation__isnull=False).order_by()
    sums: dict[str, Any] = {
        "amount": Sum("amount", default=0),
        "donations": Count("kind", filter=Q(kind=LedgerEntry.Kind.PAYMENT)),
    }
    everything = entries.aggregate(**sums)
    appeal: dict[str, Any] = {
        "pk": F("donation__checkout__appeal"),
        "appeal": F("donation__checkout__appeal__title"),
    }
    rows: Any = entries.filter(donation__checkout__appeal__isnull=False).values(**appeal).annotate(**sums)
    found: list[dict[str, Any]] = [*rows]
    # The rest went to the outlet itself. Most donations do, so they are not joined with their checkouts.
    others = {name: everything[name] - sum(row[name] for row in found) for name in sums}
    if others["donations"]:
        found.append({"pk": None, "appeal": "", **others})
    return sorted(found, key=lambda row: -row["amount"])


def current(currency: str) -> dict[str, Figure]:
    """Return the figures of `supporters`, and of these `failing` (past due) and `leaving` (cancelled) ones."""
    kinds = {
        "supporters": Q(),
        "failing": Q(status=Subscription.Status.PAST_DUE),
        "leaving": Q(status__in=Subscription.ENTITLING, cancel_at__isnull=False),
    }
    sums: dict[str, Any] = {}
    for name, condition in kinds.items():
        sums[f"{name}_count"] = Count("pk", filter=condition)
        sums[f"{name}_amount"] = Sum("monthly_amount", filter=condition, default=0)
    found = Subscription.objects.counted().filter(currency=currency).aggregate(**sums)
    return {name: Figure(found[f"{name}_count"], found[f"{name}_amount"]) for name in kinds}


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _previous(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
