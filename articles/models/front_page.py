"""The places at the head of the front page that editors have filled."""

from django.db import models
from django.utils import timezone

from articles.models.article import Article


class FrontPlace(models.Model):
    """An article that an editor put in one of the first places of the front page. Place 0 is the lead."""

    place = models.PositiveSmallIntegerField(primary_key=True)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="front_place")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["place"]
        verbose_name = "place on the front page"
        verbose_name_plural = "front page"
        default_permissions = ["view", "change"]

    def __str__(self) -> str:
        return f"{self.place}: {self.article}"
