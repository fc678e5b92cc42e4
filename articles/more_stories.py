"""Chooses More Stories, which stand after an article: by shared topics, shared words and freshness.

The list is stored when an article is published, for it and for those near it; a page only reads it.
"""

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Extract, Least, Power
from django.utils import timezone

from articles.models import Edition, EditionTopic, MoreStories
from articles.search.query import TsQuery

MAX_STORED = 12  # twice what a page shows
# Candidates: the newest of each kind, so that the cost does not grow with the number of articles.
MAX_SHARING_TOPIC = 60
MAX_SHARING_WORDS = 200
MAX_OF_SECTION = 60
MAX_WORDS = 12  # the most distinctive of an article
COMPARED_ARTICLES = 300  # the newest: they tell common words from rare ones
HALF_LIFE = 90 * 24 * 3600.0  # seconds after which an article counts half


def choose_more_stories(article: int) -> list[int]:
    """Store and return the articles (pks) near to the live edition of an article (pk), the nearest first."""
    edition = Edition.objects.live().filter(article=article).first()
    if edition is None:
        return []
    others = list(_nearest(edition).values_list("article", flat=True))
    MoreStories.objects.update_or_create(article_id=article, defaults={"others": others})
    return others


def distinctive_words(edition: Edition) -> list[str]:
    """Return the stems that are frequent in it (in the headline they count four times) and rare in the newest articles.

    Words that none or all of those have are left out.
    """
    newest = list(Edition.objects.live().newest().values_list("pk", flat=True)[:COMPARED_ARTICLES])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH compared AS (
                SELECT word, ndoc FROM ts_stat(format('SELECT search FROM articles_edition WHERE id = ANY(%%L)', %s))
            ), own AS (
                SELECT lexeme, sum(CASE weight WHEN 'A' THEN 4 WHEN 'B' THEN 2 ELSE 1 END) AS uses
                FROM articles_edition, unnest(search) AS word, unnest(weights) AS weight
                WHERE id = %s AND lexeme ~ '^[[:alpha:]]{3,}$'
                GROUP BY lexeme
            )
            SELECT lexeme FROM own JOIN compared ON word = lexeme WHERE ndoc > 1 AND ndoc < %s
            ORDER BY least(uses, 8) * ln(%s::float / ndoc) DESC, lexeme LIMIT %s
            """,
            [newest, edition.pk, len(newest), len(newest), MAX_WORDS],
        )
        return [lexeme for (lexeme,) in cursor.fetchall()]


def _nearest(edition: Edition) -> "QuerySet[Edition]":
    """Rank the candidates: each shared topic adds 1, shared words and freshness at most 1 each."""
    live = Edition.objects.live()
    topics = EditionTopic.objects.filter(edition=edition).values("topic")
    sharing = EditionTopic.objects.filter(listed_at__isnull=False, topic__in=topics).order_by("-listed_at")
    words = TsQuery(" | ".join(f"'{word}'" for word in distinctive_words(edition)))
    candidates = (
        Q(pk__in=sharing.values("edition")[:MAX_SHARING_TOPIC])
        | Q(pk__in=live.filter(search=words).newest().values("pk")[:MAX_SHARING_WORDS])
        | Q(pk__in=live.filter(section=edition.section_id).newest().values("pk")[:MAX_OF_SECTION])
    )
    shared = EditionTopic.objects.filter(edition=OuterRef("pk"), topic__in=topics).order_by().values("edition")
    age = timezone.now().timestamp() - Extract("first_published_at", "epoch", output_field=FloatField())
    return (
        live.filter(candidates)
        .exclude(article=edition.article_id)
        .annotate(
            topics_shared=Coalesce(Subquery(shared.annotate(count=Count("pk")).values("count")), 0),
            likeness=Least(SearchRank(F("search"), words, normalization=1) * 10, Value(1.0)),
            freshness=Power(Value(0.5), age / HALF_LIFE, output_field=FloatField()),
        )
        .order_by(-(F("topics_shared") + F("likeness") + F("freshness")), "-pk")[:MAX_STORED]
    )
