"""What stands in a page's head for search engines, social networks and readers of feeds."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from articles import structured_data
from articles.models import Author, Edition, Section, Topic

register = template.Library()


@register.inclusion_tag("articles/head.html", takes_context=True)
def article_head(context: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Description, canonical address, cards for sharing and JSON-LD of an article."""
    outlet = context["furniture"]["outlet"]
    section = edition.section
    data = structured_data.script(
        structured_data.news_article(edition, outlet, context["furniture"]["channels"]),
        structured_data.breadcrumbs(
            outlet, (section.name, section.get_absolute_url()), (edition.headline, edition.get_absolute_url())
        ),
    )
    image = structured_data.image(edition)
    return {"edition": edition, "outlet": outlet, "image": image, "site_url": context["site_url"], "data": data}


@register.simple_tag(takes_context=True)
def front_data(context: dict[str, Any]) -> SafeString:
    """JSON-LD of the front page."""
    outlet, channels = context["furniture"]["outlet"], context["furniture"]["channels"]
    return structured_data.script(structured_data.publisher(outlet, channels), structured_data.website(outlet))


@register.inclusion_tag("articles/list_head.html", takes_context=True)
def list_head(context: dict[str, Any], of: Section | Topic | Author) -> dict[str, Any]:
    """Description, canonical address, feed and JSON-LD of a section's, topic's or author's list."""
    outlet = context["furniture"]["outlet"]
    things = [structured_data.breadcrumbs(outlet, (of.name, of.get_absolute_url()))]
    if isinstance(of, Author):
        things.append(structured_data.profile(of))
    description = (of.bio or of.role) if isinstance(of, Author) else of.description
    data = structured_data.script(*things)
    return {"of": of, "description": description, "site_url": context["site_url"], "outlet": outlet, "data": data}
