"""What of the money waits for the publisher: the subscriptions' part of the desk's first page."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.models import User
from subscriptions.models import Discrepancy, Hold, LedgerEntry, StripeEvent, Subscription

NEWS = timedelta(days=30)  # so long a warning of fraud, or a refund that came back, is shown


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    """Supporters whose card fails, what looks like theft, money that came back, and what we could not apply or mend."""
    if not person.has_perm("subscriptions.view_subscription"):
        return
    yield _group("Guests sign in to give", Hold.objects.in_force(), lambda hold: (str(hold), "", hold.began_at))
    lately = timezone.now() - NEWS
    here = LedgerEntry.objects.still_with_us()
    # Of which payments is said first: or what is left of each there ever was would be worked out.
    came_back = LedgerEntry.objects.filter(
        payment__isnull=False, kind=LedgerEntry.Kind.REFUND_FAILED, occurred_at__gt=lately
    )
    yield _group(
        "Warnings of fraud",
        here.filter(warned_at__gt=lately).order_by("warned_at"),
        lambda payment: (str(payment), "The bank says so. Give it back if you think so too.", payment.warned_at),
        warned_at__isempty="0",
    )
    yield _group(
        "Refunds that came back",
        came_back.filter(payment__in=here.filter(pk__in=came_back.values("payment"))),
        lambda entry: (entry.shown_amount, "The card was gone. Ask the reader how to pay it.", entry.occurred_at),
        kind__exact=LedgerEntry.Kind.REFUND_FAILED,
    )
    yield _group(
        "Payments at risk",
        Subscription.objects.filter(status="past_due").select_related("user").order_by("past_due_since"),
        lambda subscription: (
            str(subscription.user),
            subscription.failure or "payment failed",
            subscription.past_due_since,
        ),
        status__exact="past_due",
    )
    yield _group(
        "Differences from Stripe",
        Discrepancy.objects.filter(mended_at=None).order_by("found_at"),
        lambda difference: (str(difference), difference.error, difference.found_at),
        mended_at__isempty="1",
    )
    yield _group(
        "Not applied",
        StripeEvent.objects.filter(applied_at__isnull=True).exclude(error="").order_by("received_at"),
        lambda event: (event.type, event.error.strip().splitlines()[-1][:120], event.received_at),
        applied_at__isempty="1",
    )


def _group(title: str, found: QuerySet[Any], shown: Callable[[Any], Any], **lookups: str) -> DashboardSection:
    """`shown`: of one row its title, a few words, and when."""
    name = f"admin:{found.model._meta.app_label}_{found.model._meta.model_name}"
    rows = []
    for each in found[:ROWS_SHOWN]:
        row, words, at = shown(each)
        rows.append(DashboardRow(title=row, url=reverse(f"{name}_change", args=[each.pk]), words=words, at=at))
    return DashboardSection(title, reverse(f"{name}_changelist", query=lookups or None), found.count(), rows)
