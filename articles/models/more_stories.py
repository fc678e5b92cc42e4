"""More Stories: what to read after an article, chosen when something is published."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from articles.models.article import Article


class MoreStories(models.Model):
    """The articles to read after one, the nearest first (`articles.more_stories`).

    There are more than a page shows, as withdrawn ones drop out.
    """

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="more_stories")
    others = ArrayField(models.BigIntegerField(), help_text="Article.pk")

    objects: ClassVar[models.Manager["MoreStories"]] = models.Manager()

    class Meta:
        verbose_name_plural = "more stories"

    def __str__(self) -> str:
        return f"{self.article}: {len(self.others)}"
