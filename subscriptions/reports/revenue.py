"""The publisher's figures, each made of rows that can be looked at. Months are the outlet's own.

A supporter is somebody whose subscription is active, or is being tried again. Those move: `new`, `recovered` (came back
after it had ended, was paused or given up), `lost`. So supporters at the end of a month = those at its start + new +
recovered - lost, and the same for the monthly money (MRR).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, Sum, Value
from django.utils import timezone

from newsroom.dates import midnight
from subscriptions.models import Checkout, LedgerEntry, Subscription
from subscriptions.referrer import public_path
from subscriptions.reports import mrr_movements
from subscriptions.reports.mrr_movements import COUNTED, KINDS, Figure, Movement

MONTHS = 12
FIGURES = ("supporters", *KINDS)


@dataclass
class Month:
    """`supporters`: those at its end; `moved`: by kind. `subscriptions`, `gifts`: what came in, less what went back."""

    first: date
    at_start: Figure
    moved: dict[str, Figure]
    subscriptions: int = 0
    gifts: int = 0

    @property
    def supporters(self) -> Figure:
        return self.at_start.after(self.moved)

    @property
    def churn(self) -> float | None:
        """Of those at the start, how many in a hundred were lost; None where there was nobody to lose."""
        return 100 * self.moved["lost"].count / self.at_start.count if self.at_start.count else None

    @property
    def begins(self) -> datetime:
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        return midnight(_next(self.first))

    def rows(self, figure: str, currency: str) -> list[Movement]:
        """Those behind one of `FIGURES`."""
        if figure == "supporters":
            return mrr_movements.standing(currency, self.ends)
        return mrr_movements.between(currency, figure, self.begins, self.ends)


def months(currency: str) -> list[Month]:
    """The last twelve, this one included, the oldest first."""
    firsts = [timezone.localdate().replace(day=1)]
    for _ in range(MONTHS - 1):
        firsts.insert(0, _previous(firsts[0]))
    moments = [midnight(first) for first in (*firsts, _next(firsts[-1]))]
    summed, came_in = mrr_movements.summed(currency, moments), _came_in(currency, moments)
    moved = [{kind: summed.get((place, kind), Figure()) for kind in KINDS} for place in range(len(moments))]
    table, supporters = [], Figure().after(moved[0])
    for place, first in enumerate(firsts, start=1):
        table.append(Month(first, supporters, moved[place], *came_in.get(place, (0, 0))))
        supporters = table[-1].supporters
    return table


def _came_in(currency: str, moments: list[datetime]) -> dict[int, tuple[int, int]]:
    """From subscriptions and from gifts, less what went back, by how many of these moments had passed."""
    given = Value(moments, output_field=ArrayField(DateTimeField()))
    place = Func(F("occurred_at"), given, function="width_bucket", output_field=IntegerField())
    entries = LedgerEntry.objects.filter(
        currency=currency, occurred_at__gte=moments[0], occurred_at__lt=moments[-1]
    ).order_by()
    rows = entries.annotate(place=place).values_list("place")
    is_gift = Q(donation__isnull=False)
    total = partial(Sum, "amount", default=0)
    sums = rows.annotate(subscriptions=total(filter=~is_gift), gifts=total(filter=is_gift))
    return {place: (subscriptions, gifts) for place, subscriptions, gifts in sums}


def gifts_by_appeal(currency: str) -> list[dict[str, Any]]:
    """`appeal` (its title; empty for the outlet), `pk`, `amount` in minor units less what went back, `gifts`."""
    entries = LedgerEntry.objects.filter(currency=currency, donation__isnull=False).order_by()
    sums: dict[str, Any] = {
        "amount": Sum("amount", default=0),
        "gifts": Count("kind", filter=Q(kind=LedgerEntry.Kind.PAYMENT)),
    }
    everything = entries.aggregate(**sums)
    asked_for: dict[str, Any] = {
        "pk": F("donation__checkout__appeal"),
        "appeal": F("donation__checkout__appeal__title"),
    }
    rows: Any = entries.filter(donation__checkout__appeal__isnull=False).values(**asked_for).annotate(**sums)
    found: list[dict[str, Any]] = [*rows]
    # What is left was given to the outlet: most gifts are, and so nobody asks each what it was for.
    others = {name: everything[name] - sum(row[name] for row in found) for name in sums}
    if others["gifts"]:
        found.append({"pk": None, "appeal": "", **others})
    return sorted(found, key=lambda row: -row["amount"])


def newest_begun(count: int) -> datetime | None:
    """The moment after which so many checkouts have begun; None if there never were more."""
    begun = Checkout.objects.order_by("-created_at").values_list("created_at", flat=True)
    return begun[count : count + 1].first()


def conversions(since: datetime | None = None) -> list[dict[str, Any]]:
    """By article: `path`, checkouts `begun` beside it (after that moment), and those paid: `subscriptions`, `gifts`."""
    begun = Checkout.objects.exclude(came_from="").order_by()
    if since is not None:
        begun = begun.filter(created_at__gt=since)
    paid = Q(status=Checkout.Status.PAID)
    rows = begun.values("came_from").annotate(
        begun=Count("pk"),
        subscriptions=Count("pk", filter=paid & Q(kind=Checkout.Kind.SUBSCRIPTION)),
        gifts=Count("pk", filter=paid & Q(kind=Checkout.Kind.DONATION)),
    )
    totals: dict[str, dict[str, int]] = defaultdict(lambda: {"begun": 0, "subscriptions": 0, "gifts": 0})
    for row in rows:
        total = totals[public_path(row["came_from"])]
        total["begun"] += row["begun"]
        total["subscriptions"] += row["subscriptions"]
        total["gifts"] += row["gifts"]
    found = [{"path": path, **total} for path, total in totals.items()]
    return sorted(found, key=lambda row: (-row["subscriptions"] - row["gifts"], -row["begun"], row["path"]))


def now(currency: str) -> dict[str, dict[str, int]]:
    """`supporters`, `failing` (their card) and `leaving` (a date is set), each with `count` and monthly `amount`."""
    kinds = {
        "supporters": Q(),
        "failing": Q(status="past_due"),
        "leaving": Q(status__in=("active", "trialing"), cancel_at__isnull=False),
    }
    sums: dict[str, Any] = {}
    for name, condition in kinds.items():
        sums[f"{name}_count"] = Count("pk", filter=condition)
        sums[f"{name}_amount"] = Sum("amount", filter=condition, default=0)
    found = Subscription.objects.filter(currency=currency, status__in=COUNTED).aggregate(**sums)
    return {name: {"count": found[f"{name}_count"], "amount": found[f"{name}_amount"]} for name in kinds}


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _previous(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
