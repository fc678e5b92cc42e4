"""What the publisher was told of by mail, each once."""

from django.db import models
from django.utils import timezone

from subscriptions.models.ledger import LedgerEntry


class PublisherAlert(models.Model):
    """Something about money that wants a person. Added in the transaction of the change; the worker mails it."""

    class Kind(models.TextChoices):
        DISPUTE = "dispute", "A reader disputes a payment"
        FRAUD_WARNING = "fraud_warning", "A bank warns of fraud"
        REFUND_FAILED = "refund_failed", "A refund came back"
        EVENTS_MISSING = "events_missing", "Stripe's messages do not arrive"
        NOT_RECONCILED = "not_reconciled", "The books were not compared with Stripe's"

    kind = models.CharField(max_length=14, choices=Kind)
    about = models.CharField(max_length=255, help_text="What it tells of, once: an object at Stripe, a day.")
    words = models.CharField(max_length=500, help_text="What happened, with no reader's name or address.")
    entry = models.ForeignKey(
        LedgerEntry, null=True, on_delete=models.PROTECT, related_name="+", help_text="The payment that it is about."
    )
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at"]
        constraints = [models.UniqueConstraint(name="one_alert_about_it", fields=["kind", "about"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.about})"
