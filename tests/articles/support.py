"""What several test modules need of the admin: a signed-in client, and what the article's form sends."""

from typing import Any

from django.test import Client

from articles.models import BLOCKS, Article, Author, Section
from newsroom.models import User

PREFIXES = [f"articles_{kind._meta.model_name}_set" for kind in BLOCKS]


def signed_in(user: User) -> Client:
    """Return a client that is signed in as this person."""
    client = Client()
    client.force_login(user)
    return client


def new_form(section: Section, author: Author, **changes: Any) -> dict[str, Any]:
    """Return what the form of a new article sends, with one text block."""
    form: dict[str, Any] = {
        "headline": "A bridge is mended",
        "slug": "a-bridge-is-mended",
        "standfirst": "After two winters.",
        "language": "en",
        "supporters_first": 0,
        "section": section.pk,
        "authors": [author.pk],
    }
    for prefix in PREFIXES:
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    form |= {
        "articles_text_set-TOTAL_FORMS": 1,
        "articles_text_set-0-content": "<p>The planks are new.</p>",
        "articles_text_set-0-region": "body",
        "articles_text_set-0-ordering": 10,
    }
    return form | changes


def saved_form(article: Article, **changes: Any) -> dict[str, Any]:
    """Return what the form of this article sends if it is saved with nothing but these changes."""
    form: dict[str, Any] = {
        "headline": article.headline,
        "slug": article.slug,
        "standfirst": article.standfirst,
        "language": article.language,
        "section": article.section_id,
        "topics": [topic.pk for topic in article.topics.all()],
        "authors": [author.pk for author in article.authors.all()],
        "lead_photo": article.lead_photo_id or "",
        "search_headline": article.search_headline,
        "supporters_first": article.supporters_first,
        "status_seen": article.status,
        "kind": "update",
    }
    for prefix in PREFIXES:
        blocks = list(getattr(article, prefix).all())
        form |= {f"{prefix}-TOTAL_FORMS": len(blocks), f"{prefix}-INITIAL_FORMS": len(blocks)}
        for number, block in enumerate(blocks):
            values = {field.attname: getattr(block, field.attname) for field in block._meta.concrete_fields}
            values |= {"id": block.pk, "parent": article.pk, "photo": values.get("photo_id", "")}
            form |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return form | changes
