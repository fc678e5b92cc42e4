"""The photo library."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from pictures.models import PictureField

from articles.photos.processing import stored_name


class PhotoQuerySet(models.QuerySet["Photo"]):
    def wanting_words(self) -> Self:
        """Return those that cannot be published yet, as they lack an alt text or a credit."""
        return self.filter(Q(alt="") | Q(credit=""))


class Photo(models.Model):
    """A photo of the library. It needs `alt` and `credit` before an edition can show it."""

    image = PictureField(upload_to=stored_name, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = models.CharField(
        "alt text", max_length=250, blank=True, help_text="What is to be seen, for those who cannot see it."
    )
    caption = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=100, blank=True, help_text="Who took it, as it is to be printed.")
    # The point that stays visible where the photo is cropped.
    focus_x = models.PositiveSmallIntegerField(
        "focal point, from the left", default=50, validators=[MaxValueValidator(100)], help_text="Percent."
    )
    focus_y = models.PositiveSmallIntegerField(
        "focal point, from the top", default=50, validators=[MaxValueValidator(100)], help_text="Percent."
    )
    has_avif = models.BooleanField(default=False, editable=False, help_text="Whether the worker has made them.")
    digest = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        editable=False,
        help_text="Of the stored file, not of the upload: it finds doubles, and tells nothing of the one who sent it.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Photo"]] = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="focal_point_inside", condition=Q(focus_x__lte=100, focus_y__lte=100))
        ]

    def __str__(self) -> str:
        return f"{self.alt or 'No alt text yet'} ({self.credit or 'no credit yet'})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.image._committed:
            self.has_avif = False
        with transaction.atomic():  # the worker's task is enqueued with the row, or not at all
            super().save(*args, **kwargs)

    @property
    def wants(self) -> str:
        """The list in words of what it lacks to be published; empty if nothing."""
        missing = [name for name, value in (("alt text", self.alt), ("credit", self.credit)) if not value.strip()]
        return " and ".join(f"no {name}" for name in missing)

    @property
    def focus(self) -> str:
        """The CSS classes that keep the focal point visible; empty for the middle."""
        tenths = {"x": round(self.focus_x / 10), "y": round(self.focus_y / 10)}
        return " ".join(f"focus-{axis}-{tenth}" for axis, tenth in tenths.items() if tenth != 5)

    @property
    def thumbnail(self) -> str:
        """The address of its smallest rendition."""
        pictures = self.image.aspect_ratios[None]["WEBP"]
        url: str = pictures[min(pictures)].url if pictures else self.image.url
        return url
