"""Hot Topics and Most read: what was read and discussed of late, the freshest most. Counted without knowing anybody."""

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

from articles.context_processors import HOT_TOPICS, MOST_READ
from articles.models import EditionTopic, MostRead, Reads, Topic
from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SITE
from newsroom.models import Outlet

WINDOW = timedelta(hours=48)
HALF_LIFE = 12 * 3600.0  # seconds, after which a read weighs half
KEPT = 10  # of the most read: more than are shown, as what is withdrawn meanwhile drops out
FEWEST = 3  # a list of two is none
APPEARANCE = 20.0  # what a new report weighs for its topics, in reads

Weights = dict[int, float]  # by pk, in reads of this moment


def weigh(rows: "QuerySet[Any]", at: str, by: str, each: Combinable, now: datetime) -> Weights:
    """The weight of these rows for each `by`: of the last WINDOW alone, `each` by how fresh the field `at` is."""
    age = (Value(now.timestamp()) - Extract(at, "epoch", output_field=FloatField())) / HALF_LIFE
    left = Power(Value(0.5), age, output_field=FloatField())
    recent = rows.filter(**{f"{at}__gt": now - WINDOW, f"{at}__lte": now}).order_by()
    return dict(recent.values_list(by).annotate(weight=Sum(each * left, output_field=FloatField())))


@transaction.atomic
def recalculate(now: datetime) -> None:
    """Make both lists anew, and forget the reads that count no more."""
    Outlet.objects.select_for_update().get()  # one at a time
    before = _shown()
    Reads.objects.filter(hour__lte=now - WINDOW).delete()
    articles = Counter(weigh(Reads.objects.all(), "hour", "article", F("count"), now))
    most = articles.most_common(KEPT) if len(articles) >= FEWEST else []
    MostRead.objects.all().delete()
    MostRead.objects.bulk_create(MostRead(place=place, article_id=pk) for place, (pk, _) in enumerate(most, start=1))

    for path in settings.POPULARITY_SOURCES:
        articles.update(import_string(path)(now))
    listed = EditionTopic.objects.filter(listed_at__isnull=False)
    topics = Counter(weigh(listed, "listed_at", "topic", Value(APPEARANCE), now))
    for topic, article in listed.filter(edition__article__in=articles).values_list("topic", "edition__article"):
        topics[topic] += articles[article]
    rows = list(Topic.objects.exclude(heat=0) | Topic.objects.filter(pk__in=topics))
    for row in rows:
        row.heat = topics[row.pk]
    Topic.objects.bulk_update(rows, ["heat"])
    if _shown() != before:
        purge_on_commit(SITE, soon=True)


def _shown() -> tuple[list[int], list[int]]:
    """What every page has of both lists, by pk."""
    topics = Topic.objects.hot().values_list("pk", flat=True)[:HOT_TOPICS]
    most = MostRead.objects.order_by("place").values_list("article", flat=True)[:MOST_READ]
    return list(topics), list(most)


class Networks:
    """Holds back a network that tells of more reads of one article than a household, or a street behind one address,
    may have. What it keeps names nobody, lies in this process's memory alone, and is gone with the hour.
    """

    LIMIT = 20  # reads of an article by one network in an hour
    MOST = 100_000  # pairs of article and network; beyond, nothing more is counted in this hour

    def __init__(self) -> None:
        self._begin(None)

    def may_tell(self, network: str, slug: str, hour: datetime) -> bool:
        if hour != self.hour:
            self._begin(hour)
        pair = blake2b(f"{network} {slug}".encode(), key=self.key, digest_size=12).digest()
        if pair not in self.told and len(self.told) >= self.MOST:
            return False
        self.told[pair] += 1
        return self.told[pair] <= self.LIMIT

    def _begin(self, hour: datetime | None) -> None:
        self.hour = hour
        self.key = token_bytes(32)  # without it the digests below could be guessed back into addresses
        self.told: Counter[bytes] = Counter()


NETWORKS = Networks()


def count_read(slug: str, address: str | None, now: datetime) -> None:
    """Somebody at this address has read a report for some seconds. IPv6 gives one household a whole /64."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    network = ":".join(address.split(":")[:4]) if address and ":" in address else address or ""
    if NETWORKS.may_tell(network, slug, hour):
        Reads.add(slug, hour)
