"""The publisher's figures, each made of rows that can be looked at. Months are the outlet's own.

A supporter is somebody whose subscription is active, or is being tried again. Those move: `new`, `recovered` (came back
after it had ended, was paused or given up), `lost`. So supporters at the end of a month = those at its start + new +
recovered - lost, and the same for the monthly money (MRR).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from newsroom.days import midnight
from subscriptions.appeals import Appeal
from subscriptions.models import Checkout, LedgerEntry, Subscription
from subscriptions.origins import public_path

COUNTED = ("active", "trialing", "past_due")
MONTHS = 12
KINDS = ("new", "recovered", "lost")
FIGURES = ("supporters", *KINDS)


@dataclass(frozen=True)
class Movement:
    """One subscription that begins or stops to count. `amount`: minor units a month."""

    at: datetime
    kind: str
    subscription: Subscription
    amount: int


@dataclass
class Month:
    """`supporters`: those at its end, each by what made them one. `subscriptions`, `gifts`: in, less what went back."""

    first: date
    moved: dict[str, list[Movement]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    at_start: int = 0
    supporters: list[Movement] = field(default_factory=list)
    subscriptions: int = 0
    gifts: int = 0

    def amount(self, kind: str) -> int:
        return sum(movement.amount for movement in self.moved[kind])

    @property
    def mrr(self) -> int:
        return sum(movement.amount for movement in self.supporters)

    @property
    def churn(self) -> float | None:
        """Of those at the start, how many in a hundred were lost; None where there was nobody to lose."""
        return 100 * len(self.moved["lost"]) / self.at_start if self.at_start else None

    def rows(self, figure: str) -> list[Movement]:
        """Those behind one of `FIGURES`."""
        return self.supporters if figure == "supporters" else self.moved[figure]

    @property
    def begins(self) -> datetime:
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        return midnight(_next(self.first))


def movements(currency: str) -> list[Movement]:
    """All of them, the oldest first."""
    found: list[Movement] = []
    lost_at: dict[int | None, datetime] = {}
    subscriptions = Subscription.objects.filter(currency=currency).select_related("user").prefetch_related("changes")
    for subscription in subscriptions.order_by("started_at", "pk"):
        counts, began_once = False, False
        for change in subscription.changes.all():
            if (change.to_status in COUNTED) == counts:
                continue
            counts = not counts
            if counts and not began_once:
                # Of when it began, Stripe's word, not when we heard of it.
                began_once, at = True, subscription.started_at
                before = lost_at.get(subscription.user_id) if subscription.user_id else None
                kind = "recovered" if before is not None and before <= at else "new"
            elif counts:
                kind, at = "recovered", change.at
            else:
                kind = "lost"
                at = (change.to_status == "canceled" and subscription.ended_at) or change.at
                lost_at[subscription.user_id] = at
            found.append(Movement(at, kind, subscription, subscription.amount))
    return sorted(found, key=lambda movement: movement.at)


def months(currency: str) -> list[Month]:
    """The last twelve, this one included, the oldest first."""
    first = timezone.localdate().replace(day=1)
    firsts = [first]
    for _ in range(MONTHS - 1):
        firsts.insert(0, _previous(firsts[0]))
    table = {first: Month(first) for first in firsts}
    moved = movements(currency)
    standing: dict[int, Movement] = {}
    _take([movement for movement in moved if movement.at < midnight(firsts[0])], standing)
    for month in table.values():
        month.at_start = len(standing)
        within = [movement for movement in moved if month.begins <= movement.at < month.ends]
        for movement in within:
            month.moved[movement.kind].append(movement)
        _take(within, standing)
        month.supporters = list(standing.values())
    entries = LedgerEntry.objects.filter(currency=currency, occurred_at__gte=midnight(firsts[0])).order_by()
    sums = entries.annotate(month=TruncMonth("occurred_at")).values("month")
    for row in sums.annotate(
        gifts=Sum("amount", default=0, filter=Q(donation__isnull=False)),
        subscriptions=Sum("amount", default=0, filter=Q(subscription__isnull=False)),
    ):
        if (of_row := timezone.localtime(row["month"]).date()) in table:
            table[of_row].gifts, table[of_row].subscriptions = row["gifts"], row["subscriptions"]
    return list(table.values())


def _take(moved: list[Movement], standing: dict[int, Movement]) -> None:
    """Bring those who count (by subscription) over these movements."""
    for movement in moved:
        if movement.kind == "lost":
            standing.pop(movement.subscription.pk, None)
        else:
            standing[movement.subscription.pk] = movement


def gifts_by_appeal(currency: str) -> list[dict[str, Any]]:
    """`appeal` (its title; empty for the outlet), `pk`, `amount` in minor units less what went back, `gifts`."""
    entries = LedgerEntry.objects.filter(currency=currency, donation__isnull=False).order_by()
    rows = entries.values("donation__checkout__appeal").annotate(
        amount=Sum("amount"), gifts=Count("donation", distinct=True)
    )
    titles = dict(Appeal.objects.values_list("pk", "title"))
    found = [
        {
            "pk": row["donation__checkout__appeal"],
            "appeal": titles.get(row["donation__checkout__appeal"], ""),
            "amount": row["amount"],
            "gifts": row["gifts"],
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: -row["amount"])


def conversions() -> list[dict[str, Any]]:
    """By article: `path`, checkouts `begun` beside it, and those `paid`: `subscriptions` and `gifts`."""
    paid = Q(status=Checkout.Status.PAID)
    rows = (
        Checkout.objects.exclude(came_from="")
        .order_by()
        .values("came_from")
        .annotate(
            begun=Count("pk"),
            subscriptions=Count("pk", filter=paid & Q(kind=Checkout.Kind.SUBSCRIPTION)),
            gifts=Count("pk", filter=paid & Q(kind=Checkout.Kind.DONATION)),
        )
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
    current = Subscription.objects.filter(currency=currency)
    return {
        "supporters": _summed(current.filter(status__in=COUNTED)),
        "failing": _summed(current.filter(status="past_due")),
        "leaving": _summed(current.filter(status__in=("active", "trialing"), cancel_at__isnull=False)),
    }


def _summed(rows: Any) -> dict[str, int]:
    found: dict[str, int] = rows.aggregate(count=Count("pk"), amount=Sum("amount", default=0))
    return found


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _previous(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
