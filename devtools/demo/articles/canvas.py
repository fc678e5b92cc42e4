"""A small drawing surface with flat shapes, soft gradients and a little paper grain."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw

Color = tuple[int, int, int]
Point = tuple[float, float]

SUPERSAMPLE = 2
DESIGN_WIDTH = 1600.0


def rgb(value: str) -> Color:
    """Turn "#a1b2c3" into a colour."""
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def mix(a: Color, b: Color, t: float) -> Color:
    """Go from a (t=0) to b (t=1)."""
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


def fractal(rng: Random, a: Point, b: Point, rough: float, depth: int = 6, sideways: bool = False) -> list[Point]:
    """Join two points by a rough line, bent at random halfway again and again."""
    points = [a, b]
    reach = rough * math.dist(a, b)
    for _ in range(depth):
        finer = [points[0]]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            bend = rng.uniform(-reach, reach)
            middle = ((x0 + x1) / 2, (y0 + y1) / 2)
            finer.append((middle[0] + bend, middle[1]) if sideways else (middle[0], middle[1] + bend))
            finer.append((x1, y1))
        points = finer
        reach *= 0.52
    return points


def curve(points: Sequence[Point], steps: int = 10) -> list[Point]:
    """Lead a smooth (Catmull-Rom) line through the points."""
    full = [points[0], *points, points[-1]]
    out: list[Point] = []
    for p0, p1, p2, p3 in zip(full, full[1:], full[2:], full[3:], strict=False):
        for step in range(steps):
            t = step / steps
            out.append(
                (
                    _catmull(p0[0], p1[0], p2[0], p3[0], t),
                    _catmull(p0[1], p1[1], p2[1], p3[1], t),
                )
            )
    return [*out, points[-1]]


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


class Canvas:
    """Draws in units of which 1600 make the width, whatever the size in pixels."""

    def __init__(self, rng: Random, width: int, height: int) -> None:
        self.rng = rng
        self.size = (width, height)
        self.k = width * SUPERSAMPLE / DESIGN_WIDTH
        self.w = DESIGN_WIDTH
        self.h = DESIGN_WIDTH * height / width
        self.img = Image.new("RGB", (width * SUPERSAMPLE, height * SUPERSAMPLE))
        self.pen = ImageDraw.Draw(self.img, "RGBA")

    def _flat(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.k, y * self.k) for x, y in points]

    def poly(self, points: Sequence[Point], color: Color, alpha: int = 255) -> None:
        """Fill a polygon."""
        self.pen.polygon(self._flat(points), fill=(*color, alpha))

    def rect(self, x: float, y: float, w: float, h: float, color: Color, alpha: int = 255) -> None:
        """Fill a rectangle given by its upper left corner and its size."""
        self.poly([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], color, alpha)

    def oval(self, x: float, y: float, rx: float, ry: float, color: Color, alpha: int = 255) -> None:
        """Fill an ellipse about a centre."""
        k = self.k
        self.pen.ellipse(((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=(*color, alpha))

    def line(self, points: Sequence[Point], color: Color, width: float = 2, alpha: int = 255) -> None:
        """Draw a line through the points."""
        self.pen.line(self._flat(points), fill=(*color, alpha), width=max(1, round(width * self.k)), joint="curve")

    def gradient(self, stops: Sequence[tuple[float, Color]], top: float = 0, bottom: float | None = None) -> None:
        """Fill the full width between two heights with a vertical gradient."""
        bottom = self.h if bottom is None else bottom
        y0, y1 = round(top * self.k), round(bottom * self.k)
        if y1 > y0:
            self.img.paste(_column(stops).resize((self.img.width, y1 - y0), Image.Resampling.BICUBIC), (0, y0))

    def shaded(self, points: Sequence[Point], stops: Sequence[tuple[float, Color]]) -> None:
        """Fill a polygon with a vertical gradient."""
        flat = self._flat(points)
        x0, y0 = (max(0, math.floor(min(p[i] for p in flat))) for i in (0, 1))
        x1 = min(self.img.width, math.ceil(max(p[0] for p in flat)))
        y1 = min(self.img.height, math.ceil(max(p[1] for p in flat)))
        if x1 <= x0 or y1 <= y0:
            return
        mask = Image.new("L", (x1 - x0, y1 - y0))
        ImageDraw.Draw(mask).polygon([(x - x0, y - y0) for x, y in flat], fill=255)
        self.img.paste(_column(stops).resize(mask.size, Image.Resampling.BICUBIC), (x0, y0), mask)

    def gradient_rect(self, x: float, y: float, w: float, h: float, top: Color, bottom: Color) -> None:
        """Fill a rectangle with a vertical gradient."""
        self.shaded([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], [(0, top), (1, bottom)])

    def fading(self, points: Sequence[Point], color: Color, start: float, end: float) -> None:
        """Fill a polygon with a veil, its strength going from start at its top to end at its foot."""
        flat = self._flat(points)
        x0, y0 = (math.floor(min(p[i] for p in flat)) for i in (0, 1))
        x1, y1 = (math.ceil(max(p[i] for p in flat)) + 1 for i in (0, 1))
        mask = Image.new("L", (x1 - x0, y1 - y0))
        ImageDraw.Draw(mask).polygon([(x - x0, y - y0) for x, y in flat], fill=255)
        veil = Image.new("L", (1, 64))
        veil.putdata([round(255 * (start + (end - start) * i / 63)) for i in range(64)])
        self.img.paste(color, (x0, y0), ImageChops.multiply(mask, veil.resize(mask.size, Image.Resampling.BILINEAR)))

    def haze(self, top: float, bottom: float, color: Color, start: float, end: float) -> None:
        """Lay a veil over the full width, its strength going from start to end (0 to 1)."""
        y0, y1 = round(top * self.k), round(bottom * self.k)
        if y1 <= y0:
            return
        mask = Image.new("L", (1, 64))
        mask.putdata([round(255 * (start + (end - start) * i / 63)) for i in range(64)])
        self.img.paste(color, (0, y0), mask.resize((self.img.width, y1 - y0), Image.Resampling.BICUBIC))

    def glow(self, x: float, y: float, radius: float, color: Color, strength: float) -> None:
        """Lay a soft round light."""
        side = max(2, round(2 * radius * self.k))
        falloff = Image.radial_gradient("L").resize((96, 96), Image.Resampling.BILINEAR)
        falloff = falloff.point([round(255 * strength * max(0.0, 1 - v / 181) ** 2.2) for v in range(256)])
        corner = (round((x - radius) * self.k), round((y - radius) * self.k))
        self.img.paste(color, corner, falloff.resize((side, side), Image.Resampling.BICUBIC))

    def mirror(self, y: float, tint: Color, strength: float, squeeze: float = 1.0, wobble: float = 5.0) -> None:
        """Reflect what is above y in the water below it, in strips that sway more as they come nearer."""
        k, rng = self.k, self.rng
        top = round(y * k)
        depth = self.img.height - top
        source_height = min(top, round(depth / squeeze))
        above = self.img.crop((0, top - source_height, self.img.width, top))
        flipped = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((self.img.width, depth))
        flipped = Image.blend(flipped, Image.new("RGB", flipped.size, tint), strength)
        self.img.paste(flipped, (0, top))
        row, phase = 0, rng.uniform(0, 6)
        while row < depth:
            t = row / depth
            tall = max(2, round((1.5 + 5 * t) * k))
            shift = round(math.sin(phase + row / (k * (5 + 14 * t))) * wobble * (0.25 + 1.5 * t) * k)
            strip = flipped.crop((0, row, self.img.width, min(depth, row + tall)))
            self.img.paste(strip, (shift, top + row))
            row += tall

    def ripples(self, top: float, color: Color, count: int, alpha: int = 70, around: float | None = None) -> None:
        """Lay thin lens-shaped glints on water, finer near the far shore."""
        rng = self.rng
        for _ in range(count):
            t = rng.random() ** 1.3
            y = top + 6 + (self.h - top - 6) * t
            x = rng.uniform(-100, self.w + 100) if around is None else rng.gauss(around, 60 + 190 * t)
            half = (20 + 130 * t) * rng.uniform(0.4, 1.3)
            thick = (0.7 + 2.8 * t) * rng.uniform(0.5, 1.2)
            self.poly([(x - half, y), (x, y - thick), (x + half, y), (x + half * 0.2, y + thick)], color, alpha)

    def finish(self, grain: int = 5) -> Image.Image:
        """Scale down and lay on the grain of the paper."""
        image = self.img.reduce(SUPERSAMPLE)
        if image.size != self.size:
            image = image.resize(self.size)
        width, height = self.size
        fine_size = (max(1, width // 2), max(1, height // 2))
        fine = Image.frombytes("L", fine_size, self.rng.randbytes(fine_size[0] * fine_size[1]))
        broad = Image.frombytes("L", (48, 32), self.rng.randbytes(48 * 32))
        noise = ImageChops.add(
            fine.point([round(v * grain / 255) for v in range(256)]).resize(self.size, Image.Resampling.BILINEAR),
            broad.point([round(v * 3 / 255) for v in range(256)]).resize(self.size, Image.Resampling.BICUBIC),
        )
        return ImageChops.add(image, Image.merge("RGB", (noise,) * 3), 1, -(grain + 3) // 2)


def _column(stops: Sequence[tuple[float, Color]]) -> Image.Image:
    """One pixel wide, 128 high: the gradient to be stretched."""
    column = Image.new("RGB", (1, 128))
    pixels: list[Color] = []
    for i in range(128):
        t = i / 127
        before = max((s for s in stops if s[0] <= t), default=stops[0], key=lambda s: s[0])
        after = min((s for s in stops if s[0] >= t), default=stops[-1], key=lambda s: s[0])
        span = after[0] - before[0]
        pixels.append(mix(before[1], after[1], (t - before[0]) / span if span else 0))
    column.putdata(pixels)
    return column
