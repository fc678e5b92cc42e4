import io
import random
import re
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.test import Client
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from procrastinate.contrib.django.models import ProcrastinateJob

from articles.models import Article, Figure, Photo
from articles.photos.processing import FORMATS, clean_photo, rendered_photo
from articles.publishing import workflow
from articles.tasks import render_avif
from newsroom.paths import BASE_DIR
from tests.factories import make_photo


def _file(image: Image.Image, kind: str = "JPEG", **options: object) -> ContentFile:
    stored = io.BytesIO()
    image.save(stored, kind, **options)
    return ContentFile(stored.getvalue(), name="upload")


SECRET = b"Source at 34.083N"


def _photographed(kind: str) -> ContentFile:
    """A red picture of 400 × 200 pixels, taken with the camera turned, that tells of its place in all the ways it can."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (34.0, 5.0, 0.0)  # a place
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + SECRET
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SECRET
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile}
    if kind == "PNG":
        text = PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = text
    elif kind == "JPEG":
        options |= {"comment": SECRET, "xmp": xmp}
    else:
        options["xmp"] = xmp
    upload = _file(Image.new("RGB", (400, 200), "red"), kind, **options)
    if kind == "JPEG":  # the thumbnail that a camera puts in, and a Photoshop block with its words
        irb = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(SECRET).to_bytes(4, "big") + SECRET
        whole = upload.read()
        segment = b"\xff\xed" + (len(irb) + 2).to_bytes(2, "big") + irb
        upload = ContentFile(whole[:2] + segment + whole[2:] + _file(Image.new("RGB", (60, 60))).read() + SECRET)
    return upload


@pytest.mark.parametrize("kind", FORMATS)
def test_no_file_that_is_stored_tells_where_or_by_whom_it_was_taken(kind: str, db: None) -> None:
    upload = _photographed(kind)
    assert SECRET in upload.read(), "the test's own photo must have something to hide"

    photo = Photo.objects.create(image=clean_photo(upload))
    render_avif(photo.image.name)

    assert (photo.width, photo.height) == (200, 400)
    files = [photo.image.name, *(picture.name for picture in photo.image.get_picture_files_list())]
    for name in files:
        with default_storage.open(name) as file:
            stored = file.read()
        told = Image.open(io.BytesIO(stored))
        assert not dict(told.getexif()), name
        assert not {"icc_profile", "xmp", "comment", "XML:com.adobe.xmp", "photoshop"} & set(told.info), name
        for mark in (SECRET, b"Exif", b"GPS", b"xmpmeta", b"ICC_PROFILE", b"8BIM"):
            assert mark not in stored, name


def test_a_photo_of_each_format_stands_upright_with_its_colours() -> None:
    for kind in FORMATS:
        stored = Image.open(clean_photo(_photographed(kind)))
        assert stored.size == (200, 400)
        red, green, blue = stored.getpixel((100, 200))  # type: ignore[misc]
        assert red > 240 > 20 > max(green, blue), kind


def test_a_photo_larger_than_what_is_kept_is_made_smaller() -> None:
    stored = Image.open(clean_photo(_file(Image.new("RGB", (6000, 4000)))))
    assert stored.size == (2560, 1707)


def test_sixteen_bits_of_grey_are_scaled_not_cut_off() -> None:
    stored = clean_photo(_file(Image.new("I;16", (60, 60), 32768), "PNG"))
    assert Image.open(stored).getpixel((5, 5)) == (128, 128, 128)


def test_transparent_parts_become_white() -> None:
    stored = clean_photo(_file(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG"))
    assert Image.open(stored).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "an SVG drawing"),
        (b"#!/bin/sh\nrm -rf /\n", "no photo, whatever its name says"),
        (b"", "is empty"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "an HEIC photo"),
        (_file(Image.new("P", (60, 60)), "GIF").read(), "of a kind we do not take"),
        (_file(Image.effect_noise((300, 300), 80)).read()[:4000], "damaged"),
        (_file(Image.effect_noise((300, 300), 80), "PNG").read()[:4000], "damaged"),
        (_file(Image.effect_noise((300, 300), 80), "WEBP").read()[:4000], "damaged"),
        (_file(Image.new("1", (20000, 20000)), "PNG").read(), "far too many"),
        (_file(Image.new("L", (10000, 7000)), "PNG").read(), "10000 × 7000 pixels, which is too many"),
        (_file(Image.new("L", (5000, 1))).read(), "too small or too narrow"),
    ],
    ids=["svg", "script", "empty", "heic", "gif", "cut-jpeg", "cut-png", "cut-webp", "bomb", "large", "line"],
)
def test_what_is_no_proper_photo_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        clean_photo(ContentFile(content, name="photo.jpg"))


@pytest.mark.parametrize("kind", FORMATS)
def test_whatever_is_broken_in_a_file_is_said_in_words(kind: str) -> None:
    """Of the libraries that decode photos, each raises errors of its own."""
    whole = _file(Image.effect_noise((200, 200), 80).convert("RGB"), kind).read()
    chance = random.Random(kind)
    refused: Counter[str] = Counter()
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.choice((1, 20, 200))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            clean_photo(ContentFile(bytes(broken), name="photo.jpg"))
        except ValidationError as error:
            refused.update(error.messages)
    assert refused.total() > 10
    assert [words for words in refused if not re.search("damaged|kind we|no photo|too many|too small", words)] == []


def test_a_file_that_is_too_large_is_refused_with_its_size() -> None:
    with pytest.raises(ValidationError, match="This file has 60 MB"):
        clean_photo(ContentFile(b"\0" * 60_000_000, name="photo.jpg"))


def test_a_photo_is_sent_in_small_sizes_and_kept_by_browsers(photo: Photo, client: Client) -> None:
    assert (photo.width, photo.height) == (700, 400)
    sizes = photo.image.aspect_ratios[None]["WEBP"]
    assert sorted(sizes) == [320, 640]
    response = client.get(sizes[320].url)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    assert "Last-Modified" not in response  # when it was uploaded
    for since in ("Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"):
        again = client.get(sizes[320].url, headers={"If-Modified-Since": since})
        assert b"".join(again.streaming_content)  # type: ignore[attr-defined]
    sent = Image.open(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert 310 < sent.width <= 320


@pytest.mark.parametrize("path", ["../settings.py", "photos/../../secret_key", "nothing.jpg", "page.html"])
def test_nothing_but_photos_is_served(path: str, client: Client, db: None) -> None:
    default_storage.save("page.html", ContentFile(b"<script>"))
    assert client.get(f"/media/{path}").status_code == 404


def test_avif_is_made_by_the_worker_and_used_once_it_is_there(photo: Photo, draft: Article, client: Client) -> None:
    """Never does a page name a file that is not there."""
    draft.lead_photo = photo
    draft.save()
    early = workflow.publish(draft, by=None)
    assert early.lead_photo
    assert not early.lead_photo["avif"]
    assert not default_storage.exists(photo.image.aspect_ratios[None]["AVIF"][320].name)

    job = ProcrastinateJob.objects.get(task_name="articles.tasks.render_avif", args={"image": photo.image.name})
    render_avif(**job.args)
    workflow.publish(draft, by=None)

    page = client.get(f"/articles/{draft.slug}/").content.decode()
    assert page.index("image/avif") < page.index("image/webp")
    named = re.findall(r"/media/[^ \",]+", page)
    assert {name.rpartition(".")[2] for name in named} == {"avif", "webp", "jpeg"}
    for name in named:
        response = client.get(name)
        assert b"".join(response.streaming_content), name  # type: ignore[attr-defined]


def test_another_file_for_the_same_photo_has_no_avif_before_it_is_made(photo: Photo) -> None:
    render_avif(photo.image.name)
    photo.refresh_from_db()
    assert photo.has_avif

    photo.image = clean_photo(_file(Image.new("RGB", (500, 400), "plum")))
    photo.save()

    photo.refresh_from_db()
    assert not photo.has_avif
    assert not rendered_photo(photo)["avif"]


def test_a_photo_that_is_gone_is_no_error_to_the_worker(db: None) -> None:
    render_avif("photos/gone.jpg")


@pytest.mark.parametrize("place", ["lead", "figure"])
@pytest.mark.parametrize(("words", "said"), [({"alt": ""}, "no alt text"), ({"credit": " "}, "no credit")])
def test_a_photo_without_alt_text_or_credit_is_not_published(
    place: str, words: dict[str, str], said: str, photo: Photo, draft: Article
) -> None:
    Photo.objects.update(**words)
    if place == "lead":
        draft.lead_photo = Photo.objects.get()
        draft.save()
    else:
        Figure.objects.create(parent=draft, region="body", ordering=20, photo=photo)

    with pytest.raises(ValidationError, match=said):
        workflow.publish(draft, by=None)

    Photo.objects.update(alt="A field", credit="A. Person")
    workflow.publish(Article.objects.get(), by=None)


def test_the_focal_point_reaches_the_cards(photo: Photo, draft: Article, client: Client) -> None:
    photo.focus_x, photo.focus_y = 8, 100
    photo.save()
    draft.lead_photo = photo
    draft.save()
    workflow.publish(draft, by=None)

    assert '<img class="focus-x-1 focus-y-10" ' in client.get("/").content.decode()
    styles = (BASE_DIR / "static/css/site.css").read_text()
    for tenth in {*range(11)} - {5}:
        assert f".focus-x-{tenth} {{ --focus-x: {tenth * 10}%; }}" in styles
        assert f".focus-y-{tenth} {{ --focus-y: {tenth * 10}%; }}" in styles


def test_a_focal_point_in_the_middle_needs_no_class(photo: Photo) -> None:
    assert photo.focus == ""


def test_no_focal_point_lies_outside(photo: Photo) -> None:
    photo.focus_x = 101
    with pytest.raises(ValidationError):
        photo.full_clean()
    with pytest.raises(IntegrityError):
        photo.save()


def test_photos_that_want_words_are_found(photo: Photo) -> None:
    wanting = make_photo()
    Photo.objects.filter(pk=wanting.pk).update(credit="")
    assert list(Photo.objects.wanting_words()) == [wanting]


def test_mail_does_not_wait_for_pictures(photo: Photo) -> None:
    """A hundred uploads keep the worker busy for minutes; whoever confirms an address sits and waits."""
    (job,) = ProcrastinateJob.objects.filter(task_name="articles.tasks.render_avif")
    assert job.priority < 0
