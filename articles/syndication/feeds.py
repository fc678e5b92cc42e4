"""RSS feeds with full text: of everything, and of a section, a topic, an author.

RSS 2.0 with the extensions that feed readers understand: `content:encoded`, `dc:creator` (once for each author),
`dc:language`, `media:content`.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

import nh3
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from articles import surrogate_keys
from articles.models import Article, ArticleEvent, Author, Edition, Section, Topic
from articles.models.edition import EditionQuerySet
from articles.syndication.public_text import absolute, body_for_everyone, for_xml, is_open_to_everyone
from newsroom.http import surrogate_keys as keys
from newsroom.http.cache_headers import public
from newsroom.http.page_cache import cached_page
from newsroom.models import Outlet

MAX_ITEMS = 20
_GAP = re.compile(r"\s*\n\s*")


@public
@cached_page
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """`/feed/`: everything."""
    return _feed(request, Edition.objects.live().newest(), keys.LATEST, title="", path=reverse("front"), about="")


@public
@cached_page
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """`/sections/<slug>/feed/`: a section's articles."""
    found = get_object_or_404(Section, slug=slug)
    editions = Edition.objects.live().filter(section=found).newest()
    key = keys.section(found.pk)
    return _feed(request, editions, key, title=found.name, path=found.get_absolute_url(), about=found.description)


@public
@cached_page
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """`/topics/<slug>/feed/`: a topic's."""
    found = get_object_or_404(Topic.objects.on_site(), slug=slug)
    editions = Edition.objects.filter(editiontopic__topic=found, editiontopic__listed_at__isnull=False)
    editions = editions.order_by("-editiontopic__listed_at", "-editiontopic__edition_id")
    key = keys.topic(found.pk)
    return _feed(request, editions, key, title=found.name, path=found.get_absolute_url(), about=found.description)


@public
@cached_page
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """`/authors/<slug>/feed/`: an author's."""
    found = get_object_or_404(Author.objects.on_site(), slug=slug)
    editions = Edition.objects.filter(editionauthor__author=found, editionauthor__listed_at__isnull=False)
    editions = editions.order_by("-editionauthor__listed_at", "-editionauthor__edition_id")
    key = keys.author(found.pk)
    return _feed(request, editions, key, title=found.name, path=found.get_absolute_url(), about=found.role)


def _feed(
    request: HttpRequest, editions: EditionQuerySet, key: str, *, title: str, path: str, about: str
) -> HttpResponse:
    outlet = Outlet.objects.get()
    name = f"{title} · {outlet.name}" if title else outlet.name
    feed = _Rss(
        title=for_xml(name),
        link=absolute(path),
        description=for_xml(about or outlet.tagline or outlet.name),
        language="en",
        feed_url=absolute("/feed/" if path == "/" else f"{path}feed/"),
        icon=absolute(static("img/icon-192.png")),
    )
    items = list(editions.with_details()[:MAX_ITEMS])
    surrogate_keys.shows_list(request, items, key)
    for edition in items:
        names = [edition.section.name, *(topic.name for topic in edition.topic_list)]
        feed.add_item(
            title=for_xml(edition.headline),
            link=absolute(edition.get_absolute_url()),
            description=for_xml(edition.standfirst),
            unique_id=_tag_uri(edition),
            unique_id_is_permalink=False,
            pubdate=edition.first_published_at,
            updateddate=edition.published_at,
            categories=[for_xml(name) for name in names],
            edition=edition,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
    changed = _last_change()
    # HTTP dates have whole seconds: no date while another article could appear in the same second.
    if changed and timezone.now() - changed > timedelta(seconds=1):
        response["Last-Modified"] = http_date(changed.timestamp())
    return response


def _last_change() -> datetime | None:
    """Return when an article was last published or withdrawn."""
    steps = ArticleEvent.objects.filter(to_status__in=(Article.Status.PUBLISHED, Article.Status.WITHDRAWN))
    return steps.order_by("-pk").values_list("at", flat=True).first()


def _tag_uri(edition: Edition) -> str:
    """Return the article's permanent id, whatever becomes of its address (RFC 4151)."""
    born = edition.first_published_at.astimezone(UTC)
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{born:%Y-%m-%d}:article-{edition.article_id}"


def content(edition: Edition) -> str:
    """Return the HTML of a feed item: photo, the text that everybody may read, corrections. Addresses are absolute."""
    context = {
        "edition": edition,
        "body": body_for_everyone(edition),
        "free": is_open_to_everyone(edition),
        "address": absolute(edition.get_absolute_url()),
    }
    html = _cleaner.clean(render_to_string("articles/feed_content.html", context))
    return for_xml(_GAP.sub("\n", html).strip())


# Feed readers show plain HTML: pictures in one size, nothing that needs our style sheet or scripts.
_cleaner = nh3.Cleaner(
    tags={
        *("a", "b", "blockquote", "br", "div", "em", "figcaption", "figure", "h2", "h3", "h4", "hr", "i", "img"),
        *("li", "ol", "p", "strong", "table", "tbody", "td", "th", "tr", "ul"),
    },
    attributes={"a": {"href"}, "img": {"src", "alt", "width", "height"}, "div": {"lang", "dir"}},
    url_schemes={"http", "https", "mailto"},
    url_relative=("rewrite_with_base", settings.SITE_URL + "/"),
    link_rel=None,
)


class _Rss(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        address, self.feed["feed_url"] = self.feed["feed_url"], None  # its own atom:link has no type
        super().add_root_elements(handler)
        handler.addQuickElement("atom:link", "", {"rel": "self", "type": "application/rss+xml", "href": address})
        handler.startElement("image", AttributesImpl({}))
        handler.addQuickElement("url", self.feed["icon"])
        handler.addQuickElement("title", self.feed["title"])
        handler.addQuickElement("link", self.feed["link"])
        handler.endElement("image")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        edition: Edition = item["edition"]
        for each in edition.byline:
            handler.addQuickElement("dc:creator", for_xml(each.name))
        handler.addQuickElement("dc:language", edition.language)
        handler.addQuickElement("content:encoded", content(edition))
        if photo := edition.lead_photo:
            attributes = {"url": absolute(photo["src"]), "medium": "image"}
            handler.startElement("media:content", AttributesImpl(attributes))
            handler.addQuickElement("media:description", for_xml(photo["alt"]), {"type": "plain"})
            handler.addQuickElement("media:credit", for_xml(photo["credit"]))
            handler.endElement("media:content")
