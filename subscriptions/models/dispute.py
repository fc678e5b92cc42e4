"""Disputes: payments that a reader's bank takes back, for the publisher to answer in time."""

from typing import ClassVar, Self

from django.db import models

from subscriptions import money
from subscriptions.models.ledger import LedgerEntry


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def to_be_answered(self) -> Self:
        """Return those for which the bank still takes evidence, the most urgent first."""
        return self.filter(status__in=Dispute.TO_BE_ANSWERED).order_by("due_at")


class Dispute(models.Model):
    """A dispute as Stripe has it now. What it moved is in the ledger."""

    class Status(models.TextChoices):
        """Stripe's own words."""

        APPEAL_NEEDS_RESPONSE = "appeal_needs_response"
        APPEAL_UNDER_REVIEW = "appeal_under_review"
        WARNING_NEEDS_RESPONSE = "warning_needs_response"
        WARNING_UNDER_REVIEW = "warning_under_review"
        WARNING_CLOSED = "warning_closed"
        NEEDS_RESPONSE = "needs_response"
        UNDER_REVIEW = "under_review"
        WON = "won"
        LOST = "lost"
        PREVENTED = "prevented"

    TO_BE_ANSWERED = frozenset({Status.WARNING_NEEDS_RESPONSE, Status.NEEDS_RESPONSE, Status.APPEAL_NEEDS_RESPONSE})

    stripe_id = models.CharField(max_length=255, unique=True)
    payment = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="disputes")
    amount = models.PositiveIntegerField(help_text="Minor units of the payment's currency.")
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=30)
    reason = models.CharField(max_length=50, blank=True, help_text="Stripe's word for what the reader told the bank.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="Until when the bank takes evidence.")
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Dispute"]] = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{money.display(self.amount, self.currency)} disputed, {self.status}"
