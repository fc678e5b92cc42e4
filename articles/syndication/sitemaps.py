"""Sitemaps for search engines: an index of sitemaps, and the news of the last two days.

Each sitemap holds a range of article ids: no row is counted, and each sitemap is one index scan.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Author, Edition, Page, Section, Topic
from articles.syndication.public_text import absolute, for_xml
from newsroom.http.cache_headers import add_surrogate_keys, public
from newsroom.http.surrogate_keys import SITEMAP
from newsroom.models import Outlet

ARTICLES_PER_SITEMAP = 10_000  # the protocol allows 50,000, in at most 50 MB
MAX_LISTS = 20_000  # of topics, and as many of authors
NEWS_WINDOW = timedelta(hours=48)
MAX_NEWS = 1000  # articles: search engines read no more from a news sitemap
LISTED_VIEWS = ("front", "latest", "corrections", "support")

# One index probe for each possible range; ranges without a live edition are left out.
_RANGES = """
SELECT part FROM generate_series(0, (SELECT max(article_id) / %(size)s FROM articles_edition WHERE live)) AS part
WHERE EXISTS (
    SELECT FROM articles_edition WHERE live AND article_id >= part * %(size)s AND article_id < (part + 1) * %(size)s
)
ORDER BY part
"""


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the index of all sitemaps."""
    with connection.cursor() as cursor:
        cursor.execute(_RANGES, {"size": ARTICLES_PER_SITEMAP})
        parts = [part for (part,) in cursor.fetchall()]
    addresses = [reverse("sitemap_pages"), *(reverse("sitemap_articles", args=[part]) for part in parts)]
    return _xml(request, "index", {"addresses": [absolute(address) for address in addresses]})


@public
@require_safe
def articles(request: HttpRequest, part: int) -> HttpResponse:
    """`/sitemaps/articles-<part>.xml`: the articles with ids from `part` × ARTICLES_PER_SITEMAP."""
    if part > 10**9:
        raise Http404(part)
    first = part * ARTICLES_PER_SITEMAP
    editions = Edition.objects.live().filter(article__gte=first, article__lt=first + ARTICLES_PER_SITEMAP)
    rows = editions.order_by("article_id").values_list("slug", "published_at")
    if not rows:
        raise Http404(part)
    return _urls(request, [(reverse("article", args=[slug]), moment) for slug, moment in rows])


@public
@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """`/sitemaps/pages.xml`: lists, static pages, sections, and topics and authors with something on the site."""
    lists: list[Any] = [
        *Page.objects.published(),
        *Section.objects.all(),
        *Topic.objects.on_site()[:MAX_LISTS],
        *Author.objects.on_site()[:MAX_LISTS],
    ]
    addresses = [*map(reverse, LISTED_VIEWS), *(each.get_absolute_url() for each in lists)]
    return _urls(request, [(address, None) for address in addresses])


@public
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """`/news-sitemap.xml`: what first appeared in the last 48 hours."""
    editions = Edition.objects.live().filter(first_published_at__gt=timezone.now() - NEWS_WINDOW).newest()
    rows = editions.only("slug", "headline", "language", "first_published_at")[:MAX_NEWS]
    found = [{"address": absolute(edition.get_absolute_url()), "edition": edition} for edition in rows]
    return _xml(request, "news", {"rows": found, "outlet": Outlet.objects.get()})


def _urls(request: HttpRequest, rows: Iterable[tuple[str, datetime | None]]) -> HttpResponse:
    found = [(absolute(address), moment.isoformat(timespec="seconds") if moment else "") for address, moment in rows]
    return _xml(request, "urls", {"rows": found})


def _xml(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    add_surrogate_keys(request, SITEMAP)
    text = for_xml(render_to_string(f"articles/sitemaps/{name}.xml", context))
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
