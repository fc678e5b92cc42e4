"""Loads the invented articles into the database, published by the demo's editor."""

from datetime import timedelta

from django.utils import timezone
from django.utils.text import slugify

from articles import models, popularity
from articles.publishing import workflow
from devtools.demo.articles import content
from devtools.demo.articles.photos import read_photo
from newsroom.models import User


def load() -> None:
    """Create sections, topics, authors, photos and articles; all are published but for one draft."""
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
    photos = _create_photos()
    now = timezone.now()
    for index, record in enumerate(sorted(content.ARTICLES, key=lambda article: -article.hours_ago)):
        article = models.Article.objects.create(
            headline=record.headline,
            slug=slugify(record.headline)[:100].strip("-") or f"report-{index}",
            standfirst=record.standfirst,
            language=record.language,
            section=sections[record.section],
            lead_photo=photos[record.photo.name] if record.photo else None,
            created_by=reporter,
        )
        for slug in record.topics:
            article.topics.add(topics[slug])
        for slug in record.authors:
            article.authors.add(authors[slug])
        for position, block in enumerate(record.blocks):
            _add_block(article, block, (position + 1) * 10, photos)
        workflow.publish(article, by=editor, at=now - timedelta(hours=record.hours_ago, minutes=index % 50))
        # Reads of this hour, a different number for each article, so that Most read is not empty.
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


def _add_block(article: models.Article, block: content.Block, ordering: int, photos: dict[str, models.Photo]) -> None:
    place = {"parent": article, "region": "body", "ordering": ordering}
    match block:
        case content.Text(html=html):
            models.Text.objects.create(content=html, **place)
        case content.PullQuote(quote=quote, attribution=attribution):
            models.PullQuote.objects.create(quote=quote, attribution=attribution, **place)
        case content.Figure(name=name, caption=caption):
            models.Figure.objects.create(photo=photos[name], caption=caption, **place)
        case content.FactBox(title=title, html=html):
            models.FactBox.objects.create(title=title, content=html, **place)
        case content.Gallery(title=title, figures=figures):
            photo_ids = [photos[figure.name].pk for figure in figures]
            models.Gallery.objects.create(title=title, photo_ids=photo_ids, **place)
        case content.Embed(url=url, title=title):
            models.Embed.objects.create(url=url, title=title, **place)
        case content.Related(headline=headline):
            models.Related.objects.create(article=models.Article.objects.get(headline=headline), **place)


def _create_photos() -> dict[str, models.Photo]:
    """Store each picture of the articles once, as an upload would be; return the photos by name."""
    pictures: list[content.Photo | content.Figure] = []
    for article in content.ARTICLES:
        pictures += [article.photo] if article.photo else []
        pictures += [block for block in article.blocks if isinstance(block, content.Figure)]
        pictures += [each for block in article.blocks if isinstance(block, content.Gallery) for each in block.figures]
    return {
        name: models.Photo.objects.create(
            image=read_photo(name), alt=picture.alt, caption=picture.caption, credit=picture.credit
        )
        for name, picture in {picture.name: picture for picture in pictures}.items()
    }
