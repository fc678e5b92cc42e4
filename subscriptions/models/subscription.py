"""Subscriptions as Stripe knows them, and their changes."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from subscriptions import money
from subscriptions.decline_reasons import DeclineReason

# How long a supporter whose payment failed keeps access while Stripe tries the card again.
GRACE = timedelta(days=14)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def entitling(self) -> Self:
        """Those that open what supporters get: active, trialing, and past due during the grace period; nothing else."""
        return self.filter(
            Q(status__in=["active", "trialing"]) | Q(status="past_due", past_due_since__gt=timezone.now() - GRACE)
        )

    def live(self) -> Self:
        """Those that may still be charged: a second one beside them would be paying twice."""
        return self.filter(status__in=["active", "trialing", "past_due", "unpaid", "paused", "incomplete"])

    def of(self, person: int) -> Self:
        """A person's, of those that are to stay, and for which something may have been paid."""
        return self.filter(user=person, unwanted_since=None).exclude(status="incomplete_expired")


class Subscription(models.Model):
    """A monthly subscription as Stripe knows it. `status` is Stripe's own word."""

    # Empty once the reader has left (leaving.py).
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="subscriptions"
    )
    stripe_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=20)
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    started_at = models.DateTimeField()
    current_period_end = models.DateTimeField()
    cancel_at = models.DateTimeField(null=True, blank=True)
    past_due_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    card_problem = models.CharField(max_length=10, blank=True, help_text="Why the last payment failed.")
    # It runs beside another one of the same person, or belongs to nobody: what was paid from then on goes back.
    unwanted_since = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Subscription"]] = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["user", "status"], name="subscription_person"),
            models.Index(fields=["-started_at", "-id"], name="subscription_newest"),
        ]

    def __str__(self) -> str:
        return f"{money.display(self.amount, self.currency)} a month, {self.status}"

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)

    def overlaps(self, other: "Subscription") -> bool:
        """Whether both ran at the same time."""
        begun_later = max(self.started_at, other.started_at)
        return all(each.ended_at is None or each.ended_at > begun_later for each in (self, other))

    @property
    def runs_beside_another(self) -> bool:
        """Beside one that is to stay, as this one was."""
        if self.user_id is None or self.unwanted_since:
            return False
        others = Subscription.objects.of(self.user_id).exclude(pk=self.pk)
        return any(self.overlaps(other) for other in others)

    @property
    def retried_until(self) -> datetime | None:
        return self.past_due_since + GRACE if self.past_due_since else None

    @property
    def failure(self) -> str:
        """Why the last payment failed, as a sentence; empty if it did not."""
        return DeclineReason(self.card_problem).sentence if self.card_problem else ""

    @property
    def state(self) -> str:
        """What a person is told: `active`, `ending`, `payment_failed`, `paused`, `starting` or `ended`."""
        if self.status in ("active", "trialing"):
            return "ending" if self.cancel_at else "active"
        return {
            "past_due": "payment_failed",
            "unpaid": "payment_failed",
            "paused": "paused",
            "incomplete": "starting",
        }.get(self.status, "ended")


class SubscriptionChange(models.Model):
    """One change of a subscription's status, and what caused it. Rows are only ever added."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="changes")
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    cause = models.CharField(max_length=255)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["subscription", "at", "id"], include=["to_status"], name="subscription_history")
        ]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"
