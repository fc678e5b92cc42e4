"""Subscriptions as Stripe knows them, the sets of statuses that decide something, and every change of status."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from subscriptions import money
from subscriptions.decline_reasons import DeclineReason

# How long a supporter whose payment failed keeps access while Stripe tries the card again.
GRACE_PERIOD = timedelta(days=14)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def entitling(self) -> Self:
        """Return those that give access: active, trialing, and with a failed payment during the grace period."""
        return self.filter(
            Q(status__in=Subscription.ENTITLING)
            | Q(status__in=Subscription.GRACE, past_due_since__gt=timezone.now() - GRACE_PERIOD)
        )

    def counted(self) -> Self:
        """Return those that bring in money: not those whose payments the publisher has paused."""
        return self.filter(status__in=Subscription.COUNTED, collection_paused=False)

    def chargeable(self) -> Self:
        """Return those that may still be charged: a second one beside them would be paying twice."""
        return self.filter(status__in=Subscription.CHARGEABLE)

    def wanted_of(self, person: int) -> Self:
        """Return the person's own of this site that are not marked as duplicates, and may have been paid for."""
        own = self.filter(user=person, unwanted_since=None, begun_here=True)
        return own.exclude(status=Subscription.Status.INCOMPLETE_EXPIRED)


class Interval(models.TextChoices):
    """Stripe's own words. The site offers months and years; the others can be made at Stripe."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Subscription(models.Model):
    """A subscription as Stripe has it now."""

    class Status(models.TextChoices):
        """Stripe's own words."""

        ACTIVE = "active"
        TRIALING = "trialing"
        PAST_DUE = "past_due"
        UNPAID = "unpaid"
        PAUSED = "paused"
        INCOMPLETE = "incomplete"
        INCOMPLETE_EXPIRED = "incomplete_expired"
        CANCELED = "canceled"

    ENTITLING = frozenset({Status.ACTIVE, Status.TRIALING})  # and PAST_DUE during GRACE_PERIOD
    COUNTED = ENTITLING | {Status.PAST_DUE}  # in the revenue figures
    CHARGEABLE = COUNTED | {Status.UNPAID, Status.PAUSED, Status.INCOMPLETE}
    ENDED = frozenset({Status.INCOMPLETE_EXPIRED, Status.CANCELED})
    # The newest invoice may be unpaid. Stripe can be told to pause a subscription whose payment failed.
    FAILING = frozenset({Status.PAST_DUE, Status.UNPAID, Status.INCOMPLETE, Status.PAUSED})
    GRACE = frozenset({Status.PAST_DUE, Status.PAUSED})  # give access for GRACE_PERIOD after a failed payment

    class State(models.TextChoices):
        """The states that people see. Of duplicates the one that comes first here is kept, as it serves them best."""

        ACTIVE = "active"
        ENDING = "ending"
        NOT_CHARGED = "not_charged"  # active, and the publisher has paused the payments
        PAYMENT_FAILED = "payment_failed"
        PAUSED = "paused"
        STARTING = "starting"
        ENDED = "ended"

    # Empty once the reader has erased their account (erasure.py).
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="subscriptions"
    )
    stripe_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=20)
    amount = models.PositiveIntegerField(help_text="Minor units at each payment, all items together, after discounts.")
    currency = models.CharField(max_length=3)
    interval = models.CharField(max_length=5, choices=Interval, default=Interval.MONTH, db_default="month")
    interval_count = models.PositiveSmallIntegerField(default=1, db_default=1, help_text="3 months: 3.")
    monthly_amount = models.PositiveIntegerField(
        default=0, db_default=0, help_text="What it brings in a month, in minor units: a twelfth of a year's amount."
    )
    not_understood = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="What of its price is not copied, as this site has no such.",
    )
    begun_here = models.BooleanField(
        default=False, db_default=False, help_text="By a checkout of ours: only such a one is ended as a duplicate."
    )
    started_at = models.DateTimeField()
    current_period_end = models.DateTimeField()
    cancel_at = models.DateTimeField(null=True, blank=True)
    past_due_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    card_problem = models.CharField(max_length=10, blank=True, help_text="Why the last payment failed.")
    pay_url = models.CharField(
        max_length=2000, blank=True, db_default="", help_text="Stripe's page on which the unpaid invoice is paid."
    )
    card_expires = models.DateField(null=True, blank=True, help_text="The last day of the card that is charged.")
    collection_paused = models.BooleanField(default=False, db_default=False, help_text="By the publisher, at Stripe.")
    collection_resumes_at = models.DateTimeField(null=True, blank=True, help_text="Empty: until the publisher says so.")
    cancel_reason = models.CharField(max_length=20, blank=True, db_default="", help_text="Chosen on Stripe's page.")
    cancel_comment = models.CharField(max_length=1000, blank=True, db_default="")
    # Since when it is a duplicate beside another one of the same person, or belongs to nobody (sync/duplicates.py):
    # what was paid from then on is refunded.
    unwanted_since = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Subscription"]] = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["user", "status"], name="subscription_person"),
            models.Index(fields=["-started_at", "-id"], name="subscription_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.shown_price}, {self.status}"

    @property
    def shown_price(self) -> str:
        """The amount and how often it is paid: `$10 a month`, `$100 a year`, `$30 every 3 months`."""
        count = self.interval_count
        return f"{self.shown_amount} {f'every {count} {self.interval}s' if count > 1 else f'a {self.interval}'}"

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)

    def overlaps(self, other: "Subscription") -> bool:
        """Return True if both ran at the same time."""
        later_start = max(self.started_at, other.started_at)
        return all(each.ended_at is None or each.ended_at > later_start for each in (self, other))

    @property
    def is_duplicated(self) -> bool:
        """True if another wanted subscription of the same person ran at the same time."""
        if self.user_id is None or self.unwanted_since or not self.begun_here:
            return False
        others = Subscription.objects.wanted_of(self.user_id).exclude(pk=self.pk)
        return any(self.overlaps(other) for other in others)

    @property
    def retried_until(self) -> datetime | None:
        return self.past_due_since + GRACE_PERIOD if self.past_due_since else None

    @property
    def failure(self) -> str:
        """The reason why the last payment failed, as a sentence; empty if it did not."""
        return DeclineReason(self.card_problem).sentence if self.card_problem else ""

    @property
    def state(self) -> "Subscription.State":
        """The state that the reader and the staff see."""
        match self.status:
            case self.Status.ACTIVE | self.Status.TRIALING if self.cancel_at:
                return self.State.ENDING
            case self.Status.ACTIVE | self.Status.TRIALING:
                return self.State.NOT_CHARGED if self.collection_paused else self.State.ACTIVE
            case self.Status.PAST_DUE | self.Status.UNPAID:
                return self.State.PAYMENT_FAILED
            case self.Status.PAUSED | self.Status.INCOMPLETE if self.card_problem:
                return self.State.PAYMENT_FAILED
            case self.Status.PAUSED:
                return self.State.PAUSED
            case self.Status.INCOMPLETE:
                return self.State.STARTING
        return self.State.ENDED


class SubscriptionChange(models.Model):
    """One change of a subscription's status or amount, and what caused it. Rows are only ever added."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="changes")
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    monthly_amount = models.PositiveIntegerField(
        null=True, help_text="From then on; empty in rows from before amounts could change: the subscription's own."
    )
    collection_paused = models.BooleanField(default=False, db_default=False)
    cause = models.CharField(max_length=255)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["subscription", "at", "id"],
                include=["to_status", "monthly_amount", "collection_paused"],
                name="subscription_changes",
            )
        ]

    def __str__(self) -> str:
        if self.from_status != self.to_status:
            return f"{self.from_status or 'new'} → {self.to_status}"
        return "payments paused" if self.collection_paused else f"{self.to_status}, another amount"
