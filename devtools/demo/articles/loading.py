"""Puts the invented content into the database, published by the demo's editor."""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify

from articles import models, popularity
from articles.publishing import workflow
from devtools.demo.articles import content
from devtools.demo.articles.jpeg import jpeg
from newsroom.models import User


def load() -> None:
    """Sections, topics, authors, photos and articles: published, but for two drafts. Called once, inside a transaction."""
    editor = User.objects.get(email="editor@example.org")
    reporter = User.objects.get(email="reporter@example.org")
    sections = {
        section.slug: models.Section.objects.create(
            slug=section.slug, name=section.name, description=section.description, position=position
        )
        for position, section in enumerate(content.SECTIONS)
    }
    topics = {t.slug: models.Topic.objects.create(slug=t.slug, name=t.name) for t in content.TOPICS}
    authors = {
        a.slug: models.Author.objects.create(slug=a.slug, name=a.name, role=a.role, bio=a.bio) for a in content.AUTHORS
    }
    photos = _photos()
    now = timezone.now()
    for index, told in enumerate(sorted(content.ARTICLES, key=lambda article: -article.hours_ago)):
        article = models.Article.objects.create(
            headline=told.headline,
            slug=slugify(told.headline)[:100].strip("-") or f"report-{index}",
            standfirst=told.standfirst,
            language=told.language,
            section=sections[told.section],
            lead_photo=photos[told.photo.scene, told.photo.seed] if told.photo else None,
            created_by=reporter,
        )
        for slug in told.topics:
            article.topics.add(topics[slug])
        for slug in told.authors:
            article.authors.add(authors[slug])
        for position, block in enumerate(told.blocks):
            _add_block(article, block, (position + 1) * 10, photos)
        workflow.publish(article, by=editor, at=now - timedelta(hours=told.hours_ago, minutes=index % 50))
        # Invented reads of this hour, other ones for each, so that there is a list of what is most read.
        hour = now.replace(minute=0, second=0, microsecond=0)
        models.Reads.objects.create(article=article, hour=hour, count=(index * 37) % 90 + 5)
    popularity.recalculate(now)
    models.Article.objects.create(
        headline="Draft: what the winter road budget leaves out",
        slug="draft-winter-road-budget",
        standfirst="An unfinished report for you to try the desk with. It is invented, like everything else here.",
        section=sections[content.SECTIONS[0].slug],
        created_by=reporter,
    )


def _add_block(
    article: models.Article, block: content.Block, ordering: int, photos: dict[tuple[str, int], models.Photo]
) -> None:
    place = {"parent": article, "region": "body", "ordering": ordering}
    match block:
        case content.Text(html=html):
            models.Text.objects.create(content=html, **place)
        case content.PullQuote(quote=quote, attribution=attribution):
            models.PullQuote.objects.create(quote=quote, attribution=attribution, **place)
        case content.Figure(scene=scene, seed=seed, caption=caption):
            models.Figure.objects.create(photo=photos[scene, seed], caption=caption, **place)
        case content.FactBox(title=title, html=html):
            models.FactBox.objects.create(title=title, content=html, **place)
        case content.Gallery(title=title, figures=figures):
            photo_ids = [photos[figure.scene, figure.seed].pk for figure in figures]
            models.Gallery.objects.create(title=title, photo_ids=photo_ids, **place)
        case content.Embed(url=url, title=title):
            models.Embed.objects.create(url=url, title=title, **place)
        case content.Related(headline=headline):
            models.Related.objects.create(article=models.Article.objects.get(headline=headline), **place)


def _photos() -> dict[tuple[str, int], models.Photo]:
    """Each drawing once, drawn on all cores."""
    wanted: dict[tuple[str, int], content.Photo | content.Figure] = {}
    for article in content.ARTICLES:
        pictures = [article.photo, *(block for block in article.blocks if isinstance(block, content.Figure))]
        pictures += [each for block in article.blocks if isinstance(block, content.Gallery) for each in block.figures]
        wanted |= {(picture.scene, picture.seed): picture for picture in pictures if picture}
    photos = {}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for (key, picture), drawn in zip(wanted.items(), pool.map(jpeg, wanted), strict=True):
            photos[key] = models.Photo.objects.create(
                image=ContentFile(drawn, name="drawing.jpg"),
                alt=picture.alt,
                caption=picture.caption,
                credit=picture.credit,
            )
    return photos
