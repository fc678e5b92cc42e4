"""Draws the picture that social networks show for a link to an article without a photo: its headline and the logo.

It is drawn at the first request, then stored beside the photos. Pillow's own font has English letters only: with any
other headline the logo stands alone, large.
"""

import io
from typing import cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from articles.models import Edition
from newsroom import logo

SIZE = WIDTH, HEIGHT = 1200, 630  # pixels, as the networks ask for
MARGIN = 80
INK, MUTED = "#1b1a17", "#5e5a51"
DRAWABLE = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("‘’“”–—…•")
MAX_LINES = 5


def share_image(edition: Edition, outlet_name: str) -> bytes:
    """Return the PNG for this edition; the next edition has its own."""
    name = f"share/{edition.pk}.png"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(_png(draw(edition.headline, edition.section.name, outlet_name))))
    with default_storage.open(name) as file:
        return bytes(file.read())


def draw(headline: str, section: str, outlet_name: str) -> Image.Image:
    picture = Image.new("RGB", SIZE, logo.PAPER)
    if not DRAWABLE.issuperset(headline):
        picture.paste(logo.render_logo(400, ground=logo.PAPER, ink=logo.RED), ((WIDTH - 400) // 2, (HEIGHT - 400) // 2))
        return picture
    pen = ImageDraw.Draw(picture)
    leaf = logo.render_logo(96, ground=logo.PAPER, ink=logo.RED)
    picture.paste(leaf, (MARGIN - 12, HEIGHT - MARGIN - 76))
    pen.rectangle((MARGIN, MARGIN - 20, WIDTH - MARGIN, MARGIN - 17), fill=INK)
    small = _font(30)
    if DRAWABLE.issuperset(section):
        pen.text((MARGIN, MARGIN + 10), section, font=small, fill=MUTED)
    if DRAWABLE.issuperset(outlet_name):
        pen.text((MARGIN + 100, HEIGHT - MARGIN - 28), outlet_name, font=small, fill=INK, anchor="lm")
    lines, font = _fit(headline)
    pen.multiline_text((MARGIN, MARGIN + 70), "\n".join(lines), font=font, fill=INK, spacing=font.size * 0.28)
    return picture


def _fit(headline: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Return the headline in lines, and the font in the largest size that fits."""
    for size in (72, 64, 56, 50, 44):
        font = _font(size)
        lines = _lines(headline, font)
        if len(lines) * size * 1.45 <= HEIGHT - 2 * MARGIN - 150:
            break
    return lines[:MAX_LINES], font


def _lines(headline: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in headline.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > WIDTH - 2 * MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(size: int) -> ImageFont.FreeTypeFont:
    return cast(ImageFont.FreeTypeFont, ImageFont.load_default(size))


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()
