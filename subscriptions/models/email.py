"""What readers are written about their money, each thing once: the row that says so is unique, and is written in the
transaction of the change that it tells of. The worker sends it (correspondence.py).
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from subscriptions.models.ledger import LedgerEntry
from subscriptions.models.subscription import Subscription


class SupportEmail(models.Model):
    """One mail to one reader. No address is kept: it is that of the person, or of the gift, when it is sent."""

    class Kind(models.TextChoices):
        WELCOME = "welcome"
        RECEIPT = "receipt"
        PAYMENT_FAILED = "payment_failed", "payment failed"
        ENDING = "ending", "ending soon"
        ENDED = "ended"
        REFUNDED = "refunded"
        THANK_YOU = "thank_you", "thank you"

    kind = models.CharField(max_length=14, choices=Kind)
    about = models.CharField(max_length=255, help_text="The payment, invoice, refund or subscription that it tells of.")
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.PROTECT, related_name="emails")
    entry = models.ForeignKey(LedgerEntry, null=True, on_delete=models.PROTECT, related_name="emails")
    written_at = models.DateTimeField(default=timezone.now)
    # Set before it is handed to the mail server: without `sent_at` after it, nobody knows whether it went.
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    unsendable = models.BooleanField(default=False, help_text="Whoever it is for has left.")

    class Meta:
        db_table = "subscriptions_letter"
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(name="one_letter_about_it", fields=["kind", "about"]),
            models.CheckConstraint(
                name="letter_has_one_subject",
                condition=Q(subscription__isnull=False, entry__isnull=True)
                | Q(subscription__isnull=True, entry__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.about})"

    @property
    def address(self) -> str:
        """Where it goes; empty if that is no longer known."""
        subscription = self.subscription or (self.entry.subscription if self.entry else None)
        donation = self.entry.donation if self.entry else None
        person = subscription.user if subscription else donation.user if donation else None
        return person.email if person else donation.email if donation else ""
