"""Template tags for a page's head: what search engines, social networks and feed readers look for."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from articles.models import Author, Edition, Section, Topic
from articles.syndication import structured_data

register = template.Library()


@register.inclusion_tag("articles/article_meta.html", takes_context=True)
def article_head(context: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Render the description, canonical address, share card and JSON-LD of an article."""
    site_chrome = context["site_chrome"]
    outlet = site_chrome["outlet"]
    section = edition.section
    data = structured_data.script(
        structured_data.news_article(edition, outlet, site_chrome["channels"], site_chrome["footer"]),
        structured_data.breadcrumbs(
            outlet, (section.name, section.get_absolute_url()), (edition.headline, edition.get_absolute_url())
        ),
    )
    image = structured_data.image(edition)
    return {"edition": edition, "outlet": outlet, "image": image, "site_url": context["site_url"], "data": data}


@register.simple_tag(takes_context=True)
def front_data(context: dict[str, Any]) -> SafeString:
    """Return the JSON-LD of the front page."""
    site_chrome = context["site_chrome"]
    publisher = structured_data.publisher(site_chrome["outlet"], site_chrome["channels"], site_chrome["footer"])
    return structured_data.script(publisher, structured_data.website(site_chrome["outlet"]))


@register.inclusion_tag("articles/article_list_meta.html", takes_context=True)
def list_head(context: dict[str, Any], of: Section | Topic | Author) -> dict[str, Any]:
    """Render the description, canonical address, feed and JSON-LD of a section's, topic's or author's list."""
    outlet = context["site_chrome"]["outlet"]
    things = [structured_data.breadcrumbs(outlet, (of.name, of.get_absolute_url()))]
    if isinstance(of, Author):
        things.append(structured_data.profile(of))
    description = (of.bio or of.role) if isinstance(of, Author) else of.description
    data = structured_data.script(*things)
    return {"of": of, "description": description, "site_url": context["site_url"], "outlet": outlet, "data": data}


@register.simple_tag
def newest_reports(count: int) -> list[Edition]:
    """Return the newest editions, for pages without articles of their own."""
    return list(Edition.objects.live().newest().for_cards()[:count])
