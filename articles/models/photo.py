"""The photo library."""

from django.conf import settings
from django.db import models
from pictures.models import PictureField

from articles.photos import stored_name


class Photo(models.Model):
    image = PictureField(upload_to=stored_name, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = models.CharField("alt text", max_length=250, help_text="What is to be seen, for those who cannot see it.")
    caption = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=100, help_text="Who took it, as it is to be printed.")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.alt} ({self.credit})"
