"""Reads, counted by the hour, and the list that follows from them."""

from datetime import datetime

from django.db import connection, models

from articles.models.article import Article
from articles.models.edition import Edition


class Reads(models.Model):
    """How often an article was read in one hour, by everybody together. Nothing is kept of anybody."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField(help_text="Its beginning.")
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "reads"
        constraints = [models.UniqueConstraint(name="reads_once_an_hour", fields=["hour", "article"])]

    def __str__(self) -> str:
        return f"{self.hour:%d %H:00}: {self.count}"

    @classmethod
    def add(cls, slug: str, hour: datetime) -> None:
        """One more of the article that is read at this address; nothing if there is none. One statement."""
        sql = (
            f"INSERT INTO {cls._meta.db_table} AS reads (article_id, hour, count)"  # noqa: S608
            f" SELECT article_id, %s, 1 FROM {Edition._meta.db_table} WHERE slug = %s AND live"
            " ON CONFLICT (hour, article_id) DO UPDATE SET count = reads.count + 1"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [hour, slug])


class MostRead(models.Model):
    """The list as it was last worked out (`popularity.work_out`)."""

    place = models.PositiveSmallIntegerField(primary_key=True)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="most_read")

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.place}. {self.article}"
