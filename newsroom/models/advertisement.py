"""Advertisements, and counts of clicks on them."""

import secrets
from datetime import date
from typing import ClassVar, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from newsroom.validators import validate_web_address


def stored_picture(advertisement: "Advertisement", filename: str) -> str:
    """Return a random name, which says nothing of the uploaded file and is never used again."""
    return f"advertisements/{secrets.token_hex(10)}.jpg"


class AdvertisementQuerySet(models.QuerySet["Advertisement"]):
    def not_over(self, day: "date | models.Expression") -> Self:
        """Return advertisements that run on `day` or later."""
        return self.filter(models.Q(last_day=None) | models.Q(last_day__gte=day), running=True)


class Advertisement(models.Model):
    """A paid notice. It is always labelled as one, loads nothing from elsewhere and follows nobody."""

    advertiser = models.CharField(max_length=80, help_text="Not shown to readers.")
    text = models.CharField(
        max_length=200, help_text="What it says. With a picture: the same in words, for those who cannot see it."
    )
    image = models.ImageField(
        "picture",
        upload_to=stored_picture,
        width_field="image_width",
        height_field="image_height",
        blank=True,
        help_text="Shown in place of the text. It is made small: 960 pixels wide at most.",
    )
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    url = models.CharField(
        "address",
        max_length=500,
        blank=True,
        validators=[validate_web_address],
        help_text="Where it leads, like https://example.org/. Empty: it leads nowhere.",
    )
    running = models.BooleanField("switched on", default=True)
    first_day = models.DateField("from", default=timezone.localdate)
    last_day = models.DateField(
        "until", null=True, blank=True, help_text="The last day on which it is shown. Empty: until you switch it off."
    )
    in_articles = models.BooleanField("below articles", default=True)
    on_front_page = models.BooleanField("on the front page", default=True)
    in_lists = models.BooleanField("beside sections, topics and authors", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Advertisement"]] = AdvertisementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="advertisement_ends_after_it_begins",
                condition=models.Q(last_day=None) | models.Q(last_day__gte=models.F("first_day")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.advertiser}: {self.text[:40]}"

    def clean(self) -> None:
        if self.last_day and self.first_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "Until must not be before From."})

    @property
    def host(self) -> str:
        """The host that it leads to, shown to readers before they follow it; empty for a page of ours."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


class AdvertisementClicks(models.Model):
    """The number of clicks on an advertisement in one day. Nothing is stored about who clicked."""

    advertisement = models.ForeignKey(Advertisement, on_delete=models.CASCADE, related_name="clicks")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(name="clicks_once_a_day", fields=["advertisement", "day"])]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"

    @classmethod
    def add(cls, advertisement: Advertisement, day: date) -> None:
        """Count one click."""
        row, _ = cls.objects.get_or_create(advertisement=advertisement, day=day)
        cls.objects.filter(pk=row.pk).update(count=models.F("count") + 1)
