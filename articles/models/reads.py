"""Reads, counted by the hour, and the Most read list computed from them."""

from datetime import datetime

from django.db import connection, models

from articles.models.article import Article
from articles.models.edition import Edition


class Reads(models.Model):
    """The number of reads of an article in one hour. Nothing is stored about readers."""

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
        """Count one read of the live article with this slug, if there is one. One SQL statement."""
        sql = (
            f"INSERT INTO {cls._meta.db_table} AS reads (article_id, hour, count)"  # noqa: S608
            f" SELECT article_id, %s, 1 FROM {Edition._meta.db_table} WHERE slug = %s AND live"
            " ON CONFLICT (hour, article_id) DO UPDATE SET count = reads.count + 1"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [hour, slug])


class MostRead(models.Model):
    """A place in the Most read list (`popularity.recalculate`)."""

    place = models.PositiveSmallIntegerField(primary_key=True)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="most_read")

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.place}. {self.article}"
