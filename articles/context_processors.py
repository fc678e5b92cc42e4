"""The site chrome that every page shows, in one query.

The outlet's name and words, menus, Hot Topics, Most read, channels, advertisements, the breaking banner.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, DateTimeField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.advertisements import advertisements_of_day
from articles.models import Banner, Edition, MenuLink, Section, Topic
from newsroom.dates import next_midnight
from newsroom.db.json_rows import json_row
from newsroom.db.prepared_queries import Param, PreparedQuery
from newsroom.http.cache_headers import set_expiry
from newsroom.models import Advertisement, Channel, Outlet
from subscriptions.models import Offer

MAX_HOT_TOPICS = 8
MAX_MOST_READ = 5


def load(path: str, now: datetime) -> dict[str, Any]:
    """Return the site chrome of the page at `path`; `changes_at`: when it next changes by itself (or None)."""
    (rows,) = SITE_CHROME_QUERY.rows(now=now, today=timezone.localdate(now))
    menu = [MenuLink.from_row(row) for row in rows["menu"]]
    return {
        "outlet": Outlet(**rows["outlet"]),
        "offer": Offer(**rows["offer"]),
        # Without header links of its own, the page shows the sections.
        "header": [link for link in menu if link.menu == "header"]
        or [MenuLink(section=Section(**row)) for row in rows["sections"]],
        "sections": [Section(**row) for row in rows["sections"]],
        "footer": [link for link in menu if link.menu == "footer"],
        "hot_topics": [Topic(**row) for row in rows["topics"]],
        "most_read": [Edition(**row) for row in rows["most_read"]],
        "channels": [Channel(**row) for row in rows["channels"]],
        "advertisements": advertisements_of_day(rows["advertisements"], path, timezone.localdate(now)),
        "banner": _current_banner(rows["banners"], now),
        "changes_at": _next_change(rows["banners"], rows["advertisements"], now),
    }


def site_chrome(request: HttpRequest) -> dict[str, Any]:
    """Provide the site chrome to templates, loaded when one first uses it, and the site's address."""

    def read() -> dict[str, Any]:
        chrome = load(request.path, timezone.now())
        if chrome["changes_at"]:
            set_expiry(request, chrome["changes_at"])
        return chrome

    return {"site_chrome": SimpleLazyObject(read), "site_url": settings.SITE_URL}


def _site_chrome_query() -> QuerySet[Outlet, Any]:
    """Return one row with each part as JSON."""
    now, today = Param("now", DateTimeField()), Param("today", DateField())
    names = JSONObject(name=F("name"), slug=F("slug"))
    headlines = JSONObject(slug="slug", headline="headline", language="language")
    live = Edition.objects.live().filter(article=OuterRef("article"))
    banners = Banner.objects.not_over(now).annotate(slug=Subquery(live.values("slug")[:1]))
    banner = JSONObject(label="label", text="text", slug="slug", starts="starts_at", ends="ends_at")
    most_read = Edition.objects.live().filter(article__most_read__isnull=False)
    most_read = most_read.order_by("article__most_read__place")[:MAX_MOST_READ]
    advertisements = Advertisement.objects.not_over(today).order_by("pk")
    return Outlet.objects.values(
        outlet=json_row(Outlet),
        offer=Subquery(Offer.objects.values(row=json_row(Offer))),
        sections=ArraySubquery(Section.objects.values(row=names)),
        topics=ArraySubquery(Topic.objects.hot()[:MAX_HOT_TOPICS].values(row=names)),
        most_read=ArraySubquery(most_read.values(row=headlines)),
        menu=ArraySubquery(MenuLink.objects.shown().values(row=MenuLink.columns())),
        channels=ArraySubquery(Channel.objects.exclude(address="").values(row=json_row(Channel))),
        advertisements=ArraySubquery(advertisements.values(row=json_row(Advertisement))),
        banners=ArraySubquery(banners.values(row=banner)),
    )


SITE_CHROME_QUERY = PreparedQuery(_site_chrome_query)


def _current_banner(rows: Iterable[dict[str, Any]], now: datetime) -> dict[str, Any] | None:
    """Return the banner that was added last among those that have begun."""
    return next((row for row in rows if datetime.fromisoformat(row["starts"]) <= now), None)


def _next_change(banners: Iterable[dict[str, Any]], advertisements: list[Any], now: datetime) -> datetime | None:
    """Return when a banner next begins or ends, or midnight, when the advertisements rotate; None if never."""
    moments = [datetime.fromisoformat(row[edge]) for row in banners for edge in ("starts", "ends")]
    if advertisements:
        moments.append(next_midnight(now))
    return min((moment for moment in moments if moment > now), default=None)
