"""Factories that several test modules call directly: an article, a photo, an erased person. Fixtures are in conftest.py."""

import io

from django.core.files.base import ContentFile
from django.utils.text import slugify
from PIL import Image

from articles.models import Article, Author, Photo, Section, Text, Topic
from articles.photos.processing import clean_photo
from newsroom.models import Erasure, User
from newsroom.privacy import erasure


def png() -> bytes:
    """Return a PNG file of 700 × 400 pixels."""
    file = io.BytesIO()
    Image.new("RGB", (700, 400), "teal").save(file, "PNG")
    return file.getvalue()


def make_photo() -> Photo:
    """Create a photo of 700 × 400 pixels, as the admin stores one."""
    return Photo.objects.create(
        image=clean_photo(ContentFile(png(), name="teal.png")), alt="A teal field", credit="A. Person"
    )


def make_article(section: Section, author: Author, *topics: Topic, headline: str = "Snow came early") -> Article:
    """Create a working copy with one author and one paragraph, not published."""
    article = Article.objects.create(
        headline=headline,
        slug=f"{slugify(headline)}-{Article.objects.count()}",
        standfirst="What the first snow did.",
        section=section,
    )
    article.authors.add(author)
    for topic in topics:
        article.topics.add(topic)
    Text.objects.create(parent=article, region="body", ordering=10, content="<p>The road was closed by noon.</p>")
    return article


def erase(person: User) -> None:
    """Erase a person at once, as the worker does once the erasure has been ordered."""
    erasure.order_erasure(person)
    erasure.carry_out(Erasure.objects.get(person=person))
