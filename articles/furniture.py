"""What stands around every page: the outlet's name and words, menus, Hot Topics, channels, an advertisement for each
place, the breaking banner. One query.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zlib import crc32

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.models import Banner, Edition, MenuLink, Section, Topic, hot_topics
from newsroom.caching import holds_until
from newsroom.models import Advertisement, Channel, Outlet
from subscriptions.models import Offer

HOT_FOR = timedelta(days=4)
HOT_TOPICS = 8
# A place of the template, and the field that says whether an advertisement may stand there.
PLACES = {"article": "in_articles", "front": "on_front_page", "list": "in_lists"}


def load(path: str, now: datetime) -> dict[str, Any]:
    """All of it, as the page at `path` shows it `now`; `changes_at`: when it changes by itself (or None)."""
    today = timezone.localdate(now)
    names = JSONObject(name=F("name"), slug=F("slug"))
    hot = hot_topics(since=now - HOT_FOR)[:HOT_TOPICS]
    live = Edition.objects.live().filter(article=OuterRef("article"))
    banners = Banner.objects.not_over(now).annotate(slug=Subquery(live.values("slug")[:1]))
    advertisements = Advertisement.objects.not_over(today)
    outlet = Outlet.objects.annotate(
        offer_row=Subquery(Offer.objects.values(row=_columns(Offer))),
        section_rows=ArraySubquery(Section.objects.values(row=names)),
        topic_rows=ArraySubquery(hot.values(row=names)),
        menu_rows=ArraySubquery(MenuLink.objects.shown().values(row=MenuLink.columns())),
        channel_rows=ArraySubquery(Channel.objects.exclude(address="").values(row=_columns(Channel))),
        advertisement_rows=ArraySubquery(advertisements.order_by("pk").values(row=_columns(Advertisement))),
        banner_rows=ArraySubquery(
            banners.values(row=JSONObject(label="label", text="text", slug="slug", starts="starts_at", ends="ends_at"))
        ),
    ).get()
    menu = [MenuLink.from_row(row) for row in outlet.menu_rows]
    sections = [Section(**row) for row in outlet.section_rows]
    return {
        "outlet": outlet,
        "offer": Offer(**outlet.offer_row),
        # While nobody has arranged the head of the page, it shows the sections.
        "header": [link for link in menu if link.menu == "header"] or [MenuLink(section=each) for each in sections],
        "footer": [link for link in menu if link.menu == "footer"],
        "hot_topics": [Topic(**row) for row in outlet.topic_rows],
        "channels": [Channel(**row) for row in outlet.channel_rows],
        "advertisements": _rotated(outlet.advertisement_rows, path, today),
        "banner": _showing(outlet.banner_rows, now),
        "changes_at": _next_change(outlet.banner_rows, outlet.advertisement_rows, now),
    }


def furniture(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the same, read when a template first asks for any of it; and the site's own address."""

    def read() -> dict[str, Any]:
        found = load(request.path, timezone.now())
        if found["changes_at"]:
            holds_until(request, found["changes_at"])
        return found

    return {"furniture": SimpleLazyObject(read), "site_url": settings.SITE_URL}


def _columns(model: Any) -> JSONObject:
    return JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields})


def _rotated(rows: Iterable[dict[str, Any]], path: str, today: date) -> dict[str, Advertisement]:
    """One for each place that has any. The address and the day choose it: each page has another, and another one each
    day, and it is the same for everybody.
    """
    running = [row for row in rows if row["first_day"] <= today.isoformat()]
    turn = crc32(path.encode()) + today.toordinal()
    of_place = {place: [row for row in running if row[field]] for place, field in PLACES.items()}
    return {place: Advertisement(**fitting[turn % len(fitting)]) for place, fitting in of_place.items() if fitting}


def _showing(rows: Iterable[dict[str, Any]], now: datetime) -> dict[str, Any] | None:
    """Of those that have begun and are not over, the one that was added last."""
    return next((row for row in rows if datetime.fromisoformat(row["starts"]) <= now), None)


def _next_change(banners: Iterable[dict[str, Any]], advertisements: list[Any], now: datetime) -> datetime | None:
    """A banner begins or ends; at midnight the advertisements take turns."""
    moments = [datetime.fromisoformat(row[edge]) for row in banners for edge in ("starts", "ends")]
    if advertisements:
        tomorrow = timezone.localdate(now) + timedelta(days=1)
        moments.append(timezone.make_aware(datetime.combine(tomorrow, time.min)))
    return min((moment for moment in moments if moment > now), default=None)
