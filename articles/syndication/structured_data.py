"""JSON-LD (schema.org) for search engines. It is data, which no browser runs: the page's policy allows it."""

import json
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Author, Edition, MenuLink
from articles.photos.processing import largest_jpeg
from articles.syndication.public_text import absolute, is_open_to_everyone
from newsroom.models import Channel, Outlet

# Only these could end the script element, or begin a comment in it.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def script(*things: dict[str, Any]) -> SafeString:
    """Return `<script type="application/ld+json">` with these, without empty values."""
    graph = {"@context": "https://schema.org", "@graph": [_without_empty(thing) for thing in things]}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


# Static pages known by their slug, as long as the footer links to them.
POLICIES = {"ethics": ("ethicsPolicy", "publishingPrinciples"), "corrections-policy": ("correctionsPolicy",)}


def publisher(outlet: Outlet, channels: list[Channel], footer: list[MenuLink]) -> dict[str, Any]:
    """Return the outlet. `footer`: the footer's links, some of which lead to the outlet's policies."""
    pages = [link.page for link in footer if link.page]
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#outlet"),
        "name": outlet.name,
        "url": absolute("/"),
        "logo": {"@type": "ImageObject", "url": absolute(static("img/icon-512.png")), "width": 512, "height": 512},
        "correctionsPolicy": absolute(reverse("corrections")),
        **{name: absolute(page.get_absolute_url()) for page in pages for name in POLICIES.get(page.slug, ())},
        "sameAs": [each.address for each in channels if each.address.startswith("https://")],
        "email": outlet.contact_email,
    }


def website(outlet: Outlet) -> dict[str, Any]:
    """Return the site and its search."""
    return {
        "@type": "WebSite",
        "url": absolute("/"),
        "name": outlet.name,
        "description": outlet.tagline,
        "publisher": {"@id": absolute("/#outlet")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": absolute(reverse("search")) + "?q={search_term_string}"},
            "query-input": "required name=search_term_string",
        },
    }


def news_article(edition: Edition, outlet: Outlet, channels: list[Channel], footer: list[MenuLink]) -> dict[str, Any]:
    """Return an article. `edition` was read with `for_reading()`."""
    address = absolute(edition.get_absolute_url())
    return {
        "@type": "NewsArticle",
        "@id": address,
        "mainEntityOfPage": address,
        "headline": edition.title,
        "description": edition.standfirst,
        "inLanguage": edition.language,
        "image": image(edition),
        "datePublished": edition.first_published_at.isoformat(timespec="seconds"),
        "dateModified": edition.published_at.isoformat(timespec="seconds"),
        "author": [
            {"@type": "Person", "name": each.name, "url": absolute(each.get_absolute_url())} for each in edition.byline
        ],
        "articleSection": edition.section.name,
        "keywords": [topic.name for topic in edition.topic_list],
        "isAccessibleForFree": is_open_to_everyone(edition),
        "hasPart": [] if is_open_to_everyone(edition) else [_FOR_SUPPORTERS],
        "publisher": publisher(outlet, channels, footer),
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": each.note,
                "datePublished": each.published_at.isoformat(timespec="seconds"),
            }
            for each in edition.corrections
        ],
    }


def image(edition: Edition) -> dict[str, Any]:
    """Return the lead photo at its largest, or else the drawn share image."""
    photo = edition.lead_photo
    if not photo:
        return {"@type": "ImageObject", "url": absolute(reverse("share_image", args=[edition.slug])), **_SHARE_SIZE}
    url, width = largest_jpeg(photo)
    height = round(photo["height"] * width / photo["width"])
    return {
        "@type": "ImageObject",
        "url": absolute(url),
        "width": width,
        "height": height,
        "caption": photo["caption"] or photo["alt"],
        "creditText": photo["credit"],
    }


_FOR_SUPPORTERS = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".prose"}
_SHARE_SIZE = {"width": 1200, "height": 630}


def breadcrumbs(outlet: Outlet, *steps: tuple[str, str]) -> dict[str, Any]:
    """Return the way from the front page; each step is a name and a path."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate([(outlet.name, "/"), *steps], start=1)
        ],
    }


def profile(author: Author) -> dict[str, Any]:
    """Return the page of an author."""
    address = absolute(author.get_absolute_url())
    person = {"@type": "Person", "name": author.name, "url": address}
    return {
        "@type": "ProfilePage",
        "url": address,
        "mainEntity": {**person, "jobTitle": author.role, "description": author.bio},
    }


def _without_empty(thing: Any) -> Any:
    if isinstance(thing, list):
        return [_without_empty(each) for each in thing]
    if isinstance(thing, dict):
        return {name: _without_empty(value) for name, value in thing.items() if value not in ("", [], None)}
    return thing
