"""Computes Most read and Hot Topics from recent reads and replies. Reads are counted without identifying readers."""

from collections import Counter
from datetime import datetime, timedelta
from hashlib import blake2b
from secrets import token_bytes
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, FloatField, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Extract, Power
from django.utils.module_loading import import_string

from articles.context_processors import MAX_HOT_TOPICS, MAX_MOST_READ
from articles.models import EditionTopic, MostRead, Reads, Topic
from newsroom.http.client_network import network_of
from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SITE
from newsroom.models import Outlet

WINDOW = timedelta(hours=48)
HALF_LIFE = 12 * 3600.0  # seconds after which a read counts half
STORED_MOST_READ = 10  # articles: more than are shown, as one that is withdrawn drops out
MIN_MOST_READ = 3  # articles: with fewer there is no list
PUBLICATION_WEIGHT = 20.0  # what a new article adds to its topics, in reads

Weights = dict[int, float]  # by pk, in reads of this moment


def weigh(rows: "QuerySet[Any]", at: str, by: str, each: Combinable, now: datetime) -> Weights:
    """Return the sum of `each` by `by` over the rows of the last WINDOW, halved for each HALF_LIFE since `at`."""
    age = (Value(now.timestamp()) - Extract(at, "epoch", output_field=FloatField())) / HALF_LIFE
    left = Power(Value(0.5), age, output_field=FloatField())
    recent = rows.filter(**{f"{at}__gt": now - WINDOW, f"{at}__lte": now}).order_by()
    return dict(recent.values_list(by).annotate(weight=Sum(each * left, output_field=FloatField())))


@transaction.atomic
def recalculate(now: datetime) -> None:
    """Recompute both lists, and delete the reads older than WINDOW. Purges all pages if what they show changed."""
    Outlet.objects.select_for_update().get()  # a lock: one recalculation at a time
    before = _shown()
    Reads.objects.filter(hour__lte=now - WINDOW).delete()
    articles = Counter(weigh(Reads.objects.all(), "hour", "article", F("count"), now))
    most = articles.most_common(STORED_MOST_READ) if len(articles) >= MIN_MOST_READ else []
    MostRead.objects.all().delete()
    MostRead.objects.bulk_create(MostRead(place=place, article_id=pk) for place, (pk, _) in enumerate(most, start=1))

    for path in settings.POPULARITY_SOURCES:
        articles.update(import_string(path)(now))
    listed = EditionTopic.objects.filter(listed_at__isnull=False)
    topics = Counter(weigh(listed, "listed_at", "topic", Value(PUBLICATION_WEIGHT), now))
    for topic, article in listed.filter(edition__article__in=articles).values_list("topic", "edition__article"):
        topics[topic] += articles[article]
    rows = list(Topic.objects.exclude(heat=0) | Topic.objects.filter(pk__in=topics))
    for row in rows:
        row.heat = topics[row.pk]
    Topic.objects.bulk_update(rows, ["heat"])
    if _shown() != before:
        purge_on_commit(SITE, soon=True)


def _shown() -> tuple[list[int], list[int]]:
    """Return the topics and articles that pages show of both lists, by pk."""
    topics = Topic.objects.hot().values_list("pk", flat=True)[:MAX_HOT_TOPICS]
    most = MostRead.objects.order_by("place").values_list("article", flat=True)[:MAX_MOST_READ]
    return list(topics), list(most)


class ReadLimit:
    """Limits the reads of one article that one network (a household, a street behind one address) may add in an hour.

    It stores keyed hashes, in this process's memory alone, and drops them when the hour ends.
    """

    LIMIT = 20  # reads of an article by one network in an hour
    MAX_PAIRS = 100_000  # of article and network; further pairs are not counted in this hour

    def __init__(self) -> None:
        self._begin(None)

    def allow(self, network: str, slug: str, hour: datetime) -> bool:
        """Return True, and count it, if one more read from this network is to be counted."""
        if hour != self.hour:
            self._begin(hour)
        pair = blake2b(f"{network} {slug}".encode(), key=self.key, digest_size=12).digest()
        if pair not in self.counts and len(self.counts) >= self.MAX_PAIRS:
            return False
        self.counts[pair] += 1
        return self.counts[pair] <= self.LIMIT

    def _begin(self, hour: datetime | None) -> None:
        self.hour = hour
        self.key = token_bytes(32)  # without a key, addresses could be guessed from their hashes
        self.counts: Counter[bytes] = Counter()


READ_LIMIT = ReadLimit()


def count_read(slug: str, address: str | None, now: datetime) -> None:
    """Count one read of the article at `slug` by the reader at `address`, unless their network has sent too many."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if READ_LIMIT.allow(str(network_of(address or "", ipv4_bits=32)), slug, hour):
        Reads.add(slug, hour)
