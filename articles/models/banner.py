"""The breaking banner, which is on every page for a while."""

from datetime import datetime
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from articles.models.article import Article


class BannerQuerySet(models.QuerySet["Banner"]):
    def not_over(self, now: "datetime | models.Expression") -> Self:
        """Return those that are shown now or later."""
        return self.filter(ends_at__gt=now)


class Banner(models.Model):
    """A line above every page for a time. Of two at once, the one that was added last is shown."""

    label = models.CharField("first word", max_length=20, default="Breaking")
    text = models.CharField(max_length=140)
    article = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where it leads. Empty, or not published yet: it leads nowhere.",
    )
    starts_at = models.DateTimeField("from", default=timezone.now, help_text="In the outlet's own time.")
    ends_at = models.DateTimeField("until", help_text="It is gone by itself then.")

    objects: ClassVar[models.Manager["Banner"]] = BannerQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "breaking banner"
        constraints = [
            models.CheckConstraint(
                name="banner_ends_after_it_begins", condition=models.Q(ends_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "Until must be after From."})
