"""The wording and prices of the support pages."""

from decimal import Decimal
from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from subscriptions import money
from subscriptions.models.checkout import Checkout
from subscriptions.models.ledger import LedgerEntry
from subscriptions.models.subscription import Interval


def default_presets() -> list[int]:
    return [1000, 2500, 5000, 10000]


class Offer(models.Model):
    """The wording and prices of the support pages. There is one row, made by a migration."""

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
    currency = models.CharField(max_length=3, default="usd")
    monthly_amount = models.PositiveIntegerField("monthly price", default=1000)
    yearly_amount = models.PositiveIntegerField(
        "yearly price", null=True, blank=True, help_text="Empty: readers pay by the month alone."
    )
    choose_amount = models.BooleanField(
        "readers may pay more",
        default=False,
        db_default=False,
        help_text="A higher amount of their own, each month or year.",
    )
    donate_heading = models.CharField(max_length=60, default="Make a Donation")
    donate_sentence = models.CharField(max_length=140, default="One-time support for special reports")
    donate_promise = models.CharField(
        max_length=140, blank=True, default="With or without an account.", help_text="On the support page."
    )
    donate_button = models.CharField(max_length=30, default="Donate")
    presets = ArrayField(
        models.PositiveIntegerField(),
        verbose_name="suggested gifts",
        size=6,
        default=default_presets,
        help_text="Up to six, separated by commas, with no comma inside an amount.",
    )
    minimum = models.PositiveIntegerField("smallest gift", default=100)
    maximum = models.PositiveIntegerField("largest gift", default=1_000_000)
    fee_share = models.PositiveSmallIntegerField(
        "card fee, share",
        default=290,
        validators=[MaxValueValidator(2000)],
        help_text="What Stripe keeps of each payment, in percent. Your own rate stands in Stripe's dashboard, the "
        "usual one at stripe.com/pricing. Donors who cover the fee pay by it.",
    )
    fee_fixed = models.PositiveSmallIntegerField(
        "card fee, fixed part",
        default=30,
        help_text="And what it keeps beside that, whatever the amount.",
    )
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
            models.CheckConstraint(
                name="offer_bounds",
                condition=Q(minimum__gte=50, maximum__gte=models.F("minimum")),
                violation_error_message="The largest gift must not be below the smallest.",
            ),
            models.CheckConstraint(
                name="offer_monthly",
                condition=Q(monthly_amount__gte=50),
                violation_error_message="The monthly price is too small for Stripe to charge.",
            ),
            models.CheckConstraint(
                name="offer_yearly",
                condition=Q(yearly_amount=None) | Q(yearly_amount__gte=50),
                violation_error_message="The yearly price is too small for Stripe to charge.",
            ),
            models.CheckConstraint(
                name="offer_fee",
                condition=Q(fee_share__lte=2000),
                violation_error_message="A card fee of more than 20 % is a slip of the pen.",
            ),
        ]

    def __str__(self) -> str:
        return "Support wording and prices"

    def clean(self) -> None:
        """Compare the amounts with each other. What is missing here was refused already, field by field."""
        show = partial(money.display, currency=self.currency)
        minimum, maximum = self.minimum or 0, self.maximum or money.MAX_AMOUNT
        if maximum < minimum:
            raise ValidationError({"maximum": f"The largest gift must not be below the smallest, {show(minimum)}."})
        wrong = [amount for amount in self.presets or [] if not minimum <= amount <= maximum]
        if wrong:
            bounds = f"between the smallest and the largest gift, {show(minimum)} and {show(maximum)}"
            raise ValidationError({"presets": f"{show(wrong[0])} is not {bounds}."})

    @property
    def is_sold(self) -> bool:
        """True if somebody has begun to pay in this currency, which then stays."""
        sold = {"currency": self.currency}
        return Checkout.objects.filter(**sold).exists() or LedgerEntry.objects.filter(**sold).exists()

    @property
    def monthly_price(self) -> str:
        return money.display(self.monthly_amount, self.currency)

    @property
    def prices(self) -> dict[str, int]:
        """The price of each interval by which readers can pay, the month first."""
        prices: dict[str, int] = {Interval.MONTH: self.monthly_amount}
        return prices | ({Interval.YEAR: self.yearly_amount} if self.yearly_amount else {})

    @property
    def price_choices(self) -> list[tuple[str, str]]:
        """The pairs of form value and label, like `("year", "$100 a year")`."""
        shown = {each: money.display(price, self.currency) for each, price in self.prices.items()}
        return [(str(each), f"{price} a {each}") for each, price in shown.items()]

    def fee_to_cover(self, donation: int) -> int:
        """Return what to add to a donation (minor units), so that all of it arrives after Stripe has kept its fee.

        Stripe takes the fee of the whole payment, the added part included, and rounds it to the nearest unit. So this
        finds the least total with total - fee(total) >= donation. Source of the formula: stripe.com/pricing.
        """
        share_left, step = 10_000 - self.fee_share, money.smallest_step(self.currency)
        return -(-(donation + self.fee_fixed) * 10_000 // (share_left * step)) * step - donation

    @property
    def fee_in_words(self) -> str:
        return f"{Decimal(self.fee_share).scaleb(-2).normalize():f} % + {money.display(self.fee_fixed, self.currency)}"

    @property
    def preset_choices(self) -> list[tuple[str, str]]:
        """The pairs of form value and label, like `("25", "$25")`."""
        return [(money.typed(each, self.currency), money.display(each, self.currency)) for each in self.presets]
