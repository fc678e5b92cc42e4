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

    # Source: Stripe, "Dispute reasons". Whatever it adds later reads as "the bank gives no reason".
    REASONS: ClassVar[dict[str, str]] = {
        "bank_cannot_process": "the bank could not process the payment",
        "check_returned": "the cheque came back",
        "credit_not_processed": "the reader says that they were promised money back and did not get it",
        "customer_initiated": "the reader asked their bank to take it back",
        "debit_not_authorized": "the reader says that they did not agree to the debit",
        "duplicate": "the reader says that they were charged twice",
        "fraudulent": "the reader says that they did not make this payment",
        "incorrect_account_details": "the account's number was wrong",
        "insufficient_funds": "there was not enough money in the account",
        "noncompliant": "the bank says that its rules were not kept",
        "product_not_received": "the reader says that they did not get what they paid for",
        "product_unacceptable": "the reader says that it was not what they were promised",
        "subscription_canceled": "the reader says that they had cancelled before it was charged",
        "unrecognized": "the reader does not recognise the payment",
    }

    def __str__(self) -> str:
        return f"{self.shown_amount} disputed, {self.status.replace('_', ' ')}"

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)

    @property
    def reason_in_words(self) -> str:
        return self.REASONS.get(self.reason, "the bank gives no reason")
