"""The ledger: each movement of money once."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SUPPORT
from newsroom.models import User
from subscriptions import money
from subscriptions.models.donation import Donation
from subscriptions.models.subscription import Subscription


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def of(self, person: User) -> Self:
        """Return the entries of one person's subscriptions and gifts."""
        own = LedgerEntry.objects.order_by().values("pk")
        found = own.filter(subscription__user=person).union(own.filter(donation__user=person))  # each by its own index
        return self.filter(pk__in=found)

    def payments(self) -> Self:
        return self.filter(kind=LedgerEntry.Kind.PAYMENT)

    def not_fully_returned(self) -> Self:
        """Return payments of which something is left after refunds and disputes."""
        remaining = F("amount") + Coalesce(Sum("returns__amount"), 0)
        return self.payments().alias(remaining=remaining).filter(remaining__gt=0)

    def net(self) -> int:
        """Return the sum of these entries in minor units; refunds and disputes are negative."""
        return int(self.aggregate(net=Coalesce(Sum("amount"), 0))["net"])

    def to_be_refunded(self) -> Self:
        """Return payments for which nobody got anything, and of which nothing was returned yet.

        Those of a duplicate subscription or of nobody's, and those made after the subscription had ended.
        """
        for_nothing = Q(occurred_at__gte=F("subscription__unwanted_since")) | Q(
            occurred_at__gte=F("subscription__ended_at")
        )
        ours = self.payments().filter(for_nothing, returns=None, amount__gt=0, subscription__begun_here=True)
        return ours.exclude(payment_intent="")


class LedgerEntry(models.Model):
    """One movement of money. A constraint holds each event of a Stripe object to a single entry."""

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        REFUND = "refund"
        REFUND_FAILED = "unrefunded", "refund that came back"
        DISPUTE = "dispute", "disputed"
        DISPUTE_WON = "won", "dispute won"
        CORRECTION = "correction"

    kind = models.CharField(max_length=10, choices=Kind)
    stripe_id = models.CharField(
        max_length=255, help_text="Payment intent of a gift, invoice of a month; else the refund or the dispute."
    )
    sequence = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="Of several withdrawals or reinstatements of one dispute."
    )
    payment_intent = models.CharField(max_length=255, blank=True, db_index=True)
    payment = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="returns",
        help_text="What a refund or a dispute takes back.",
    )
    amount = models.IntegerField(help_text="Minor units; what goes back out is negative.")
    currency = models.CharField(max_length=3)
    donation = models.ForeignKey(Donation, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger")
    subscription = models.ForeignKey(
        Subscription, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger"
    )
    occurred_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True, help_text="When the bank said that it may be fraud.")

    objects: ClassVar[models.Manager["LedgerEntry"]] = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at"]
        verbose_name_plural = "ledger"
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="ledger_newest"),
            # The publisher's sums are index-only scans of these two.
            models.Index(fields=["currency", "occurred_at"], include=["amount", "donation"], name="ledger_sums"),
            models.Index(
                fields=["currency"],
                include=["amount", "kind"],
                condition=Q(donation__isnull=False),
                name="ledger_sums_of_gifts",
            ),
            models.Index(fields=["warned_at"], condition=Q(warned_at__isnull=False), name="ledger_warnings"),
        ]
        constraints = [
            models.UniqueConstraint(name="in_the_ledger_once", fields=["stripe_id", "kind", "sequence"]),
            models.CheckConstraint(
                name="only_payments_stand_alone",
                condition=Q(kind="payment", payment__isnull=True) | Q(~Q(kind="payment"), payment__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_entry_has_one_subject",
                condition=Q(donation__isnull=False, subscription__isnull=True)
                | Q(donation__isnull=True, subscription__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {money.display(self.amount, self.currency)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if self.donation_id is not None:
            purge_on_commit(SUPPORT)  # it shows how far each appeal has come

    @property
    def left(self) -> int:
        """The rest of a payment after refunds and disputes, in minor units."""
        return self.amount + sum(entry.amount for entry in self.returns.all())

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)
