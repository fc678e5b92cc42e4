"""Versions of an article: saved at each save and each edition, and restored."""

from datetime import datetime, timedelta
from typing import Any, TypedDict

from content_editor.contents import contents_for_item
from django.db import models, transaction

from articles.models import BLOCKS, Article, Author, Block, Edition, Photo, Section, Topic, Version, from_source
from newsroom.models import User

RETENTION = timedelta(days=30)  # of versions that were not published


class Source(TypedDict):
    """A working copy as JSON. Rows are named by their pk; `blocks` are as `Block.source` returns them."""

    headline: str
    search_headline: str
    standfirst: str
    slug: str
    language: str
    supporters_first: int
    section: int
    topics: list[int]
    authors: list[int]
    lead_photo: int | None
    blocks: list[dict[str, Any]]


SIMPLE_FIELDS = ("headline", "search_headline", "standfirst", "language", "supporters_first")


def source_of(article: Article) -> Source:
    """Return the working copy as it is saved now."""
    return {
        "headline": article.headline,
        "search_headline": article.search_headline,
        "standfirst": article.standfirst,
        "slug": article.slug,
        "language": article.language,
        "supporters_first": article.supporters_first,
        "section": article.section_id,
        "topics": ordered_ids(Article.topics.through, article, "topic_id"),
        "authors": ordered_ids(Article.authors.through, article, "author_id"),
        "lead_photo": article.lead_photo_id,
        "blocks": [block.source() for block in blocks_of(article)],
    }


def blocks_of(article: Article) -> list[Block]:
    """Return the body's blocks, from first to last."""
    return list(contents_for_item(article, BLOCKS).body)


def ordered_ids(through: type[models.Model], article: Article, column: str) -> list[int]:
    """Return the ids of `column` in the order in which they were chosen."""
    return list(through._default_manager.filter(article=article).order_by("pk").values_list(column, flat=True))


def save_version(article: Article, *, by: User | None, edition: Edition | None = None) -> None:
    """Save the working copy as a version, unless it equals the last one."""
    source = source_of(article)
    last = article.versions.first()
    if edition is None and last is not None and last.source == source:
        return
    if edition is not None and last is not None and last.edition_id is None and last.source == source:
        last.delete()  # saved and then published unchanged: one version, the edition's
    Version.objects.create(article=article, edition=edition, saved_by=by, source=source)


@transaction.atomic
def restore(version: Version, *, by: User) -> list[str]:
    """Put this version in place of the working copy, except for the address; readers see nothing of it yet.

    Saves the present working copy as a version first. Returns what could not be restored, in the editor's words.
    """
    article = Article.objects.select_for_update().get(pk=version.article_id)
    save_version(article, by=by)
    source: Source = version.source
    missing = []
    for name in SIMPLE_FIELDS:
        setattr(article, name, version.source[name])
    if Section.objects.filter(pk=source["section"]).exists():
        article.section_id = source["section"]
    article.lead_photo = Photo.objects.filter(pk=source["lead_photo"] or 0).first()
    if article.lead_photo is None and source["lead_photo"] is not None:
        missing.append("The lead photo is no longer in the library.")
    article.save()
    article.topics.set(_existing(Topic, source["topics"]), clear=True)
    article.authors.set(_existing(Author, source["authors"]), clear=True)
    for kind in BLOCKS:
        kind._default_manager.filter(parent=article).delete()
    for position, written in enumerate(source["blocks"], start=1):
        block = from_source(written)
        gone = [
            field.verbose_name
            for field in block._meta.concrete_fields
            if field.name != "parent" and field.is_relation and _is_gone(block, field)
        ]
        if gone:
            missing.append(f"The {block._meta.verbose_name} at place {position}: its {gone[0]} is gone.")
            continue
        lost = len(set(written.get("photo_ids", [])) - set(Photo.objects.in_bulk(written.get("photo_ids", []))))
        if lost:
            are = "is" if lost == 1 else "are"
            missing.append(f"The gallery at place {position}: {lost} of its photos {are} gone.")
        block.parent, block.region, block.ordering = article, "body", position * 10
        block.save(force_insert=True)
    save_version(article, by=by)
    return missing


def delete_unpublished(article: Article) -> int:
    """Delete all versions that were not published, and return how many. The working copy stays."""
    count, _ = article.versions.filter(edition=None).delete()
    return count


def delete_expired(now: datetime) -> None:
    Version.objects.filter(edition=None, saved_at__lt=now - RETENTION).delete()


def _existing(model: type[models.Model], ids: list[int]) -> list[Any]:
    found = model._default_manager.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _is_gone(block: Block, field: Any) -> bool:
    pk = getattr(block, field.attname)
    return pk is not None and not field.related_model._default_manager.filter(pk=pk).exists()
