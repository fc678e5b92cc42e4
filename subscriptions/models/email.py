"""Mails to readers about their money, each written once.

The row is unique, and is added in the transaction of the change that it reports. The worker sends it (emails.py).
"""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from newsroom.models import Delivery
from newsroom.models.email import LATE_AFTER, DeliveryQuerySet
from subscriptions.models.ledger import LedgerEntry
from subscriptions.models.subscription import Subscription

TRIED_FOR = timedelta(days=3)


class SupportEmailQuerySet(DeliveryQuerySet["SupportEmail"]):
    def unfinished(self) -> Self:
        return super().unfinished().filter(unsendable=False)

    def late(self) -> Self:
        """Return mails that should have been sent by now."""
        return self.unfinished().filter(written_at__lt=timezone.now() - LATE_AFTER)

    def undelivered(self) -> Self:
        """Return mails that a mail server refused, and those that should have been sent by now."""
        late = Q(refused_at=None, written_at__lt=timezone.now() - LATE_AFTER)
        return self.filter(Q(refused_at__isnull=False) | late, sent_at=None, unsendable=False)

    def give_up_old(self) -> None:
        """Mark as refused what no mail server took in three days. A mail that may have been sent stays as it is."""
        old = self.unfinished().filter(sending_at=None, written_at__lt=timezone.now() - TRIED_FOR)
        old.update(refused_at=timezone.now(), refusal=f"No mail server took it in {TRIED_FOR.days} days.")


class SupportEmail(Delivery):
    """One mail to one reader. Its address is not stored: when it is sent, it is that of the person or the donation."""

    class Kind(models.TextChoices):
        WELCOME = "welcome"
        RECEIPT = "receipt"
        PAYMENT_FAILED = "payment_failed", "payment failed"
        LAST_REMINDER = "last_reminder", "last reminder"
        CARD_EXPIRING = "card_expiring", "card expiring"
        ENDING = "ending", "ending soon"
        ENDED = "ended"
        REFUNDED = "refunded"
        THANK_YOU = "thank_you", "thank you"

    # A receipt that may have been sent is not sent again: two of them look like two payments, and the account page
    # says the same. All others ask the reader to do something, or are a guest's only proof.
    AT_MOST_ONCE = frozenset({Kind.WELCOME, Kind.RECEIPT})

    kind = models.CharField(max_length=14, choices=Kind)
    about = models.CharField(
        max_length=255, help_text="The payment, invoice, refund, subscription or card that it tells of."
    )
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.PROTECT, related_name="emails")
    entry = models.ForeignKey(LedgerEntry, null=True, on_delete=models.PROTECT, related_name="emails")
    written_at = models.DateTimeField(default=timezone.now)
    unsendable = models.BooleanField(default=False, help_text="Whoever it is for has left.")

    objects: ClassVar[Any] = SupportEmailQuerySet.as_manager()

    class Meta:
        db_table = "subscriptions_letter"
        ordering = ["-written_at"]
        indexes = [models.Index(fields=["written_at"], condition=Q(sent_at=None), name="letter_not_sent")]
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
    def message_name(self) -> str:
        return f"{self.kind}.{self.pk}.{self.about.replace(' ', '.')}"

    @property
    def problem(self) -> str:
        """The reason why it was not delivered, in words for the admin; empty if it was, or if it is not due yet."""
        if self.sent_at or self.unsendable:
            return ""
        return self.refusal or ("Nobody knows whether it went." if self.sending_at else "It waits for the mail server.")

    @property
    def about_subscription(self) -> Subscription | None:
        return self.subscription or (self.entry.subscription if self.entry else None)

    @property
    def address(self) -> str:
        """The address that it goes to; empty if that is no longer known."""
        subscription = self.about_subscription
        donation = self.entry.donation if self.entry else None
        person = subscription.user if subscription else donation.user if donation else None
        return person.email if person else donation.email if donation else ""
