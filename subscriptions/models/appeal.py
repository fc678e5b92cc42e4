"""Appeals: special reports that readers are asked to pay for, and how far each has come."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Lower, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from newsroom.dates import midnight
from subscriptions import money
from subscriptions.models.donation import Donation
from subscriptions.models.ledger import LedgerEntry
from subscriptions.referrer import is_article_path


class AppealQuerySet(models.QuerySet["Appeal"]):
    def accepting(self) -> Self:
        """Return those on the site that take donations today, in the outlet's time zone."""
        return self.filter(Q(deadline=None) | Q(deadline__gte=timezone.localdate()), on_site=True)

    def with_progress(self) -> Self:
        """Add `raised` (minor units, less refunds) and `readers` (those whose donation was not refunded)."""
        entries = LedgerEntry.objects.filter(donation__checkout__appeal=OuterRef("pk")).order_by()
        donations = Donation.objects.filter(checkout__appeal=OuterRef("pk")).order_by()
        donations = donations.annotate(
            net=Subquery(_total(LedgerEntry.objects.filter(donation=OuterRef("pk")), "donation"))
        )
        donor = Coalesce(NullIf(Lower("email"), models.Value("")), F("payment_intent"))
        readers = donations.filter(net__gt=0).values("checkout__appeal").annotate(n=Count(donor, distinct=True))
        return self.annotate(
            raised=Coalesce(Subquery(_total(entries, "donation__checkout__appeal")), 0),
            readers=Coalesce(Subquery(readers.values("n")), 0),
        )


def _total(entries: "models.QuerySet[Any]", by: str) -> "models.QuerySet[Any, Any]":
    totals: models.QuerySet[Any, Any] = entries.order_by().values(by).annotate(total=Sum("amount")).values("total")
    return totals


def validate_article_path(value: str) -> None:
    if not is_article_path(value):
        raise ValidationError("Write the article's address on this site, like /articles/snow-came-early/.")


class Appeal(models.Model):
    """A special report with a goal. A donation to it is one whose checkout names it."""

    title = models.CharField(max_length=100)
    slug = models.SlugField(max_length=80, unique=True, help_text="The last part of its address. Do not change it.")
    sentence = models.CharField(max_length=200, help_text="What the report is to find out, in one sentence.")
    text = models.TextField(help_text="What the money pays for. An empty line begins a new paragraph.")
    goal = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    currency = models.CharField(max_length=3, default="usd", editable=False)
    deadline = models.DateField(
        "last day", null=True, blank=True, help_text="In the outlet's own time. Empty: until you set one."
    )
    story = models.CharField(
        "address of the story",
        max_length=200,
        blank=True,
        validators=[validate_article_path],
        help_text="Once it is published, like /articles/snow-came-early/. The appeal leads there.",
    )
    on_site = models.BooleanField("on the site", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = AppealQuerySet.as_manager()

    # Only on rows from `with_progress()`
    raised: int
    readers: int

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="appeal_has_a_goal", condition=Q(goal__gt=0), violation_error_message="An appeal needs a goal."
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("appeal", args=[self.slug])

    @property
    def is_accepting(self) -> bool:
        return self.on_site and (self.deadline is None or self.deadline >= timezone.localdate())

    @property
    def ends_at(self) -> datetime | None:
        """The midnight after the last day, when donations to it end."""
        return midnight(self.deadline + timedelta(days=1)) if self.deadline else None

    @property
    def shown_goal(self) -> str:
        return money.display(self.goal, self.currency)

    def goal_in(self, currency: str) -> int:
        """Return the minor units of another currency that are written like the goal. Parts that it has not are cut."""
        return max(1, int(money.decimal(self.goal, self.currency).scaleb(money.decimal_places(currency))))

    @property
    def shown_raised(self) -> str:
        return money.display(max(0, self.raised), self.currency)

    @property
    def bar(self) -> int:
        """The part of the goal that is reached, in minor units, at most all of it."""
        return max(0, min(self.raised, self.goal))

    @cached_property
    def names(self) -> list[str]:
        """Return the names of donors who let them be shown and whose donation was not refunded."""
        named = Donation.objects.filter(checkout__appeal=self, checkout__anonymous=False).exclude(checkout__name="")
        kept = named.annotate(net=Sum("ledger__amount")).filter(net__gt=0).order_by("paid_at")
        return list(dict.fromkeys(kept.values_list("checkout__name", flat=True)))
