"""Palettes and the things that several scenes share: ridges, trees, people, birds."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from random import Random

from .canvas import Canvas, Color, Point, curve, fractal, mix, rgb


@dataclass(frozen=True)
class Palette:
    """A time of day in a few inks."""

    top: Color
    low: Color
    far: Color
    near: Color
    snow: Color
    shade: Color
    sun: Color
    grass: Color
    accent: Color
    ink: Color


def _palette(*values: str) -> Palette:
    return Palette(*(rgb(v) for v in values))


# top, low, far, near, snow, shade, sun, grass, accent, ink
DAWN = _palette(
    "#9fb4bf", "#f4d6bd", "#c0b3bd", "#38505f", "#fbefe2", "#6f7f97", "#fff1d6", "#7f8f6b", "#d3674a", "#22323d"
)
DAY = _palette(
    "#86b0bb", "#eee7d3", "#aec3c3", "#2f5a5e", "#f8f5ea", "#6d93a3", "#fffbea", "#8aa066", "#c9533b", "#20393d"
)
DUSK = _palette(
    "#47507a", "#f0b48b", "#9a86a0", "#2a3150", "#f5d9cc", "#5f5a85", "#ffdfa8", "#596a5b", "#e0894a", "#1b2038"
)
MIST = _palette(
    "#bccaca", "#f1ece0", "#c6cfcc", "#51676a", "#fbf9f2", "#8ea3a8", "#fffdf4", "#93a183", "#b9523a", "#2c3c3f"
)
GOLD = _palette(
    "#c9bf98", "#f8e6be", "#d0bd98", "#55583f", "#fcf3dd", "#94906f", "#fff6d8", "#a59a58", "#a9402b", "#2f3023"
)
ALL = (DAWN, DAY, DUSK, MIST, GOLD)


def sky(c: Canvas, p: Palette, horizon: float, sun: bool = True) -> float:
    """Paint the sky down to a little below the horizon; return where the sun stands."""
    rng = c.rng
    c.gradient([(0, p.top), (0.55, mix(p.top, p.low, 0.6)), (1, p.low)], 0, horizon + 60)
    x, y = c.w * rng.uniform(0.18, 0.82), horizon * rng.uniform(0.24, 0.5)
    if sun:
        c.glow(x, y, 430, p.sun, 0.75)
        c.oval(x, y, 44, 44, mix(p.sun, p.low, 0.1))
    for _ in range(rng.randint(2, 4)):
        cloud(c, rng.uniform(0, c.w), horizon * rng.uniform(0.12, 0.62), rng.uniform(160, 420), mix(p.low, p.sun, 0.5))
    return x


def cloud(c: Canvas, x: float, y: float, half: float, color: Color) -> None:
    """A long thin band of cloud."""
    rng = c.rng
    for _ in range(3):
        shift, thick = rng.uniform(-0.4, 0.4) * half, rng.uniform(4, 11)
        length = half * rng.uniform(0.5, 1)
        top = [
            (x + shift - length, y),
            (x + shift - length * 0.3, y - thick),
            (x + shift + length * 0.4, y - thick * 0.6),
        ]
        c.poly(curve([*top, (x + shift + length, y + 2), (x + shift, y + thick * 0.5), top[0]]), color, 74)
        y += rng.uniform(4, 13)


def ridge(
    c: Canvas,
    base: float,
    height: float,
    peaks: int,
    body: Color,
    fade: Color,
    shade: Color | None = None,
    snow: Color | None = None,
    snowline: float = 0.5,
    rough: float = 0.13,
) -> list[Point]:
    """A mountain range across the picture, fading into `fade` at its foot."""
    rng = c.rng
    step = (c.w + 360) / peaks
    tops: list[list[Point]] = []
    line: list[Point] = []
    x = -180 - step * rng.random() * 0.5
    valley = (x, base - height * rng.uniform(0.2, 0.45))
    while x < c.w + 60:
        peak = (x + step * rng.uniform(0.36, 0.64), base - height * rng.uniform(0.58, 1))
        x += step * rng.uniform(0.85, 1.15)
        after = (x, base - height * rng.uniform(0.16, 0.46))
        up = fractal(rng, valley, peak, rough)
        down = fractal(rng, peak, after, rough)
        line += up[:-1] + down[:-1]
        tops.append(down)
        valley = after
    line.append(valley)
    foot = base + height * 0.25
    crest = min(y for _, y in line)
    t = (foot - crest) / (c.h - crest)
    stops = [(0.0, body), (0.45 * t, mix(body, fade, 0.35)), (t, fade), (1.0, fade)]
    c.shaded([*line, (line[-1][0], c.h), (line[0][0], c.h)], stops)
    if snow:
        _snow(c, line, base - height * snowline, height, snow)
    if shade:
        strength = 0.34 if snow else 0.2
        for down in tops:
            start, end = down[0], down[-1]
            low = (start[0] + rng.uniform(-0.1, 0.2) * step, foot)
            spine = fractal(rng, start, low, 0.16, 5, sideways=True)
            c.fading([*down, (end[0], foot), *reversed(spine)], shade, strength, 0)
            for _ in range(4):
                at = rng.randrange(len(down) // 8, len(down) // 2)
                begin, wide = down[at], down[at + len(down) // 8]
                tip = (begin[0] + rng.uniform(-90, 0), begin[1] + height * rng.uniform(0.2, 0.5))
                c.fading([*fractal(rng, begin, tip, 0.1, 3, sideways=True), wide], shade, strength, 0.05)
    return line


def _snow(c: Canvas, line: list[Point], level: float, height: float, color: Color) -> None:
    """Cover what lies above a jagged line."""
    rng = c.rng
    knots: list[Point] = []
    x, deep = line[0][0], False
    while x < line[-1][0] + 60:
        drop = 0.04 + 0.26 * rng.random() ** 1.8 if deep else rng.uniform(-0.08, 0.03)
        knots.append((x, level + drop * height))
        x += rng.uniform(9, 30) * (1 if deep or rng.random() < 0.6 else 2.2)
        deep = not deep if rng.random() < 0.85 else deep
    run: list[Point] = []
    bottom: list[Point] = []
    for x, y in line:
        edge = 0.62 * height_at(knots, x) + 0.38 * (y + 0.27 * height)
        if y < edge:
            run.append((x, y))
            bottom.append((x, edge))
        elif run:
            c.poly([*run, (x, y), *reversed(bottom)], color)
            run, bottom = [], []
    if run:
        c.poly([*run, *reversed(bottom)], color)


def hills(c: Canvas, y: float, amount: float, color: Color, fade: Color | None = None) -> list[Point]:
    """A soft line of hills; everything beneath it is filled."""
    rng = c.rng
    knots = [(x, y + rng.uniform(-amount, amount)) for x in range(-200, int(c.w) + 401, 200)]
    line = curve(knots, 12)
    c.shaded([*line, (c.w + 200, c.h), (-200, c.h)], [(0, color), (1, fade or color)])
    return line


def height_at(line: list[Point], x: float) -> float:
    """The height of a line of hills at x."""
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0 or 1)
    return line[-1][1]


def pine(c: Canvas, x: float, y: float, tall: float, color: Color, light: Color | None = None) -> None:
    """A conifer in ragged tiers."""
    rng = c.rng
    half = tall * rng.uniform(0.17, 0.23)
    left: list[Point] = []
    right: list[Point] = []
    tiers = 8
    for i in range(tiers):
        t = (i + 1) / tiers
        reach = half * t * rng.uniform(0.85, 1.15)
        top = y - tall + tall * 0.94 * t
        left += [(x - reach, top), (x - reach * 0.52, top - tall * 0.022)]
        right += [(x + reach * rng.uniform(0.9, 1.1), top), (x + reach * 0.52, top - tall * 0.022)]
    c.rect(x - tall * 0.014, y - tall * 0.1, tall * 0.028, tall * 0.1, color)
    c.poly([(x, y - tall), *right, *reversed(left)], color)
    if light:
        for i in range(1, tiers, 2):
            t = i / tiers
            top = y - tall + tall * 0.94 * t
            c.poly([(x - half * t, top + 2), (x, top - tall * 0.07), (x + half * t * 0.2, top - tall * 0.02)], light)


def poplar(c: Canvas, x: float, y: float, tall: float, color: Color, light: Color | None = None) -> None:
    """A tall narrow poplar."""
    rng = c.rng
    half = tall * rng.uniform(0.075, 0.1)
    shape = [(x, y - tall)]
    for side in (1, -1):
        flank = [
            (x + side * half * math.sin(math.pi * t**0.75) * rng.uniform(0.82, 1.12), y - tall * (1 - t) * 1.0)
            for t in (0.15, 0.3, 0.45, 0.6, 0.75, 0.88)
        ]
        shape += flank if side == 1 else flank[::-1]
        if side == 1:
            shape.append((x, y - tall * 0.07))
    c.rect(x - tall * 0.009, y - tall * 0.14, tall * 0.018, tall * 0.14, mix(color, (40, 30, 25), 0.4))
    c.poly(curve([*shape, shape[0]], 4), color)
    if light:
        c.poly(
            curve(
                [(x, y - tall), (x - half * 0.75, y - tall * 0.5), (x - half * 0.35, y - tall * 0.15), (x, y - tall)], 5
            ),
            light,
            120,
        )


def blob(rng: Random, x: float, y: float, rx: float, ry: float, n: int = 26, jitter: float = 0.13) -> list[Point]:
    """An irregular patch with a leafy edge, as if cut from paper."""
    turn = rng.uniform(0, 6)
    out: list[Point] = []
    for i in range(n):
        a = turn + math.tau * i / n
        r = 1 + rng.uniform(-jitter, jitter) + (0.06 if i % 2 else -0.06)
        out.append((x + math.cos(a) * rx * r, y + math.sin(a) * ry * r))
    return out


def bare_tree(c: Canvas, x: float, y: float, tall: float, color: Color, lean: float = 0.0) -> None:
    """A leafless tree, grown branch by branch."""
    _branch(c, x, y, -math.pi / 2 + lean, tall * 0.34, tall * 0.035, color, 6)


def _branch(c: Canvas, x: float, y: float, angle: float, length: float, width: float, color: Color, left: int) -> None:
    rng = c.rng
    end = (x + math.cos(angle) * length, y + math.sin(angle) * length)
    across = (math.cos(angle + math.pi / 2) * width / 2, math.sin(angle + math.pi / 2) * width / 2)
    thin = 0.62
    c.poly(
        [
            (x - across[0], y - across[1]),
            (x + across[0], y + across[1]),
            (end[0] + across[0] * thin, end[1] + across[1] * thin),
            (end[0] - across[0] * thin, end[1] - across[1] * thin),
        ],
        color,
    )
    if left > 0:
        for turn in (rng.uniform(-0.6, -0.2), rng.uniform(0.2, 0.6)):
            _branch(c, *end, angle + turn, length * rng.uniform(0.66, 0.84), width * thin, color, left - 1)


def person(c: Canvas, x: float, y: float, tall: float, cloak: Color, skin: Color, scarf: Color | None = None) -> None:
    """Someone in a pheran, seen from afar; y is the ground."""
    t = tall
    c.rect(x - 0.1 * t, y - 0.16 * t, 0.075 * t, 0.16 * t, mix(cloak, (20, 20, 25), 0.55))
    c.rect(x + 0.03 * t, y - 0.16 * t, 0.075 * t, 0.16 * t, mix(cloak, (20, 20, 25), 0.55))
    body = [(-0.06, -0.83), (0.06, -0.83), (0.15, -0.74), (0.2, -0.42), (0.22, -0.12), (-0.22, -0.12), (-0.2, -0.42)]
    c.poly([(x + dx * t, y + dy * t) for dx, dy in [*body, (-0.15, -0.74)]], cloak)
    c.poly([(x + dx * t, y + dy * t) for dx, dy in body[2:5]], mix(cloak, (10, 15, 30), 0.25))
    c.oval(x, y - 0.9 * t, 0.075 * t, 0.09 * t, skin)
    if scarf:
        hood = [(-0.1, -0.76), (-0.1, -0.93), (0, -1.02), (0.1, -0.93), (0.1, -0.76), (0.05, -0.83), (0.05, -0.92)]
        c.poly([(x + dx * t, y + dy * t) for dx, dy in [*hood, (-0.05, -0.92), (-0.05, -0.83)]], scarf)
    else:
        c.poly([(x + dx * t, y + dy * t) for dx, dy in [(-0.08, -0.93), (-0.05, -1), (0.05, -1), (0.08, -0.93)]], cloak)


def birds(c: Canvas, x: float, y: float, count: int, color: Color) -> None:
    """A few birds far off."""
    rng = c.rng
    for _ in range(count):
        bx, by, s = x + rng.gauss(0, 90), y + rng.gauss(0, 34), rng.uniform(7, 14)
        c.line(curve([(bx - s, by - s * 0.35), (bx - s * 0.4, by - s * 0.5), (bx, by)], 5), color, 2, 200)
        c.line(curve([(bx, by), (bx + s * 0.4, by - s * 0.5), (bx + s, by - s * 0.3)], 5), color, 2, 200)
