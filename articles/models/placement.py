"""The lists of topics and authors that an edition is in."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from articles.models.edition import CARD_COLUMNS, Edition
from articles.models.taxonomy import Author, Topic


class PlacementQuerySet(models.QuerySet["_Placement"]):
    def listed(self) -> Self:
        """Return the rows of live editions, with what a card needs."""
        columns = [f"edition__{column}" for column in ("article_id", *CARD_COLUMNS, "section__name", "section__slug")]
        return self.filter(listed_at__isnull=False).select_related("edition__section").only("listed_at", *columns)


class _Placement(models.Model):
    """An edition's place in a list.

    `listed_at` is the article's first publication while the edition is live, else null, so that a topic's newest
    articles are the first rows of one index.
    """

    position = models.PositiveSmallIntegerField(default=0)
    listed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = PlacementQuerySet.as_manager()

    class Meta:
        abstract = True


def _newest_of(field: str) -> models.Index:
    """Return the index from which the newest live editions of a topic or author are read."""
    listed = Q(listed_at__isnull=False)
    return models.Index(F(field), F("listed_at").desc(), F("edition").desc(), condition=listed, name=f"{field}_newest")


class EditionTopic(_Placement):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(name="edition_topic_once", fields=["edition", "topic"])]
        indexes = [
            _newest_of("topic"),
            models.Index(fields=["listed_at"], condition=Q(listed_at__isnull=False), name="topics_of_late"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} of {self.edition}"


class EditionAuthor(_Placement):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    author = models.ForeignKey(Author, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(name="edition_author_once", fields=["edition", "author"])]
        indexes = [_newest_of("author")]

    def __str__(self) -> str:
        return f"{self.author} of {self.edition}"
