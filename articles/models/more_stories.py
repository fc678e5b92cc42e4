"""What to read after an article, chosen beforehand."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from articles.models.article import Article


class MoreStories(models.Model):
    """What else to read after an article, the nearest first (`more_stories.choose`). More than are shown, as what is
    withdrawn later drops out.
    """

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="more_stories")
    others = ArrayField(models.BigIntegerField(), help_text="Article.pk")

    objects: ClassVar[models.Manager["MoreStories"]] = models.Manager()

    class Meta:
        verbose_name_plural = "more stories"

    def __str__(self) -> str:
        return f"{self.article}: {len(self.others)}"
