"""How many began to pay beside each article: counts, which lead to nobody."""

from django.db import models


class ArticleConversions(models.Model):
    """The checkouts that were begun beside one article, once they are settled, and how many of them were paid."""

    path = models.CharField(max_length=200, unique=True, help_text="Like /articles/snow-came-early/.")
    begun = models.PositiveIntegerField(default=0)
    subscriptions = models.PositiveIntegerField(default=0)
    donations = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.path
