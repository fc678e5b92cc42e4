"""What stands around every page: the outlet's name and words, the menu, Hot Topics, an advertisement. One query."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.models import Section, Topic, hot_topics
from newsroom.models import Advertisement, Outlet
from subscriptions.models import Offer

HOT_FOR = timedelta(days=4)
HOT_TOPICS = 8


def load() -> dict[str, Any]:
    """`outlet`, `offer`, `sections`, `hot_topics` and `advertisement` (or None), ready for templates."""
    names = JSONObject(name=F("name"), slug=F("slug"))
    hot = hot_topics(since=timezone.now() - HOT_FOR)[:HOT_TOPICS]
    outlet = Outlet.objects.annotate(
        offer_row=Subquery(
            Offer.objects.values(row=JSONObject(**{f.name: f.name for f in Offer._meta.concrete_fields}))
        ),
        section_rows=ArraySubquery(Section.objects.values(row=names)),
        topic_rows=ArraySubquery(hot.values(row=names)),
        advertisement_row=Subquery(
            Advertisement.objects.filter(running=True).values(row=JSONObject(text=F("text"), url=F("url")))[:1]
        ),
    ).get()
    return {
        "outlet": outlet,
        "offer": Offer(**outlet.offer_row),
        "sections": [Section(**row) for row in outlet.section_rows],
        "hot_topics": [Topic(**row) for row in outlet.topic_rows],
        "advertisement": outlet.advertisement_row,
    }


def furniture(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the same, read when a template first asks for any of it; and the site's own address."""
    return {"furniture": SimpleLazyObject(load), "site_url": settings.SITE_URL}
