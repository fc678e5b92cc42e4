"""Links that show a working copy to somebody without an account: a lawyer, a source. Each ends by itself."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author, Edition, PreviewLink, Topic
from articles.publishing import versions, workflow
from newsroom.accounts.staff_events import record
from newsroom.models import StaffEvent, User
from newsroom.signed_links import SignedLink

OPEN_FOR = timedelta(days=7)
RETENTION = timedelta(days=30)  # of a link's row, after its end
LINK = SignedLink(
    salt="articles.preview_link",
    rows=lambda: PreviewLink.objects.open().select_related("article__section", "article__lead_photo"),
)


def give_link(article: Article, *, by: User, for_whom: str) -> PreviewLink:
    """Make a link to the preview of an article for somebody, which ends after OPEN_FOR."""
    record(by, StaffEvent.Kind.PREVIEW_LINK, words=str(article))
    return PreviewLink.objects.create(article=article, made_by=by, for_whom=for_whom, ends_at=timezone.now() + OPEN_FOR)


def path_of(link: PreviewLink) -> str:
    """Return the path that opens the preview."""
    return reverse("preview", args=[LINK.token(link)])


def article_from_token(token: str) -> Article | None:
    """Return the article that the link shows; None if it was changed or has ended."""
    link = LINK.open(token)
    return link.article if link else None


def end_link(link: PreviewLink) -> None:
    """End one link now."""
    PreviewLink.objects.open().filter(pk=link.pk).update(ends_at=timezone.now())


def delete_old_links() -> None:
    """Delete the links that ended long ago, and for whom they were."""
    PreviewLink.objects.filter(ends_at__lt=timezone.now() - RETENTION).delete()


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
