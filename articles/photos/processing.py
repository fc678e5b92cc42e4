"""Processes photos: accepts or refuses a file, removes its metadata (EXIF), and makes the renditions."""

import io
import secrets
import warnings
from contextlib import suppress
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from pictures.models import PictureFieldFile, PillowPicture
from pictures.tasks import process_picture
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from procrastinate.contrib.django import app

MAX_FILE_SIZE = 25_000_000  # bytes
MAX_PIXELS = 60_000_000
MIN_EDGE = 50
STORED_EDGE = 2560  # pixels: enough for print across a page, and small enough to store
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif"  # iPhones send a JPEG where HEIC is not asked for
TOO_LARGE = f"This file has {{}} MB. Photos may have up to {MAX_FILE_SIZE // 1_000_000} MB: save a smaller copy."
RENDER_AVIF = "articles.tasks.render_avif"  # by name, as articles.tasks imports this module
LOW_PRIORITY = -10  # a mail must not wait for a hundred pictures
# Of about equal quality. With the library's defaults AVIF is larger than WebP, and ten times as slow.
QUALITY: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 80, "optimize": True, "progressive": True},
    "WEBP": {"quality": 80},
    "AVIF": {"quality": 55, "speed": 8},
}


class Rendered(TypedDict):
    """A photo as an edition stores it: all that a page needs to show it, without reading another row."""

    src: str
    avif: str  # a srcset; empty if the worker had not yet made it when the edition was published
    webp: str  # a srcset
    jpeg: str  # a srcset
    width: int
    height: int
    focus: str  # classes, for where the photo is cropped
    alt: str
    caption: str
    credit: str


def clean_photo(upload: File, *, edge: int = STORED_EDGE) -> ContentFile:
    """Return a JPEG of the photo, upright, at most `edge` pixels wide or high, and without metadata.

    Place, time, camera and name (EXIF) are gone, and the upload itself is never stored. Raises ValidationError in the
    editor's words.
    """
    try:
        return _cleaned(upload, edge)
    except ValidationError:
        raise
    except Exception:  # Pillow and the libraries behind it raise all kinds for a file that is broken or unusual
        raise ValidationError(
            "This photo is damaged, or of a kind we cannot read. Please upload it again, or save it as a JPEG."
        ) from None


def _cleaned(upload: File, edge: int) -> ContentFile:
    image = _open(upload)
    if image.mode.startswith("I"):  # 16 bits of grey, which would be cut off, not scaled
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode not in ("RGB", "L", "CMYK"):
        image = image.convert("RGBA")  # also lets a palette's colours be mixed as it gets smaller
    image.thumbnail((edge, edge))
    picture = ImageOps.exif_transpose(image)
    if profile := image.info.get("icc_profile"):  # a telephone's wider colours, as the screens of others show them
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            picture = converted or picture
    stored = io.BytesIO()
    # A new image, so that no metadata (EXIF), comment or profile is carried over; white where the old was transparent.
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(picture.convert("RGB"), mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    clean.save(stored, "JPEG", quality=88, optimize=True)
    return ContentFile(stored.getvalue(), name="photo.jpg")


def _open(upload: File) -> Image.Image:
    """Return the decoded picture. Raises ValidationError if it is none that is accepted."""
    if upload.size > MAX_FILE_SIZE:
        raise ValidationError(TOO_LARGE.format(upload.size // 1_000_000))
    try:
        upload.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise ValidationError(
                f"This photo has {image.width} × {image.height} pixels, which is too many to be opened safely. "
                "Make it smaller."
            )
        if min(image.size) < MIN_EDGE or max(image.size) > 12 * min(image.size):
            raise ValidationError(f"This picture of {image.width} × {image.height} pixels is too small or too narrow.")
        image.draft(None, (STORED_EDGE, STORED_EDGE))  # a JPEG far larger than what is kept is not read in full
        image.load()
    except UnidentifiedImageError:
        raise ValidationError(_why_not(upload)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError("This photo has far too many pixels to be opened safely. Make it smaller.") from None
    return image


def _why_not(upload: File) -> str:
    """Return why a file is none of FORMATS, judged by its first bytes, and what to do about it."""
    upload.seek(0)
    start = upload.read(1000)
    if not start:
        return "This file is empty. Please choose the photo again."
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"):
        return "This is an HEIC photo, as iPhones keep them. Please save it as JPEG, and upload that."
    if b"<svg" in start.lower():
        return "This is an SVG drawing, which may hold a program. Please save it as PNG, and upload that."
    if start.startswith((b"GIF8", b"II*\0", b"MM\0*", b"BM")):
        return "This is a picture of a kind we do not take. Please save it as JPEG, PNG, WebP or AVIF."
    return "This file is no photo, whatever its name says. Please use JPEG, PNG, WebP or AVIF."


def stored_name(photo: Any, filename: str) -> str:
    """Return a random name, which reveals nothing of the uploaded file."""
    return f"photos/{secrets.token_hex(10)}.jpg"


class Rendition(PillowPicture):  # type: ignore[misc]
    """One size of a stored photo in one format (`PICTURES["PICTURE_CLASS"]`)."""

    def save(self, image: Image.Image) -> None:
        file = io.BytesIO()
        self.resize(image.convert("RGB")).save(file, self.file_type, **QUALITY[self.file_type])
        self.storage.delete(self.name)
        self.storage.save(self.name, ContentFile(file.getvalue()))


def process_renditions(*, file_name: str, new: list[Any] | None = None, **options: Any) -> None:
    """Make JPEG and WebP at once; the worker makes AVIF, which takes seconds (`PICTURES["PROCESSOR"]`)."""
    at_once = [picture for picture in new or [] if picture[1][1] != "AVIF"]
    process_picture(file_name=file_name, new=at_once, **options)
    if new:
        app.configure_task(RENDER_AVIF, priority=LOW_PRIORITY).defer(image=file_name)


def render_avif(image: PictureFieldFile) -> None:
    """Make the AVIF renditions of a stored photo."""
    pictures = image.aspect_ratios[None]["AVIF"].values()
    new = [picture.deconstruct() for picture in pictures]
    process_picture(storage=image.storage.deconstruct(), file_name=image.name, sender=image.sender, new=new)


def rendered_photo(photo: Any, *, caption: str = "") -> Rendered:
    """Return what an edition stores of an `articles.models.Photo`; `caption` replaces the photo's own."""
    image = photo.image
    sources = image.aspect_ratios[None]
    jpegs = sources["JPEG"]
    fallback = jpegs[min(jpegs, key=lambda width: abs(width - 960))] if jpegs else None
    return {
        "src": fallback.url if fallback else image.url,
        "avif": _srcset(sources["AVIF"]) if photo.has_avif else "",
        "webp": _srcset(sources["WEBP"]),
        "jpeg": _srcset(jpegs),
        "width": photo.width,
        "height": photo.height,
        "focus": photo.focus,
        "alt": photo.alt,
        "caption": caption or photo.caption,
        "credit": photo.credit,
    }


def largest_jpeg(photo: Rendered) -> tuple[str, int]:
    """Return the URL of the widest JPEG, and its width in pixels."""
    if not photo["jpeg"]:
        return photo["src"], photo["width"]
    address, width = photo["jpeg"].split(", ")[-1].rsplit(" ", 1)
    return address, int(width.removesuffix("w"))


def _srcset(pictures: dict[int, Any]) -> str:
    return ", ".join(f"{picture.url} {width}w" for width, picture in sorted(pictures.items()))
