"""Photos: what is accepted, what is taken out of them, and in which sizes they are sent."""

import io
import secrets
import warnings
from contextlib import suppress
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

LARGEST_FILE = 25_000_000  # bytes
LARGEST_PIXELS = 60_000_000
SMALLEST_EDGE = 50
KEPT_EDGE = 2560  # pixels: enough for print across a page, and small enough to keep
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")


class Rendered(TypedDict):
    """A photo as an edition keeps it: everything that a page needs to show it, so that no further row is read."""

    src: str
    webp: str  # a srcset
    jpeg: str  # a srcset
    width: int
    height: int
    alt: str
    caption: str
    credit: str


def cleaned(upload: File, *, edge: int = KEPT_EDGE) -> ContentFile:
    """A JPEG of the uploaded photo, upright, at most `edge` pixels wide or high, and without a trace of where, when,
    with what and by whom it was taken. The upload itself is never stored. Raises ValidationError in the editor's words.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(
            f"This file has {upload.size // 1_000_000} MB. Photos may have up to {LARGEST_FILE // 1_000_000} MB."
        )
    try:
        upload.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
        if image.width * image.height > LARGEST_PIXELS:
            raise ValidationError(
                f"This photo has {image.width} × {image.height} pixels, which is too many. Make it smaller."
            )
        if min(image.size) < SMALLEST_EDGE or max(image.size) > 12 * min(image.size):
            raise ValidationError(f"This picture of {image.width} × {image.height} pixels is too small or too narrow.")
        image.load()
    except UnidentifiedImageError:
        raise ValidationError("This file is no photo we can read. Please use JPEG, PNG, WebP or AVIF.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError("This photo has far too many pixels to be opened safely.") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise ValidationError(
            "This photo is damaged: the file ends too early or is broken. Please upload it again."
        ) from None
    picture = ImageOps.exif_transpose(image)
    if picture.mode.startswith("I"):  # 16 bits of grey, which would be cut off, not scaled
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if profile := image.info.get("icc_profile"):  # a telephone's wider colours, as the screens of others show them
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = converted or picture
    picture.thumbnail((edge, edge))
    stored = io.BytesIO()
    # A new image, so that nothing of the old file's metadata, comments or profiles is carried over; white where the old
    # one was transparent.
    clean = Image.new("RGB", picture.size, "white")
    opaque = picture.convert("RGBA")
    clean.paste(opaque, mask=opaque)
    clean.save(stored, "JPEG", quality=88, optimize=True)
    return ContentFile(stored.getvalue(), name="photo.jpg")


def stored_name(photo: Any, filename: str) -> str:
    """A name that says nothing of the file it came from, and that is used once."""
    return f"photos/{secrets.token_hex(10)}.jpg"


def rendered(photo: Any, *, caption: str = "") -> Rendered:
    """What an edition keeps of an `articles.models.Photo`; `caption` replaces the photo's own."""
    image = photo.image
    sources = image.aspect_ratios[None]
    jpegs = sources["JPEG"]
    fallback = jpegs[min(jpegs, key=lambda width: abs(width - 960))] if jpegs else None
    return {
        "src": fallback.url if fallback else image.url,
        "webp": _srcset(sources["WEBP"]),
        "jpeg": _srcset(jpegs),
        "width": photo.width,
        "height": photo.height,
        "alt": photo.alt,
        "caption": caption or photo.caption,
        "credit": photo.credit,
    }


def _srcset(pictures: dict[int, Any]) -> str:
    return ", ".join(f"{picture.url} {width}w" for width, picture in sorted(pictures.items()))
