"""The demo's pictures: drawings under devtools/demo/photos/, drawn once by a program and kept as WebP."""

from pathlib import Path

from django.core.files.base import ContentFile

from articles.photos.processing import clean_photo

FOLDER = Path(__file__).parents[1] / "photos"


def read_photo(name: str) -> ContentFile:
    """Return the picture `name` as the site stores an upload."""
    return clean_photo(ContentFile((FOLDER / f"{name}.webp").read_bytes()))
