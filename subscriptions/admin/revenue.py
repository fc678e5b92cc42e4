"""The pages and CSV files of the revenue report."""

import csv
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.accounts.staff_events import record
from newsroom.models import StaffEvent
from subscriptions import money
from subscriptions.models import LedgerEntry, Offer, Subscription
from subscriptions.reports import charts
from subscriptions.reports import revenue as figures
from subscriptions.reports.conversions import conversions
from subscriptions.reports.mrr_movements import Kind

REASONS_SINCE = timedelta(days=90)
MAX_COMMENTS = 50
# Source: Stripe, a subscription's cancellation_details.feedback.
CANCEL_REASONS = {
    "customer_service": "Our service was not good",
    "low_quality": "The quality was not good enough",
    "missing_features": "Something was missing",
    "switched_service": "They went elsewhere",
    "too_complex": "It was too complicated",
    "too_expensive": "It was too expensive",
    "unused": "They did not use it",
    "other": "Another reason",
}


def _require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm("subscriptions.view_subscription"):
        raise PermissionDenied


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """`/admin/subscriptions/subscription/desk/`: supporters, income, and what is at risk."""
    _require_permission(request)
    currency = Offer.objects.get().currency
    show = partial(money.display, currency=currency)
    table = figures.months(currency)
    current = figures.current(currency)
    context = {
        **admin.site.each_context(request),
        "title": "Reader support",
        "now": [
            {
                "title": title,
                "count": current[name].count,
                "amount": show(current[name].amount),
                "url": _list("subscription", **lookup),
            }
            for title, name, lookup in (
                (
                    "Supporters",
                    "supporters",
                    {"status__in": ",".join(sorted(Subscription.COUNTED)), "collection_paused__exact": "0"},
                ),
                ("Card fails", "failing", {"status__exact": Subscription.Status.PAST_DUE}),
                (
                    "Will end",
                    "leaving",
                    {"status__in": ",".join(sorted(Subscription.ENTITLING)), "cancel_at__isnull": "False"},
                ),
            )
        ],
        "months": [_month(month, show) for month in reversed(table)],
        "charts": _charts(table, show),
        "appeals": [
            {**row, "amount": show(row["amount"]), "url": _donations_to(row["pk"])}
            for row in figures.donations_by_appeal(currency)
        ],
        "articles": conversions()[:50],
        "cancelled": _cancel_reasons(),
        "currency": currency.upper(),
        "zone": timezone.get_current_timezone_name(),
        "others": any(LedgerEntry.objects.filter(**{f"currency__{way}": currency}).exists() for way in ("lt", "gt")),
    }
    return render(request, "admin/subscriptions/revenue.html", context)


def _cancel_reasons() -> dict[str, Any]:
    """Return how often each reason was given by whoever ended or will end, most frequent first, and their words."""
    since = timezone.now() - REASONS_SINCE
    leaving = Subscription.objects.filter(Q(ended_at__gte=since) | Q(ended_at=None, cancel_at__isnull=False))
    given = leaving.exclude(cancel_reason="").order_by().values_list("cancel_reason").annotate(count=Count("pk"))
    said = leaving.exclude(cancel_comment="").order_by("-ended_at", "-pk")
    return {
        "days": REASONS_SINCE.days,
        "reasons": [
            {
                "words": CANCEL_REASONS.get(reason, reason.replace("_", " ").capitalize()),
                "count": count,
                "url": _list("subscription", cancel_reason__exact=reason),
            }
            for reason, count in sorted(given, key=lambda pair: (-pair[1], pair[0]))
        ],
        "comments": said[:MAX_COMMENTS],
    }


def _month(month: figures.Month, show: Any) -> dict[str, Any]:
    between = {"occurred_at__gte": month.begins.isoformat(), "occurred_at__lt": month.ends.isoformat()}
    return {
        "first": month.first,
        "supporters": {"count": month.supporters.count, "url": _movements(month, "supporters")},
        "moved": [
            {
                "kind": kind,
                "count": month.moved[kind].count,
                "amount": show(month.moved[kind].amount),
                "url": _movements(month, kind),
            }
            for kind in Kind
        ],
        "churn": month.churn,
        "mrr": show(month.supporters.amount),
        "subscriptions": show(month.subscriptions),
        "subscriptions_url": _list("ledgerentry", **between, subscription__isnull="False"),
        "donations": show(month.donations),
        "donations_url": _list("ledgerentry", **between, donation__isnull="False"),
    }


