"""Links that show a working copy to somebody without an account: a lawyer, a source. They end by themselves."""

from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author, Edition, Topic, new_preview_key
from articles.publishing import versions, workflow

ENDS_AFTER = 7 * 24 * 3600  # seconds
SALT = "articles.preview"


def preview_link(article: Article) -> str:
    """The path of a new link; good for a week, or until `revoke`."""
    return reverse("preview", args=[signing.dumps([article.pk, article.preview_key], salt=SALT)])


def opened(token: str) -> Article | None:
    """The article that the link shows; None if it was changed, has ended, or was revoked."""
    try:
        pk, key = signing.loads(token, salt=SALT, max_age=ENDS_AFTER)
    except signing.BadSignature:
        return None
    return Article.objects.select_related("section", "lead_photo").filter(pk=pk, preview_key=key).first()


def revoke(article: Article) -> None:
    """End all links given out so far."""
    article.preview_key = new_preview_key()
    Article.objects.filter(pk=article.pk).update(preview_key=article.preview_key)


def edition_of(article: Article) -> Edition:
    """The edition that publishing now would make, with all that its page reads."""
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
