"""The sections about money on the admin's first page, for the publisher."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.models import User
from subscriptions.alerts import events_missing, in_words, not_reconciled
from subscriptions.models import Discrepancy, Dispute, Hold, LedgerEntry, StripeEvent, Subscription, SupportEmail

SHOWN_FOR = timedelta(days=30)  # fraud warnings, refunds that came back, and mails that were not delivered


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    if not person.has_perm("subscriptions.view_subscription"):
        return
    yield _section("Guests sign in to give", Hold.objects.in_force(), lambda hold: (str(hold), "", hold.began_at))
    yield _section(
        "Disputes to answer",
        Dispute.objects.to_be_answered(),
        lambda dispute: (dispute.shown_amount, _answer(dispute), dispute.due_at),
        status__in=",".join(sorted(Dispute.TO_BE_ANSWERED)),
    )
    yield _warning("The books were not compared with Stripe's", not_reconciled())
    yield _warning("Stripe's messages do not arrive", events_missing())
    since = timezone.now() - SHOWN_FOR
    here = LedgerEntry.objects.not_fully_returned()
    # Restricted to these payments first: otherwise the rest of every payment there ever was would be computed.
    came_back = LedgerEntry.objects.filter(
        payment__isnull=False, kind=LedgerEntry.Kind.REFUND_FAILED, occurred_at__gt=since
    )
    yield _section(
        "Warnings of fraud",
        here.filter(warned_at__gt=since).order_by("warned_at"),
        lambda payment: (str(payment), "The bank says so. Give it back if you think so too.", payment.warned_at),
        warned_at__isempty="0",
    )
    yield _section(
        "Refunds that came back",
        came_back.filter(payment__in=here.filter(pk__in=came_back.values("payment"))),
        lambda entry: (entry.shown_amount, "The card was gone. Ask the reader how to pay it.", entry.occurred_at),
        kind__exact=LedgerEntry.Kind.REFUND_FAILED,
    )
    past_due = Subscription.Status.PAST_DUE
    yield _section(
        "Payments at risk",
        Subscription.objects.filter(status=past_due).select_related("user").order_by("past_due_since"),
        lambda subscription: (
            str(subscription.user),
            subscription.failure or "payment failed",
            subscription.past_due_since,
        ),
        status__exact=past_due,
    )
    yield _section(
        "Mails about money not delivered",
        SupportEmail.objects.undelivered().filter(written_at__gt=since).order_by("written_at"),
        lambda email: (str(email), email.problem, email.written_at),
        state="undelivered",
    )
    yield _section(
        "Differences from Stripe",
        Discrepancy.objects.filter(mended_at=None).order_by("found_at"),
        lambda discrepancy: (str(discrepancy), discrepancy.error, discrepancy.found_at),
        mended_at__isempty="1",
    )
    yield _section(
        "Not applied",
        StripeEvent.objects.filter(applied_at__isnull=True).exclude(error="").order_by("received_at"),
        lambda event: (event.type, event.error.strip().splitlines()[-1][:120], event.received_at),
        applied_at__isempty="1",
    )


def _warning(title: str, words: str) -> DashboardSection:
    """Return a section of one row that says so; without words, an empty one."""
    url = reverse("admin:subscriptions_discrepancy_changelist")
    rows = [DashboardRow(title=words, url=url, at=timezone.now())] if words else []
    return DashboardSection(title, url, len(rows), rows)


def _answer(dispute: Dispute) -> str:
    until = f" Answer it at Stripe until {in_words(dispute.due_at)}." if dispute.due_at else " Answer it at Stripe."
    return f"{dispute.reason_in_words[0].upper()}{dispute.reason_in_words[1:]}.{until}"


def _section(title: str, found: QuerySet[Any], shown: Callable[[Any], Any], **lookups: str) -> DashboardSection:
    """Return a section of these rows. `shown` gives a row's title, a few words, and its time."""
    name = f"admin:{found.model._meta.app_label}_{found.model._meta.model_name}"
    rows = []
    for each in found[:ROWS_SHOWN]:
        row, words, at = shown(each)
        rows.append(DashboardRow(title=row, url=reverse(f"{name}_change", args=[each.pk]), words=words, at=at))
    return DashboardSection(title, reverse(f"{name}_changelist", query=lookups or None), found.count(), rows)
