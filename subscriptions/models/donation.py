"""Donations that were paid."""

from django.conf import settings
from django.db import models

from subscriptions import money
from subscriptions.models.checkout import Checkout


class Donation(models.Model):
    """A one-off donation whose payment is certain."""

    checkout = models.OneToOneField(Checkout, on_delete=models.PROTECT, related_name="donation")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="donations")
    email = models.CharField(max_length=512, blank=True, help_text="As given to Stripe, for the receipt.")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    payment_intent = models.CharField(max_length=255, unique=True)
    paid_at = models.DateTimeField()

    class Meta:
        ordering = ["-paid_at"]
        indexes = [models.Index(fields=["-paid_at", "-id"], name="gift_newest")]

    def __str__(self) -> str:
        return f"{money.display(self.amount, self.currency)} on {self.paid_at:%Y-%m-%d}"
