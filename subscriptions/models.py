"""Reader support: what is asked for, who pays, what came in, and what Stripe told us.

Stripe is the truth; these rows are a copy that can prove itself. Amounts are integers in minor units. Statuses change
in `transitions.py` alone.
"""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from newsroom.http.purge import changed
from subscriptions import money
from subscriptions.appeals import Appeal
from subscriptions.cards import CardProblem
from subscriptions.deeds import Deed  # noqa: F401
from subscriptions.holds import Hold  # noqa: F401

# How long a supporter whose payment failed keeps access while Stripe tries the card again.
GRACE = timedelta(days=14)


def default_presets() -> list[int]:
    return [1000, 2500, 5000, 10000]


class Offer(models.Model):
    """What readers are asked for, in which words. There is one row, made by a migration."""

    heading = models.CharField(max_length=80, default="Support Independent Kashmir Journalism")
    sentence = models.CharField(max_length=200, default="Your contribution enables unbiased ground reporting")
    subscribe_heading = models.CharField(max_length=60, default="Become a Subscriber")
    subscribe_sentence = models.CharField(max_length=140, default="Monthly support for journalism")
    subscribe_promise = models.CharField(
        max_length=140,
        blank=True,
        default="You can stop at any time, with two clicks.",
        help_text="On the support page.",
    )
    subscribe_button = models.CharField(max_length=30, default="Subscribe")
    monthly_amount = models.PositiveIntegerField(
        default=1000, help_text="In the currency's smallest unit: 1000 is $10."
    )
    donate_heading = models.CharField(max_length=60, default="Make a Donation")
    donate_sentence = models.CharField(max_length=140, default="One-time support for special reports")
    donate_promise = models.CharField(
        max_length=140, blank=True, default="With or without an account.", help_text="On the support page."
    )
    donate_button = models.CharField(max_length=30, default="Donate")
    presets = ArrayField(
        models.PositiveIntegerField(),
        size=6,
        default=default_presets,
        help_text="Suggested donations in the smallest unit, separated by commas.",
    )
    minimum = models.PositiveIntegerField(default=100, help_text="The smallest donation, in the smallest unit.")
    maximum = models.PositiveIntegerField(default=1_000_000, help_text="The largest donation, in the smallest unit.")
    fee_share = models.PositiveSmallIntegerField(
        "card fee, share",
        default=290,
        validators=[MaxValueValidator(2000)],
        help_text="What Stripe keeps of each payment, in hundredths of a percent: 290 is 2.9 %. Your own rate stands "
        "in Stripe's dashboard, the usual one at stripe.com/pricing. Donors who cover the fee pay by it.",
    )
    fee_fixed = models.PositiveSmallIntegerField(
        "card fee, fixed part",
        default=30,
        help_text="And what it keeps beside that, in the smallest unit: 30 is 30 cents.",
    )
    currency = models.CharField(max_length=3, default="usd", editable=False)
    explanation = models.TextField(
        default=(
            "No owner, party or advertiser decides what we publish. Readers pay for the reporting: for the travel, for "
            "the weeks that a long story takes, and for the lawyer who reads it before you do."
        ),
        help_text="Why and what for, on the support page. An empty line begins a new paragraph.",
    )

    payment_note = models.CharField(
        max_length=200,
        blank=True,
        default="You pay on a page of Stripe. We never see your card.",
        help_text="The last line of the support page.",
    )
    link_text = models.CharField(max_length=30, default="Support us", help_text="The link at the head of every page.")

    class Meta:
        verbose_name = "support wording and prices"
        verbose_name_plural = "support wording and prices"
        constraints = [
            models.CheckConstraint(name="one_offer", condition=Q(pk=1)),
            models.CheckConstraint(name="offer_bounds", condition=Q(minimum__gte=50, maximum__gte=models.F("minimum"))),
            models.CheckConstraint(name="offer_monthly", condition=Q(monthly_amount__gte=50)),
            models.CheckConstraint(name="offer_fee", condition=Q(fee_share__lte=2000)),
        ]

    def __str__(self) -> str:
        return "Support wording and prices"

    def clean(self) -> None:
        wrong = [amount for amount in self.presets or [] if not self.minimum <= amount <= self.maximum]
        if wrong:
            raise ValidationError({"presets": f"Outside the smallest and largest donation: {wrong[0]}."})

    @property
    def monthly_price(self) -> str:
        return money.display(self.monthly_amount, self.currency)

    def fee_to_cover(self, gift: int) -> int:
        """What must be added to a gift (minor units), so that all of it arrives after Stripe has kept its fee.

        The fee is taken of the whole payment, the added part included, and rounded to the nearest unit: so the least
        total with total - fee(total) >= gift. Source of the formula: stripe.com/pricing.
        """
        left = 10_000 - self.fee_share
        return -(-(gift + self.fee_fixed) * 10_000 // left) - gift

    @property
    def fee_in_words(self) -> str:
        return f"{Decimal(self.fee_share).scaleb(-2).normalize():f} % + {money.display(self.fee_fixed, self.currency)}"

    @property
    def preset_choices(self) -> list[tuple[str, str]]:
        """(what the form sends, what the reader sees), like `("25", "$25")`."""
        shown = [money.display(amount, self.currency) for amount in self.presets]
        return [(label.lstrip("$€£₹"), label) for label in shown]


class Customer(models.Model):
    """A person's one customer record at Stripe."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="customer")
    stripe_id = models.CharField(max_length=255, unique=True, null=True, help_text="Empty: deleted at Stripe.")
    # Counts the customers that were deleted at Stripe, so that the next one is asked for under a new key.
    generation = models.PositiveSmallIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return self.stripe_id or "deleted"


class Checkout(models.Model):
    """What somebody is about to pay for: saved before Stripe is called, it gives the idempotency key of that call."""

    class Kind(models.TextChoices):
        SUBSCRIPTION = "subscription"
        DONATION = "donation"

    class Status(models.TextChoices):
        OPEN = "open", "not paid yet"
        WAITING = "waiting", "waiting for the bank"
        PAID = "paid"
        EXPIRED = "expired", "not paid in time"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    stripe_session_id = models.CharField(max_length=255, unique=True, null=True)
    # Counts the sessions asked for, as each one that expired unpaid is followed by a new one under a new key.
    attempt = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    came_from = models.CharField(
        max_length=200, blank=True, db_index=True, help_text="The path of the article beside which it was begun."
    )
    # Of a gift
    appeal = models.ForeignKey(Appeal, null=True, on_delete=models.PROTECT, related_name="checkouts")
    fee = models.PositiveIntegerField(default=0, help_text="Of the amount: what was added to cover the card fee.")
    name = models.CharField(max_length=80, blank=True)
    message = models.CharField(max_length=500, blank=True, help_text="To the newsroom.")
    anonymous = models.BooleanField(default=False, help_text="The name is not shown on the site.")
    card_problem = models.CharField(max_length=10, blank=True, help_text="Why the last card was refused.")
    refusals = models.PositiveSmallIntegerField(default=0, help_text="Cards refused on its payment page.")
    # Of which form, and from where (hash): both gone after a week (card_testing.py).
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
        return f"checkout-{self.public_id}-{self.attempt}"

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)

    @property
    def shown_fee(self) -> str:
        return money.display(self.fee, self.currency)

    @property
    def failure(self) -> str:
        """Why the last card was refused, as a sentence; empty if none was."""
        return CardProblem(self.card_problem).sentence if self.card_problem else ""


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def entitling(self) -> Self:
        """Those that open what supporters get: active, trialing, and past due during the grace period; nothing else."""
        return self.filter(
            Q(status__in=["active", "trialing"]) | Q(status="past_due", past_due_since__gt=timezone.now() - GRACE)
        )

    def live(self) -> Self:
        """Those that may still be charged: a second one beside them would be paying twice."""
        return self.filter(status__in=["active", "trialing", "past_due", "unpaid", "paused", "incomplete"])

    def of(self, person: int) -> Self:
        """A person's, of those that are to stay, and for which something may have been paid."""
        return self.filter(user=person, unwanted_since=None).exclude(status="incomplete_expired")


class Subscription(models.Model):
    """A monthly subscription as Stripe knows it. `status` is Stripe's own word."""

    # Empty once the reader has left (leaving.py).
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="subscriptions"
    )
    stripe_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=20)
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    started_at = models.DateTimeField()
    current_period_end = models.DateTimeField()
    cancel_at = models.DateTimeField(null=True, blank=True)
    past_due_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    card_problem = models.CharField(max_length=10, blank=True, help_text="Why the last payment failed.")
    # It runs beside another one of the same person, or belongs to nobody: what was paid from then on goes back.
    unwanted_since = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Subscription"]] = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["user", "status"], name="subscription_person"),
            models.Index(fields=["-started_at", "-id"], name="subscription_newest"),
        ]

    def __str__(self) -> str:
        return f"{money.display(self.amount, self.currency)} a month, {self.status}"

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)

    def overlaps(self, other: "Subscription") -> bool:
        """Whether both ran at the same time."""
        begun_later = max(self.started_at, other.started_at)
        return all(each.ended_at is None or each.ended_at > begun_later for each in (self, other))

    @property
    def runs_beside_another(self) -> bool:
        """Beside one that is to stay, as this one was."""
        if self.user_id is None or self.unwanted_since:
            return False
        others = Subscription.objects.of(self.user_id).exclude(pk=self.pk)
        return any(self.overlaps(other) for other in others)

    @property
    def retried_until(self) -> datetime | None:
        return self.past_due_since + GRACE if self.past_due_since else None

    @property
    def failure(self) -> str:
        """Why the last payment failed, as a sentence; empty if it did not."""
        return CardProblem(self.card_problem).sentence if self.card_problem else ""

    @property
    def state(self) -> str:
        """What a person is told: `active`, `ending`, `payment_failed`, `paused`, `starting` or `ended`."""
        if self.status in ("active", "trialing"):
            return "ending" if self.cancel_at else "active"
        return {
            "past_due": "payment_failed",
            "unpaid": "payment_failed",
            "paused": "paused",
            "incomplete": "starting",
        }.get(self.status, "ended")


