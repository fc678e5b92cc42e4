"""Which articles made readers pay: counted by article, and not kept with the person."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from subscriptions.models import ArticleConversions, Checkout
from subscriptions.referrer import public_path

UNPAID_RETENTION = timedelta(days=7)  # of the article beside which a checkout was begun that was not paid
BATCH_SIZE = 1000  # rows in one transaction
COUNTS = ("begun", "subscriptions", "donations")


def conversions() -> list[dict[str, Any]]:
    """Count by article `path` the checkouts `begun` beside it, and its paid `subscriptions` and `donations`."""
    totals = {row.pop("path"): Counter(row) for row in ArticleConversions.objects.values("path", *COUNTS)}
    for path, counts in _counted(Checkout.objects.exclude(came_from="")).items():
        totals[path] = totals.get(path, Counter()) + counts
    found = [{"path": path, **{name: total[name] for name in COUNTS}} for path, total in totals.items()]
    return sorted(found, key=lambda row: (-row["subscriptions"] - row["donations"], -row["begun"], row["path"]))


def forget_referrers(now: datetime | None = None) -> None:
    """Move the articles beside which settled checkouts were begun into the counts, each once."""
    old = Q(created_at__lt=(now or timezone.now()) - UNPAID_RETENTION) & ~Q(status=Checkout.Status.WAITING)
    settled = Checkout.objects.exclude(came_from="").filter(Q(status=Checkout.Status.PAID) | old)
    while _forget(settled):
        pass


@transaction.atomic
def _forget(settled: Any) -> int:
    rows = list(settled.select_for_update(of=["self"], skip_locked=True).order_by("pk")[:BATCH_SIZE])
    for path, counts in sorted(_counted(rows).items()):
        total, _ = ArticleConversions.objects.get_or_create(path=path)
        added = {name: F(name) + counts[name] for name in COUNTS}
        ArticleConversions.objects.filter(pk=total.pk).update(**added)
    Checkout.objects.filter(pk__in=[row.pk for row in rows]).update(came_from="")
    return len(rows)


def _counted(checkouts: Iterable[Checkout]) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = {}
    for checkout in checkouts:
        counts = counted.setdefault(public_path(checkout.came_from), Counter())
        counts["begun"] += 1
        if checkout.status == Checkout.Status.PAID:
            counts["donations" if checkout.kind == Checkout.Kind.DONATION else "subscriptions"] += 1
    return counted
