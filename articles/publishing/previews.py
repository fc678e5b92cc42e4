"""Links that show a working copy to somebody without an account: a lawyer, a source. They expire by themselves."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author, Edition, Topic, new_preview_key
from articles.publishing import versions, workflow
from newsroom.signed_links import SignedLink

# The article's preview key is signed with it: a new key ends all links.
LINK = SignedLink(
    salt="articles.preview",
    rows=lambda: Article.objects.select_related("section", "lead_photo"),
    max_age=timedelta(days=7),
)


def preview_link(article: Article) -> str:
    """Return the path of a new link; it works for a week, or until `revoke`."""
    return reverse("preview", args=[LINK.token(article, article.preview_key)])


def article_from_token(token: str) -> Article | None:
    """Return the article that the link shows; None if the link was changed, has expired or was revoked."""
    article, key = LINK.open_with(token)
    return article if article and key == [article.preview_key] else None


def revoke(article: Article) -> None:
    """End all links given out so far."""
    article.preview_key = new_preview_key()
    Article.objects.filter(pk=article.pk).update(preview_key=article.preview_key)


def edition_of(article: Article) -> Edition:
    """Return the edition that publishing now would make, unsaved, with all that its page reads."""
    edition = workflow.build_edition(article)
    edition.number = 1
    edition.first_published_at = edition.published_at = timezone.now()
    rows = {
        "author_rows": _in_order(Author, Article.authors.through, article, "author_id"),
        "topic_rows": _in_order(Topic, Article.topics.through, article, "topic_id"),
        "correction_rows": [
            {"note": each.note, "published_at": each.published_at.isoformat()}
            for each in article.editions.corrections().order_by("published_at").only("note", "published_at")
        ],
        "more_rows": [],
    }
    for name, value in rows.items():
        setattr(edition, name, value)
    return edition


def _in_order(model: type[Author] | type[Topic], through: Any, article: Article, column: str) -> list[dict[str, str]]:
    chosen = versions.ordered_ids(through, article, column)
    found = model._default_manager.in_bulk(chosen)
    return [{"name": found[pk].name, "slug": found[pk].slug} for pk in chosen]