class SubscriptionChange(models.Model):
    """One change of a subscription's status, and what caused it. Rows are only ever added."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="changes")
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    cause = models.CharField(max_length=255)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["subscription", "at", "id"], include=["to_status"], name="subscription_history")
        ]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"


class Donation(models.Model):
    """A one-off gift that was really paid."""

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


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def payments(self) -> Self:
        return self.filter(kind=LedgerEntry.Kind.PAYMENT)

    def still_with_us(self) -> Self:
        """Payments of which something is left after refunds and disputes."""
        remaining = F("amount") + Coalesce(Sum("returns__amount"), 0)
        return self.payments().alias(remaining=remaining).filter(remaining__gt=0)

    def net(self) -> int:
        """What is left of these movements, in minor units: what went back out is negative already."""
        return int(self.aggregate(net=Coalesce(Sum("amount"), 0))["net"])

    def to_be_given_back(self) -> Self:
        """Payments for which nobody got anything, and that are still with us: of a second subscription beside the
        first, of nobody's, or made when the subscription had ended.
        """
        for_nothing = Q(occurred_at__gte=F("subscription__unwanted_since")) | Q(
            occurred_at__gte=F("subscription__ended_at")
        )
        return self.payments().filter(for_nothing, returns=None, amount__gt=0).exclude(payment_intent="")


class LedgerEntry(models.Model):
    """One movement of money, once: what happened to a Stripe object may be in the ledger a single time."""

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        REFUND = "refund"
        REFUND_FAILED = "unrefunded", "refund that came back"
        DISPUTE = "dispute", "disputed"
        DISPUTE_WON = "won", "dispute won"

    kind = models.CharField(max_length=10, choices=Kind)
    stripe_id = models.CharField(
        max_length=255, help_text="Payment intent of a gift, invoice of a month; else the refund or the dispute."
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
            # The publisher's sums are read off these alone.
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
            models.UniqueConstraint(name="in_the_ledger_once", fields=["stripe_id", "kind"]),
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
            changed("support")  # an appeal has come further, or less far

    @property
    def left(self) -> int:
        """What is left of a payment after refunds and disputes, in minor units."""
        return self.amount + sum(entry.amount for entry in self.returns.all())

    @property
    def shown_amount(self) -> str:
        return money.display(self.amount, self.currency)


class StripeEvent(models.Model):
    """The inbox: each event that Stripe sent, as it came, stored once. It is a hint; the object is fetched again."""

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=255)
    api_version = models.CharField(max_length=40, blank=True)
    payload = models.TextField()
    received_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(applied_at__isnull=True), name="event_not_applied"),
            models.Index(fields=["-received_at", "-id"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"


from subscriptions.differences import Difference as Difference  # noqa: E402
from subscriptions.letters import Letter as Letter  # noqa: E402  (Django looks for models here)
