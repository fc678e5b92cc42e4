"""From the working copy to what readers see: the one place where an article's status and its live edition change."""

from datetime import datetime

from content_editor.contents import contents_for_item
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from articles import html
from articles.models import BLOCKS, Article, Edition, EditionAuthor, EditionTopic
from articles.photos import rendered
from newsroom.models import User


def obstacles(article: Article) -> list[str]:
    """What stands in the way of publishing, in the editor's words; empty if nothing does."""
    found = []
    if not article.authors.exists():
        found.append("Name at least one author.")
    if not html.as_text(render_body(article)):
        found.append("The body has no text yet.")
    return found


@transaction.atomic
def publish(article: Article, *, by: User | None, at: datetime | None = None) -> Edition:
    """Freeze the working copy as saved into the next edition, and make that the one readers see.

    `at`: when it appeared, if not now. Raises ValidationError with what stands in the way. Two editors who publish at
    once make two editions, one after the other: the row lock orders them.
    """
    article = Article.objects.select_for_update(of=["self"]).select_related("section", "lead_photo").get(pk=article.pk)
    if found := obstacles(article):
        raise ValidationError(found)
    body = render_body(article)
    now = at or timezone.now()
    former = article.editions.order_by("-number").first()
    first_published_at = former.first_published_at if former else now
    _unlist(article)
    edition = Edition.objects.create(
        article=article,
        number=former.number + 1 if former else 1,
        headline=article.headline,
        standfirst=article.standfirst,
        language=article.language,
        section=article.section,
        lead_photo=rendered(article.lead_photo) if article.lead_photo else None,
        body=body,
        text=html.as_text(body),
        first_published_at=first_published_at,
        published_at=now,
        published_by=by,
    )
    EditionTopic.objects.bulk_create(
        EditionTopic(edition=edition, topic_id=topic, position=position, listed_at=first_published_at)
        for position, topic in enumerate(_in_order(Article.topics.through, article, "topic_id"))
    )
    EditionAuthor.objects.bulk_create(
        EditionAuthor(edition=edition, author_id=author, position=position, listed_at=first_published_at)
        for position, author in enumerate(_in_order(Article.authors.through, article, "author_id"))
    )
    Article.objects.filter(pk=article.pk).update(status=Article.Status.PUBLISHED)
    return edition


def render_body(article: Article) -> str:
    """The body's blocks as one piece of HTML."""
    blocks = contents_for_item(article, BLOCKS).body
    return "".join(
        render_to_string(f"articles/blocks/{block._meta.model_name}.html", block.context()).strip() + "\n"
        for block in blocks
    )


def _unlist(article: Article) -> None:
    Edition.objects.filter(article=article, live=True).update(live=False)
    for placement in (EditionTopic, EditionAuthor):
        placement.objects.filter(edition__article=article, listed_at__isnull=False).update(listed_at=None)


def _in_order(through: type[models.Model], article: Article, column: str) -> list[int]:
    """The ids in the order in which they were chosen."""
    return list(through._default_manager.filter(article=article).order_by("pk").values_list(column, flat=True))
