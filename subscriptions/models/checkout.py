"""Checkouts: payments that somebody is about to make."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from subscriptions import money
from subscriptions.decline_reasons import DeclineReason
from subscriptions.models.subscription import Interval


class Checkout(models.Model):
    """A payment that somebody is about to make. Saved before Stripe is called, it gives that call's idempotency key."""

    class Kind(models.TextChoices):
        SUBSCRIPTION = "subscription"
        DONATION = "donation"

    class Status(models.TextChoices):
        OPEN = "open", "not paid yet"
        WAITING = "waiting", "waiting for the bank"
        PAID = "paid"
        EXPIRED = "expired", "not paid in time"

    UNPAID = frozenset({Status.OPEN, Status.EXPIRED})  # and nothing is on its way
    COMPLETED = frozenset({Status.PAID, Status.WAITING})  # the reader has finished the payment page
    UNSETTLED = frozenset({Status.OPEN, Status.WAITING})  # Stripe may know more by now

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    interval = models.CharField(
        max_length=5, choices=Interval, default=Interval.MONTH, db_default="month", help_text="Of a subscription."
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    stripe_session_id = models.CharField(max_length=255, unique=True, null=True)
    # Counts the sessions: each one that expired unpaid is followed by a new one under a new idempotency key.
    attempt = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    # Until it is counted: subscriptions/reports/conversions.py
    came_from = models.CharField(
        max_length=200, blank=True, db_index=True, help_text="The path of the article beside which it was begun."
    )
    # Donations only
    appeal = models.ForeignKey("Appeal", null=True, on_delete=models.PROTECT, related_name="checkouts")
    fee = models.PositiveIntegerField(default=0, help_text="Of the amount: what was added to cover the card fee.")
    name = models.CharField(max_length=80, blank=True)
    message = models.CharField(max_length=500, blank=True, help_text="To the newsroom.")
    anonymous = models.BooleanField(default=False, help_text="The name is not shown on the site.")
    card_problem = models.CharField(max_length=10, blank=True, help_text="Why the last card was refused.")
    refusals = models.PositiveSmallIntegerField(default=0, help_text="Cards refused on its payment page.")
    # The form's id and a hash of the network, both deleted after a week (checkout/card_testing.py).
    form = models.UUIDField(null=True, editable=False, db_index=True)
    network = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="checkout_begun")]
        constraints = [
            models.CheckConstraint(name="fee_within_amount", condition=Q(fee__lte=models.F("amount"))),
            models.UniqueConstraint(
                name="one_open_subscription_checkout_per_person",
                fields=["user"],
                condition=Q(kind="subscription", status="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {money.display(self.amount, self.currency)} ({self.get_status_display()})"

    @property
    def idempotency_key(self) -> str:
        # With the expiry: if an answer was lost, the next attempt has the same number and asks for a later expiry.
        return f"checkout-{self.public_id}-{self.attempt}-{int(self.expires_at.timestamp())}"

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)

    @property
    def shown_price(self) -> str:
        """The amount of a subscription and how often it is paid: `$100 a year`."""
        return f"{self.shown_amount} a {self.interval}"

    @property
    def shown_fee(self) -> str:
        return money.display(self.fee, self.currency)

    @property
    def failure(self) -> str:
        """The reason why the last card was refused, as a sentence; empty if none was."""
        return DeclineReason(self.card_problem).sentence if self.card_problem else ""
