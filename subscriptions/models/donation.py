"""Donations that were paid."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.timezone import localtime

from subscriptions import money
from subscriptions.models.checkout import Checkout

if TYPE_CHECKING:
    from subscriptions.models.ledger import LedgerEntry


class Donation(models.Model):
    """A one-off donation whose payment is certain: made at Stripe, or recorded by the publisher."""

    class Method(models.TextChoices):
        STRIPE = "stripe", "at Stripe"
        CASH = "cash"
        BANK = "bank", "bank transfer"
        UPI = "upi", "UPI"
        OTHER = "other", "another way"

    checkout = models.OneToOneField(Checkout, on_delete=models.PROTECT, related_name="donation")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="donations")
    email = models.CharField(max_length=512, blank=True, help_text="As given to Stripe, for the receipt.")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    payment_intent = models.CharField(max_length=255, unique=True)
    paid_at = models.DateTimeField()
    method = models.CharField(max_length=6, choices=Method, default=Method.STRIPE, db_default="stripe")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True, db_default="", help_text="Only the newsroom reads it.")

    class Meta:
        ordering = ["-paid_at"]
        indexes = [models.Index(fields=["-paid_at", "-id"], name="gift_newest")]

    def __str__(self) -> str:
        return f"{money.display(self.amount, self.currency)} on {localtime(self.paid_at):%Y-%m-%d}"

    @property
    def is_by_hand(self) -> bool:
        """True if the publisher recorded it: Stripe knows nothing of it."""
        return self.method != self.Method.STRIPE

    @property
    def how(self) -> str:
        """The way it came, in words: `at Stripe`, `cash, by hand`."""
        return f"{self.get_method_display()}, by hand" if self.is_by_hand else self.get_method_display()

    @cached_property
    def entry(self) -> "LedgerEntry | None":
        """The ledger's entry of its payment."""
        return self.ledger.filter(kind="payment").first()