def _charts(table: list[figures.Month], show: Any) -> list[charts.Chart]:
    name = [f"{month.first:%b}" for month in table]
    first, last = table[0], table[-1]
    return [
        charts.bar_chart(
            "Monthly recurring money (MRR)",
            [(n, [("at the end", month.supporters.amount)]) for n, month in zip(name, table, strict=True)],
            display=show,
            summary=f"From {show(first.supporters.amount)} in {first.first:%B %Y}"
            f" to {show(last.supporters.amount)} now.",
        ),
        charts.bar_chart(
            "How it moved",
            [
                (n, [(kind, (-1 if kind is Kind.LOST else 1) * month.moved[kind].amount) for kind in Kind])
                for n, month in zip(name, table, strict=True)
            ],
            display=show,
            summary=", ".join(f"{kind} {show(sum(m.moved[kind].amount for m in table))}" for kind in Kind)
            + " in twelve months.",
        ),
        charts.bar_chart(
            "What came in",
            [
                (n, [("subscriptions", month.subscriptions), ("gifts", month.donations)])
                for n, month in zip(name, table, strict=True)
            ],
            display=show,
            summary=f"{show(sum(m.subscriptions for m in table))} from subscriptions and "
            f"{show(sum(m.donations for m in table))} from gifts in twelve months, less what went back.",
        ),
    ]


@require_safe
def movements(request: HttpRequest) -> HttpResponse:
    """`…/desk/movements/?month=2026-10&kind=lost`: the subscriptions behind one figure."""
    _require_permission(request)
    kind = request.GET.get("kind", "")
    currency = Offer.objects.get().currency
    name = request.GET.get("month")
    month = next((m for m in figures.months(currency) if f"{m.first:%Y-%m}" == name), None)
    if month is None or kind not in figures.FIGURES:
        raise Http404("No such figure.")
    context = {
        **admin.site.each_context(request),
        "title": f"{kind.capitalize()} in {month.first:%B %Y}",
        "rows": month.rows(kind, currency),
    }
    return render(request, "admin/subscriptions/movements.html", context)


def _movements(month: figures.Month, kind: str) -> str:
    query = urlencode({"month": f"{month.first:%Y-%m}", "kind": kind})
    return f"{reverse('admin:subscriptions_movements')}?{query}"


@require_safe
def table(request: HttpRequest, name: str) -> HttpResponse:
    """`…/desk/<name>.csv`: months, appeals or articles. Amounts are decimal numbers in major units."""
    _require_permission(request)
    currency = Offer.objects.get().currency
    plain = partial(money.plain, currency=currency)
    rows: list[list[Any]]
    if name == "months":
        head = ["month", "supporters", *Kind, "churn_percent", "mrr", "subscriptions", "gifts", "currency"]
        rows = [
            [
                f"{m.first:%Y-%m}",
                m.supporters.count,
                *(m.moved[kind].count for kind in Kind),
                "" if m.churn is None else f"{m.churn:.1f}",
                plain(m.supporters.amount),
                plain(m.subscriptions),
                plain(m.donations),
                currency.upper(),
            ]
            for m in figures.months(currency)
        ]
    elif name == "appeals":
        head = ["appeal", "gifts", "amount", "currency"]
        rows = [
            [_harmless(row["appeal"] or "(the outlet)"), row["donations"], plain(row["amount"]), currency.upper()]
            for row in figures.donations_by_appeal(currency)
        ]
    elif name == "articles":
        head = ["article", "begun", "subscriptions", "gifts"]
        rows = [[row["path"], row["begun"], row["subscriptions"], row["donations"]] for row in conversions()]
    elif name == "ledger":
        head = ["day", "kind", "how", "amount", "currency", "for", "number"]
        entries = LedgerEntry.objects.select_related("donation__checkout__appeal").order_by("occurred_at", "pk")
        rows = [_ledger_row(entry) for entry in entries.iterator()]
    else:
        raise Http404(name)
    record(request.user, StaffEvent.Kind.EXPORT, request=request, words=f"{name}.csv")  # type: ignore[arg-type]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate()}.csv"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows(rows)
    return response


def _ledger_row(entry: LedgerEntry) -> list[Any]:
    donation = entry.donation
    what = "subscription" if donation is None else str(donation.checkout.appeal or "gift")
    return [
        timezone.localdate(entry.occurred_at).isoformat(),
        entry.get_kind_display(),
        donation.how if donation else "at Stripe",
        money.plain(entry.amount, entry.currency),
        entry.currency.upper(),
        _harmless(what),
        entry.stripe_id,
    ]


def _list(model: str, **lookups: str) -> str:
    return f"{reverse(f'admin:subscriptions_{model}_changelist')}?{urlencode(lookups)}"


def _donations_to(appeal: int | None) -> str:
    if appeal is None:
        return _list("ledgerentry", donation__isnull="False", donation__checkout__appeal__isnull="True")
    return _list("ledgerentry", donation__checkout__appeal__id__exact=str(appeal))


def _harmless(words: str) -> str:
    """Return the words so that no spreadsheet takes them for a formula."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words
