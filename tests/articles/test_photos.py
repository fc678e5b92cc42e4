import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from articles.models import Photo
from articles.photos import cleaned


def _file(image: Image.Image, kind: str = "JPEG", **options: object) -> ContentFile:
    stored = io.BytesIO()
    image.save(stored, kind, **options)
    return ContentFile(stored.getvalue(), name="upload")


def test_a_stored_photo_carries_no_metadata_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "A telephone"
    exif.get_ifd(0x8825)[2] = (34.0, 5.0, 0.0)  # a place
    upload = _file(Image.new("RGB", (400, 200), "red"), exif=exif, comment=b"taken by A. Source")

    stored = cleaned(upload).read()

    assert b"Exif" not in stored
    assert b"Source" not in stored
    assert Image.open(io.BytesIO(stored)).size == (200, 400)


def test_sixteen_bits_of_grey_are_scaled_not_cut_off() -> None:
    stored = cleaned(_file(Image.new("I;16", (60, 60), 32768), "PNG"))
    assert Image.open(stored).getpixel((5, 5)) == (128, 128, 128)


def test_transparent_parts_become_white() -> None:
    stored = cleaned(_file(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG"))
    assert Image.open(stored).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no photo we can read"),
        (b"#!/bin/sh\nrm -rf /\n", "no photo we can read"),
        (b"", "no photo we can read"),
        (_file(Image.effect_noise((300, 300), 80)).read()[:4000], "damaged"),
        (_file(Image.new("1", (20000, 20000)), "PNG").read(), "too many"),
        (_file(Image.new("L", (5000, 1))).read(), "too small or too narrow"),
    ],
    ids=["svg", "script", "empty", "truncated", "bomb", "line"],
)
def test_what_is_no_proper_photo_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        cleaned(ContentFile(content, name="photo.jpg"))


def test_a_file_that_is_too_large_is_refused_with_its_size() -> None:
    with pytest.raises(ValidationError, match="This file has 60 MB"):
        cleaned(ContentFile(b"\0" * 60_000_000, name="photo.jpg"))


def test_a_photo_is_sent_in_small_sizes_and_kept_by_browsers(photo: Photo, client: Client) -> None:
    assert (photo.width, photo.height) == (700, 400)
    sizes = photo.image.aspect_ratios[None]["WEBP"]
    assert sorted(sizes) == [320, 640]
    response = client.get(sizes[320].url)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    sent = Image.open(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert 310 < sent.width <= 320


@pytest.mark.parametrize("path", ["../settings.py", "photos/../../secret_key", "nothing.jpg", "page.html"])
def test_nothing_but_photos_is_served(path: str, client: Client, db: None) -> None:
    default_storage.save("page.html", ContentFile(b"<script>"))
    assert client.get(f"/media/{path}").status_code == 404
