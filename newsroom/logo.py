"""Draws the outlet's logo, the chinar leaf of `static/img/icon.svg`, for icons in pixels and for share images.

`python -m newsroom.logo` draws the icons again.
"""

import re

from PIL import Image, ImageDraw

from newsroom.paths import BASE_DIR

RED, PAPER = "#a3271a", "#faf8f3"
OVERSAMPLING = 4  # drawn so many times larger, for smooth edges
ICONS = {"icon-192.png": 192, "icon-512.png": 512, "apple-touch-icon.png": 180}
FOLDER = BASE_DIR / "static/img"


def leaf() -> list[tuple[float, float]]:
    """Return the corners of the SVG's path, which has straight lines only, in a square of 64."""
    path = (FOLDER / "icon.svg").read_text().partition('<path d="M')[2].partition('z"')[0]
    start, *lines = re.findall(r"([lhv]?)([^lhv]+)", path)
    x, y = map(float, start[1].split())
    corners = [(x, y)]
    for letter, numbers in lines:
        steps = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        for dx, dy in _pairs(letter, steps):
            x, y = x + dx, y + dy
            corners.append((x, y))
    return corners


def _pairs(letter: str, steps: list[float]) -> list[tuple[float, float]]:
    if letter == "h":
        return [(step, 0) for step in steps]
    if letter == "v":
        return [(0, step) for step in steps]
    return list(zip(steps[::2], steps[1::2], strict=True))


def render_logo(size: int, *, ground: str = RED, ink: str = PAPER) -> Image.Image:
    """Return the logo on a square of `size` pixels."""
    large = Image.new("RGB", (size * OVERSAMPLING, size * OVERSAMPLING), ground)
    scale = size * OVERSAMPLING / 64
    ImageDraw.Draw(large).polygon([(x * scale, y * scale) for x, y in leaf()], fill=ink)
    return large.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for name, size in ICONS.items():
        render_logo(size).quantize(32).save(FOLDER / name, optimize=True)
