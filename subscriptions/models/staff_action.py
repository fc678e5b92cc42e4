"""Refunds, cancellations and corrections by staff. What Stripe is to do is recorded before it is called."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from subscriptions import money


class StaffAction(models.Model):
    """One refund or cancellation from the admin: who, when, why.

    Its id is derived from the form's and gives the idempotency key, so that a form sent twice acts once.
    """

    class Kind(models.TextChoices):
        REFUND = "refund", "gave money back"
        CANCEL = "cancel", "cancelled at the end of what is paid"
        CANCEL_NOW = "cancel_now", "cancelled at once"
        CORRECTION = "correction", "corrected a gift"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    entry = models.ForeignKey("LedgerEntry", null=True, on_delete=models.PROTECT, related_name="staff_actions")
    subscription = models.ForeignKey("Subscription", null=True, on_delete=models.PROTECT, related_name="staff_actions")
    amount = models.PositiveIntegerField(default=0, help_text="Of a refund or correction, in minor units.")
    currency = models.CharField(max_length=3, default="usd")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    stripe_id = models.CharField(max_length=255, blank=True, help_text="The refund, or the subscription.")
    refusal = models.CharField(max_length=300, blank=True, help_text="Why Stripe did not do it.")

    class Meta:
        db_table = "subscriptions_deed"
        ordering = ["-at"]
        verbose_name = "refund or cancellation"
        verbose_name_plural = "refunds and cancellations"
        constraints = [
            models.CheckConstraint(
                name="deed_has_one_subject",
                condition=Q(
                    kind__in=["refund", "correction"], entry__isnull=False, subscription__isnull=True, amount__gt=0
                )
                | Q(~Q(kind__in=["refund", "correction"]), entry__isnull=True, subscription__isnull=False),
            )
        ]

    def __str__(self) -> str:
        what = f" {money.display(self.amount, self.currency)}" if self.amount else ""
        return f"{self.by} {self.get_kind_display()}{what}"

    @property
    def outcome(self) -> str:
        if self.done_at:
            return "done"
        return f"refused: {self.refusal}" if self.refusal else "not answered yet"
