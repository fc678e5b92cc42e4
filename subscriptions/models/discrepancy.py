"""Discrepancies that a reconciliation found (sync/reconcile.py)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Discrepancy(models.Model):
    """An object about which Stripe's books and ours differ: when it was found, and when and by whom it was fixed."""

    class Kind(models.TextChoices):
        EVENT = "event", "event not delivered or not applied"
        CHECKOUT = "checkout"
        SUBSCRIPTION = "subscription"
        PAYMENT = "payment", "paid month"
        REFUND = "refund"
        DISPUTE = "dispute"
        CUSTOMER = "customer"
        UNWANTED = "unwanted", "paid twice, or for nothing"
        SHAPE = "shape", "not understood"

    kind = models.CharField(max_length=12, choices=Kind)
    stripe_id = models.CharField(max_length=255)
    words = models.CharField(max_length=300)
    found_at = models.DateTimeField(default=timezone.now)
    mended_at = models.DateTimeField(null=True, blank=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty: the nightly run or the command.",
    )
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "subscriptions_difference"
        ordering = ["mended_at", "-found_at"]
        verbose_name_plural = "discrepancies"
        constraints = [
            models.UniqueConstraint(
                name="one_open_difference", fields=["kind", "stripe_id"], condition=Q(mended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.stripe_id}: {self.words}"
