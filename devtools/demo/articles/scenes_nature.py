"""Scenes of land and water."""

from __future__ import annotations

import math

from .canvas import Canvas, Color, Point, curve, mix, rgb
from .motifs import (
    ALL,
    DAWN,
    DAY,
    DUSK,
    GOLD,
    MIST,
    Palette,
    bare_tree,
    birds,
    blob,
    height_at,
    hills,
    person,
    pine,
    poplar,
    ridge,
    sky,
)

SKIN = rgb("#b98a6a")


def mountains(c: Canvas) -> None:
    """Ridge behind ridge in haze, with snow on the farthest."""
    rng = c.rng
    p = rng.choice(ALL)
    horizon = c.h * rng.uniform(0.5, 0.58)
    x = sky(c, p, c.h * 0.8)
    ridge(c, horizon, c.h * rng.uniform(0.3, 0.38), 3, mix(p.far, p.shade, 0.45), p.low, p.shade, p.snow, 0.36)
    c.haze(horizon - 130, horizon + 60, p.low, 0, 0.75)
    layers = rng.randint(3, 4)
    for i in range(layers):
        t = (i + 1) / (layers + 0.6)
        body = mix(p.far, p.near, t**1.1)
        base = horizon + c.h * (0.1 + 0.3 * t)
        fade = mix(body, p.low, 0.5 * (1 - t))
        ridge(c, base, c.h * (0.19 - 0.03 * t), 4 + i, body, fade, p.ink if i else None, rough=0.1)
        c.haze(base - 40, base + 70, p.low, 0, 0.5 * (1 - t))
    line = hills(c, c.h * rng.uniform(0.86, 0.9), 34, mix(p.near, p.ink, 0.3), p.ink)
    side = rng.choice((0.0, 1.0))
    for _ in range(54):
        px = abs(rng.gauss(0, 330))
        px = c.w - px if side else px
        py = height_at(line, px) + rng.uniform(0, 70)
        pine(c, px, py + 12, rng.uniform(80, 190), mix(p.ink, p.near, rng.uniform(0, 0.45)))
    birds(c, c.w - x, c.h * 0.24, 5, mix(p.ink, p.far, 0.3))


def lake(c: Canvas) -> None:
    """Still water, its reflections, and a shikara."""
    rng = c.rng
    p = rng.choice((DAWN, DUSK, MIST, DAY, GOLD))
    shore = c.h * rng.uniform(0.46, 0.53)
    sun = sky(c, p, shore)
    ridge(c, shore - 10, c.h * rng.uniform(0.26, 0.32), 3, mix(p.far, p.shade, 0.5), p.low, p.shade, p.snow, 0.42)
    c.haze(shore - 120, shore, p.low, 0, 0.6)
    for i in range(2):
        body = mix(p.far, p.near, 0.35 + 0.32 * i)
        ridge(c, shore + 12, c.h * (0.12 - 0.045 * i), 4 + 2 * i, body, mix(body, p.low, 0.3), rough=0.07)
    _shoreline(c, p, shore)
    c.mirror(shore, mix(p.near, p.top, 0.55), 0.2, 0.86)
    c.haze(shore, c.h, p.ink, 0.0, 0.42)
    c.haze(shore - 3, shore + 36, p.low, 0.45, 0)
    c.ripples(shore, mix(p.low, p.sun, 0.4), 70, 60)
    c.ripples(shore, p.sun, 60, 95, sun)
    x = c.w * (rng.uniform(0.3, 0.42) if sun > c.w / 2 else rng.uniform(0.56, 0.68))
    shikara(c, p, x, shore + (c.h - shore) * rng.uniform(0.34, 0.5), rng.uniform(500, 620), rng.choice((-1, 1)))
    if rng.random() < 0.6:
        _lotus(c, p)
    else:
        _reeds(c, p)


def _shoreline(c: Canvas, p: Palette, shore: float) -> None:
    rng = c.rng
    dark = mix(p.near, p.ink, 0.25)
    x = -20.0
    knots: list[Point] = []
    while x < c.w + 60:
        knots.append((x, shore - rng.uniform(6, 26)))
        x += rng.uniform(18, 46)
    c.poly([*curve(knots, 3), (c.w + 60, shore + 2), (-20, shore + 2)], dark)
    for _ in range(5):
        start = rng.uniform(0, c.w)
        for i in range(rng.randint(3, 8)):
            leaf = mix(dark, mix(p.grass, p.accent, 0.3 if p is GOLD else 0.1), rng.uniform(0.1, 0.6))
            poplar(c, start + i * rng.uniform(15, 24), shore, rng.uniform(50, 105), leaf)
    for _ in range(6):
        hx = rng.uniform(40, c.w - 40)
        wall = mix(mix(p.low, p.accent, 0.35), p.near, 0.45)
        c.rect(hx, shore - 20, 30, 22, wall)
        c.poly([(hx - 5, shore - 19), (hx + 4, shore - 36), (hx + 26, shore - 36), (hx + 35, shore - 19)], dark)
        for i in range(3):
            c.rect(hx + 4 + 9 * i, shore - 14, 4, 7, mix(p.sun, wall, 0.25))


def shikara(c: Canvas, p: Palette, x: float, y: float, length: float, way: int) -> None:
    """A shikara with its canopy and boatman, and the same upside down in the water."""
    for upside, fade in ((-0.72, 0.55), (1.0, 0.0)):
        _shikara(c, p, x, y, length / 100 * way, abs(length) / 100 * upside, fade)


def _shikara(c: Canvas, p: Palette, x: float, y: float, sx: float, sy: float, fade: float) -> None:
    water = mix(p.near, p.ink, 0.4)

    def at(points: list[Point]) -> list[Point]:
        return [(x + px * sx, y + py * sy) for px, py in points]

    def ink(color: Color) -> Color:
        return mix(color, water, fade)

    alpha = 190 if fade else 255
    wood, cloth, inner = rgb("#7a4a2c"), mix(p.accent, rgb("#c8452f"), 0.4), mix(p.ink, p.accent, 0.15)
    cream = mix(p.snow, rgb("#efd9a8"), 0.5)
    c.poly(at(curve([(-21, -4), (-20, -13), (20, -13), (21, -4), (-21, -4)], 6)), ink(inner), alpha)
    for post in (-20, -7, 7, 20):
        c.poly(at([(post - 0.5, -15), (post + 0.5, -15), (post + 0.5, -3), (post - 0.5, -3)]), ink(cream), alpha)
    c.poly(at([(-20, -14), (-12, -14), (-16, -9), (-19.4, -4), (-20, -4)]), ink(cloth), alpha)
    c.poly(at([(20, -14), (12, -14), (16, -9), (19.4, -4), (20, -4)]), ink(mix(cloth, p.ink, 0.2)), alpha)
    c.poly(at([(-15, -6.4), (16, -6.4), (16, -3), (-15, -3)]), ink(mix(cloth, p.ink, 0.35)), alpha)
    roof = [(-25, -13.4), (-22, -16.6), (-12, -18.4), (0, -18.9), (12, -18.4), (22, -16.6), (25, -13.4)]
    c.poly(at([*curve(roof, 6), (25, -12.6), (-25, -12.6)]), ink(cream), alpha)
    c.poly(at([*curve([(0, -18.9), (12, -18.4), (22, -16.6), (25, -13.4)], 6), (9, -13.4)]), ink(p.ink), alpha // 8)
    for i in range(20):
        left = -25 + i * 2.5
        c.poly(at([(left, -12.9), (left + 2.5, -12.9), (left + 1.25, -10.9)]), ink(cloth), alpha)
    c.poly(at([(-25, -13.7), (25, -13.7), (25, -12.7), (-25, -12.7)]), ink(mix(cloth, p.ink, 0.15)), alpha)
    if sy > 0 or fade:
        cloak = mix(p.ink, p.shade, 0.35)
        c.poly(at([(-38, -14), (-35, -14), (-32.6, -3), (-41, -3)]), ink(cloak), alpha)
        c.poly(at([(-36.4, -13.6), (-31, -9.6), (-30.4, -8), (-36, -10.6)]), ink(cloak), alpha)
        c.poly(
            at(curve([(-38.2, -15.6), (-36.5, -17.4), (-34.8, -15.6), (-36.5, -13.6), (-38.2, -15.6)], 5)), ink(SKIN)
        )
        c.poly(at([(-38.6, -15.8), (-37.6, -18), (-35.2, -18), (-34.4, -15.8)]), ink(cream), alpha)
        c.line(at([(-34, -17), (-26.5, 2.4)]), ink(wood), 4, alpha)
        c.poly(at([(-27.4, 0.4), (-26, 0), (-24.2, 4.6), (-26.4, 4.4)]), ink(wood), alpha)
    hull = [(-52, -6.6), (-44, -3.8), (-30, -2.6), (0, -2.2), (30, -2.6), (42, -4.2), (54, -8.6)]
    keel = [(46, -1.4), (34, 1.1), (0, 1.8), (-34, 1.1), (-45, -1.2), (-52, -6.6)]
    c.poly(at([*curve(hull, 6), *curve(keel, 6)]), ink(wood), alpha)
    band = curve([(-45, -3.3), (-30, -1.7), (0, -1.2), (30, -1.7), (43, -3.5)], 6)
    c.line(at(band), ink(mix(cloth, cream, 0.45)), 3, alpha)


def _lotus(c: Canvas, p: Palette) -> None:
    rng = c.rng
    left = rng.random() < 0.5
    leaf = mix(p.grass, p.ink, 0.35)
    for i in range(34):
        t = i / 34
        y = c.h * (0.84 + 0.17 * t)
        x = abs(rng.gauss(0, 190 + 340 * t))
        x = x if left else c.w - x
        r = 26 + 52 * t * rng.uniform(0.7, 1.2)
        c.oval(x + 4, y + 5, r, r * 0.3, p.ink, 120)
        c.oval(x, y, r, r * 0.29, mix(leaf, p.low, rng.uniform(0, 0.22)))
        c.poly([(x, y), (x + r * 0.85, y - r * 0.2), (x + r, y - r * 0.02)], mix(p.near, p.ink, 0.6))
        if rng.random() < 0.2:
            s = 13 + 20 * t
            for turn in (-1.1, 1.1, -0.6, 0.6, 0.0):
                tip = (x + math.sin(turn) * s * 1.3, y - 8 - math.cos(turn) * s * 1.5)
                side = (x + math.sin(turn + 0.5) * s * 0.75, y - 8 - math.cos(turn + 0.5) * s * 0.8)
                other = (x + math.sin(turn - 0.5) * s * 0.75, y - 8 - math.cos(turn - 0.5) * s * 0.8)
                petal = mix(rgb("#d98a98"), p.snow, 0.25 + 0.2 * abs(turn))
                c.poly(curve([(x, y - 2), side, tip, other, (x, y - 2)], 4), petal)


def _reeds(c: Canvas, p: Palette) -> None:
    rng = c.rng
    left = rng.random() < 0.5
    for _ in range(130):
        x = abs(rng.gauss(0, 210)) - 20
        x = x if left else c.w - x
        tall, lean = rng.uniform(80, 290), rng.uniform(-30, 60) * (1 if left else -1)
        color = mix(p.ink, p.grass, rng.uniform(0, 0.6))
        c.poly([(x - 3, c.h + 5), *curve([(x, c.h - tall * 0.5), (x + lean, c.h - tall)], 4), (x + 5, c.h + 5)], color)


def river(c: Canvas) -> None:
    """A river that winds through fields, and a bridge across it."""
    rng = c.rng
    p = rng.choice((DAWN, DAY, GOLD, MIST, DUSK))
    horizon = c.h * rng.uniform(0.4, 0.46)
    sky(c, p, horizon)
    ridge(c, horizon, c.h * 0.25, 4, mix(p.far, p.shade, 0.45), p.low, p.shade, p.snow, 0.5)
    ridge(c, horizon + 20, c.h * 0.1, 5, mix(p.far, p.near, 0.5), mix(p.far, p.low, 0.4), rough=0.08)
    c.haze(horizon - 60, horizon + 14, p.low, 0, 0.5)
    field = mix(p.grass, p.low, 0.2)
    for i in range(8):
        t = i / 8
        y = horizon + (c.h - horizon) * t**1.5
        hills(c, y, 3 + 9 * t, mix(mix(field, p.low, 0.45 * (1 - t)), p.near, (0.1, 0.2)[i % 2] + 0.14 * t))
    _fields(c, p, horizon, field)
    phase, turns, sway = rng.uniform(0, 6), rng.uniform(1.25, 1.6), rng.uniform(260, 340)
    side = rng.uniform(-60, 60)

    def middle(t: float) -> tuple[float, float, float]:
        y = horizon + 6 + (c.h - horizon + 40) * t**1.7
        x = c.w / 2 + side + math.sin(phase + turns * math.tau * t**0.75) * sway * (0.25 + t)
        return x, y, 5 + 250 * t**1.8

    steps = [i / 90 for i in range(91)]
    for grow, stops in (
        (1.05, [(0.0, mix(field, p.near, 0.35)), (1.0, mix(field, p.near, 0.75))]),
        (1.0, [(0.0, mix(p.low, p.sun, 0.3)), (0.35, mix(p.low, p.top, 0.55)), (1.0, mix(p.top, p.near, 0.55))]),
    ):
        banks = [middle(t) for t in steps]
        right = [(x + w * grow + (grow > 1) * 2, y) for x, y, w in banks]
        left = [(x - w * grow - (grow > 1) * 2, y) for x, y, w in banks]
        c.shaded([*left, *reversed(right)], stops)
    for _ in range(46):
        x, y, w = middle(rng.uniform(0.3, 1))
        half = w * rng.uniform(0.1, 0.34)
        x += rng.uniform(-0.55, 0.55) * w
        c.poly([(x - half, y), (x, y - 1 - w / 120), (x + half, y), (x, y + 1 + w / 160)], p.sun, 105)
    for at in (0.2, 0.33):
        for s in (-1, 1):
            x, y, w = middle(at)
            for i in range(rng.randint(4, 9)):
                px = x + s * (w + 40 + i * rng.uniform(18, 30))
                leaf = mix(mix(p.grass, GOLD.accent, rng.choice((0.05, 0.12, 0.3))), p.near, 0.35)
                poplar(
                    c, px, y + rng.uniform(-6, 6), rng.uniform(70, 120) * (0.6 + at * 1.6), leaf, mix(leaf, p.sun, 0.4)
                )
    x, y, w = middle(rng.uniform(0.5, 0.56))
    _bridge(c, p, x, y, w + 80)
    for at in (0.7, 0.76, 0.84, 0.9):
        bx, by, bw = middle(at)
        for s in (-1, 1):
            if rng.random() < 0.6:
                _willow(c, p, bx + s * (bw * 1.1 + rng.uniform(70, 420) * at), by, 60 + 150 * at * at, field)
    _blades(c, p, field)


def _fields(c: Canvas, p: Palette, horizon: float, field: Color) -> None:
    """Terraced plots in a few inks, narrowing towards the horizon."""
    rng = c.rng
    straw = mix(rgb("#d6b978"), p.low, 0.25)
    vanish = c.w / 2
    depth = c.h - horizon
    for i in range(9):
        t0, t1 = (i / 9) ** 1.6, ((i + 1) / 9) ** 1.6
        y0, y1 = horizon + 8 + depth * t0, horizon + 8 + depth * t1
        x = -1.0
        while x < 1.0:
            wide = rng.uniform(0.05, 0.14)
            tone = mix(
                rng.choice((field, field, straw, mix(field, p.near, 0.45), mix(field, p.accent, 0.14))),
                p.low,
                0.3 * (1 - t1),
            )
            spread0, spread1 = 1100 + 2100 * t0, 1100 + 2100 * t1
            lift = rng.uniform(-0.25, 0.25) * (y1 - y0)
            plot = [
                (vanish + x * spread0, y0 + lift),
                (vanish + (x + wide) * spread0, y0 + lift * 0.4),
                (vanish + (x + wide) * spread1, y1 + lift * 0.4),
                (vanish + x * spread1, y1 + lift),
            ]
            if rng.random() < 0.72:
                c.poly(plot, mix(tone, p.near, 0.1 + 0.14 * t1))
                c.line([plot[0], plot[1]], mix(tone, p.sun, 0.35), 1 + 2.4 * t1, 150)
            x += wide


def _willow(c: Canvas, p: Palette, x: float, y: float, size: float, field: Color) -> None:
    """A round low tree with its shadow."""
    rng = c.rng
    tone = mix(mix(field, p.near, 0.6), p.ink, 0.12)
    c.oval(x + size * 0.25, y, size * 0.6, size * 0.09, p.ink, 70)
    c.rect(x - size * 0.035, y - size * 0.4, size * 0.07, size * 0.4, mix(rgb("#5a4638"), p.ink, 0.3))
    for shade, scale, lift in (
        (tone, 1.0, 0.0),
        (mix(tone, field, 0.4), 0.78, 0.07),
        (mix(tone, p.sun, 0.3), 0.42, 0.18),
    ):
        for dx, dy in ((-0.24, 0.5), (0.22, 0.52), (0, 0.72), (-0.1, 0.6)):
            spot = (x + (dx - lift * 0.4) * size, y - (dy + lift) * size)
            c.poly(blob(rng, *spot, size * 0.27 * scale, size * 0.2 * scale, 30, 0.1), shade)


def _bridge(c: Canvas, p: Palette, x: float, y: float, half: float) -> None:
    wood, dark = mix(rgb("#8a5a3a"), p.near, 0.25), mix(rgb("#4a3024"), p.ink, 0.4)
    rise = half * 0.07
    deck = y - half * 0.3
    arch = [(x + half * t, deck + rise * t * t) for t in (-1.25, -0.8, -0.4, 0, 0.4, 0.8, 1.25)]
    for pier in (-0.62, 0.0, 0.62):
        px, top = x + half * pier, deck + rise * pier * pier
        wide = half * 0.075
        c.oval(px, y + 14, wide * 2.1, 9, p.ink, 90)
        c.poly([(px - wide, top + 6), (px + wide, top + 6), (px + wide * 1.5, y + 12), (px - wide * 1.5, y + 12)], dark)
        for i in range(4):
            ly = top + 14 + (y - top) * i * 0.24
            c.rect(px - wide * (1.12 + 0.1 * i), ly, wide * (2.24 + 0.2 * i), 5, wood)
        for i in range(3):
            reach = wide * (3.2 - 0.75 * i)
            c.rect(px - reach, top + 8 + i * 9, reach * 2, 7, mix(wood, dark, 0.3 + 0.2 * i))
    stone = mix(mix(p.shade, p.low, 0.45), p.near, 0.2)
    for s in (-1, 1):
        ex, ey = x + s * half * 1.02, deck + rise
        c.poly(
            [(ex, ey), (ex + s * half * 0.24, ey + 4), (ex + s * half * 0.6, y + 16), (ex - s * half * 0.06, y + 18)],
            stone,
        )
        c.poly(
            [(ex, ey), (ex + s * half * 0.05, ey), (ex + s * 6, y + 18), (ex - s * half * 0.06, y + 18)],
            mix(stone, dark, 0.4),
        )
    line = curve(arch, 8)
    c.poly([*line, *[(px, py + 15) for px, py in reversed(line)]], wood)
    c.line([(px, py + 15) for px, py in line], dark, 3)
    c.line([(px, py - 26) for px, py in line], wood, 4)
    c.line([(px, py - 13) for px, py in line], wood, 2)
    for px, py in line[::3]:
        c.line([(px, py), (px, py - 28)], wood, 4)
    person(c, x + half * 0.3, deck + 4, 62, mix(p.accent, p.ink, 0.15), SKIN)
    person(c, x + half * 0.21, deck + 3, 58, mix(p.shade, p.ink, 0.4), SKIN, p.snow)


def orchard(c: Canvas) -> None:
    """Rows of apple trees, and crates in the grass."""
    rng = c.rng
    p = rng.choice((DAY, GOLD, DAWN, MIST))
    horizon = c.h * rng.uniform(0.36, 0.42)
    sky(c, p, horizon)
    ridge(c, horizon + 10, c.h * 0.22, 4, mix(p.far, p.shade, 0.4), p.low, p.shade, p.snow, 0.55)
    ridge(c, horizon + 30, c.h * 0.09, 5, mix(p.far, p.near, 0.45), mix(p.far, p.low, 0.3), rough=0.07)
    c.haze(horizon - 70, horizon + 26, p.low, 0, 0.55)
    grass = mix(p.grass, rgb("#a9a85a"), 0.35)
    far = c.h * 0.44
    c.gradient([(0, mix(grass, p.low, 0.45)), (0.4, grass), (1, mix(grass, p.near, 0.55))], far, c.h)
    vanish = c.w * rng.uniform(0.42, 0.58)
    for wide, alpha in ((360, 60), (300, 60), (230, 60)):
        edges = [
            [
                (vanish + s * (8 + (wide - 8) * t + rng.uniform(-16, 16) * t), far + (c.h - far) * t)
                for t in (0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1)
            ]
            for s in (-1, 1)
        ]
        c.poly([*curve(edges[0], 4), *reversed(curve(edges[1], 4))], mix(grass, p.sun, 0.4), alpha)
    tone = rng.choice(("#5d7a45", "#6f7c3e", "#4f7350"))
    for i in range(7):
        t = ((i + 0.4) / 6.6) ** 1.8
        y = far + 14 + (c.h * 0.97 - far) * t
        size = 24 + 285 * t
        for s in (-1, 1):
            for column in range(5 if i < 4 else 2):
                gap = (54 + 480 * t) + column * (62 + 520 * t)
                leaf = mix(mix(rgb(tone), p.far, 0.55 * (1 - t)), p.near, 0.12)
                _apple_tree(c, p, vanish + s * gap + rng.uniform(-12, 12) * t, y, size, leaf, t)
    side = rng.choice((-1, 1))
    base = c.h * 0.93
    for x, y, n in (
        (vanish + side * 95, base - 80, 2),
        (vanish - side * 60, base + 8, 1),
        (vanish + side * 150, base + 22, 3),
    ):
        _crates(c, p, x, y, n)
    person(c, vanish - side * 40, c.h * 0.66, 118, mix(p.shade, p.ink, 0.35), SKIN, mix(p.accent, p.snow, 0.35))
    _blades(c, p, grass)


def _blades(c: Canvas, p: Palette, grass: Color) -> None:
    rng = c.rng
    for _ in range(240):
        x, y = rng.uniform(0, c.w), c.h - abs(rng.gauss(0, 34))
        tall = rng.uniform(14, 44)
        shade = mix(mix(grass, p.ink, 0.5), p.sun, rng.random() * 0.35)
        c.poly([(x - 2, y + 8), (x + rng.uniform(-12, 12), y - tall), (x + 3, y + 8)], shade)


def _apple_tree(c: Canvas, p: Palette, x: float, y: float, size: float, leaf: Color, near: float) -> None:
    rng = c.rng
    if not -size < x < c.w + size:
        return
    bark = mix(rgb("#5a4638"), p.far, 0.5 * (1 - near))
    c.oval(x + size * 0.12, y, size * 0.6, size * 0.085, mix(leaf, p.ink, 0.6), 75)
    fork = y - size * 0.34
    c.poly([(x - size * 0.06, y), (x + size * 0.06, y), (x + size * 0.035, fork), (x - size * 0.035, fork)], bark)
    for lean in (-0.32, -0.1, 0.14, 0.34):
        c.poly([(x - size * 0.03, fork + 6), (x + size * 0.03, fork + 6), (x + size * lean, fork - size * 0.4)], bark)
    crown: list[Point] = []
    for i in range(11):
        a = math.tau * i / 11
        crown.append(
            (x + math.cos(a) * size * 0.42 * rng.uniform(0.6, 1.05), y - size * 0.72 + math.sin(a) * size * 0.27)
        )
    for bx, by in crown:
        c.poly(blob(rng, bx, by, size * 0.21, size * 0.18), mix(leaf, p.ink, 0.3))
    c.poly(blob(rng, x, y - size * 0.74, size * 0.42, size * 0.3), mix(leaf, p.ink, 0.22))
    for bx, by in crown[4:]:
        c.poly(blob(rng, bx - size * 0.03, by - size * 0.05, size * 0.16, size * 0.12), leaf)
    for _ in range(9):
        bx, by = x + rng.gauss(-0.07, 0.2) * size, y - size * rng.uniform(0.72, 1.02)
        c.poly(blob(rng, bx, by, size * 0.11, size * 0.06, 20), mix(leaf, rgb("#c3c66a"), rng.uniform(0.2, 0.42)))
    if size > 45:
        for _ in range(26):
            a, r = rng.uniform(0, math.tau), math.sqrt(rng.random())
            ax, ay = x + math.cos(a) * r * size * 0.52, y - size * 0.7 + math.sin(a) * r * size * 0.34
            rad = max(2.2, size * 0.026)
            red = mix(mix(rgb("#b8352b"), p.accent, rng.random() * 0.5), p.far, 0.35 * (1 - near))
            c.oval(ax, ay, rad, rad, red)
            c.oval(ax - rad * 0.3, ay - rad * 0.35, rad * 0.35, rad * 0.3, mix(red, p.sun, 0.55))


def _crates(c: Canvas, p: Palette, x: float, y: float, count: int) -> None:
    rng = c.rng
    wide, tall = 128.0, 54.0
    wood = mix(rgb("#c69a62"), p.near, 0.12)
    c.oval(x, y + 3, wide * 0.66, 15, p.ink, 85)
    for i in range(count):
        cx, top = x + rng.uniform(-8, 8), y - (i + 1) * tall
        if i == count - 1:
            for j in range(9):
                ax = cx - wide * 0.42 + j * wide * 0.105
                c.oval(ax, top - 1 - 6 * (j % 2), 11, 11, mix(rgb("#b8352b"), p.accent, rng.random() * 0.6))
                c.oval(ax - 3, top - 5 - 6 * (j % 2), 3, 3, mix(p.accent, p.sun, 0.6))
        c.rect(cx - wide / 2, top, wide, tall - 3, mix(wood, p.ink, 0.55))
        for slat in range(3):
            c.rect(cx - wide / 2, top + slat * 18, wide, 14, mix(wood, p.sun, rng.uniform(0, 0.25)))
        c.rect(cx - wide / 2, top, 11, tall - 3, mix(wood, p.ink, 0.2))
        c.rect(cx + wide / 2 - 11, top, 11, tall - 3, mix(wood, p.ink, 0.3))


LEAVES = tuple(rgb(v) for v in ("#8f2f22", "#b5442a", "#cf6a33", "#e09a4a", "#a8382c"))


def leaf(c: Canvas, x: float, y: float, r: float, color: Color) -> None:
    """A chinar leaf: five pointed lobes and a stalk."""
    turn, flat = c.rng.uniform(0, math.tau), c.rng.uniform(0.55, 1)
    shape: list[Point] = []
    for i, reach in enumerate((1, 0.42, 0.85, 0.36, 0.6, 0.2, 0.6, 0.36, 0.85, 0.42)):
        a = turn + math.tau * i / 10
        shape.append((x + math.cos(a) * r * reach, y + math.sin(a) * r * reach * flat))
    c.poly(shape, color)
    c.line([(x, y), (x - math.cos(turn) * r * 0.9, y - math.sin(turn) * r * 0.9 * flat)], color, max(1, r / 9))


def chinar(c: Canvas) -> None:
    """A great chinar in autumn."""
    rng = c.rng
    p = rng.choice((GOLD, DAWN, MIST, DAY))
    ground = c.h * rng.uniform(0.76, 0.8)
    sky(c, p, ground - 80)
    ridge(c, ground - 90, c.h * 0.26, 3, mix(p.far, p.shade, 0.35), p.low, p.shade, p.snow, 0.5)
    ridge(c, ground - 30, c.h * 0.12, 5, mix(p.far, p.near, 0.35), mix(p.far, p.low, 0.4), rough=0.08)
    c.haze(ground - 190, ground, p.low, 0, 0.55)
    for i in range(16):
        px = c.w * i / 15 + rng.uniform(-40, 40)
        warm = mix(mix(p.grass, LEAVES[3], rng.random() * 0.6), p.low, 0.35)
        poplar(c, px, ground + 4, rng.uniform(90, 170), warm, mix(warm, p.sun, 0.4))
    c.rect(0, ground - 30, c.w, 36, mix(p.low, p.shade, 0.45))
    c.rect(0, ground - 34, c.w, 8, mix(p.low, p.shade, 0.2))
    grass = mix(p.grass, LEAVES[3], 0.25)
    c.gradient([(0, mix(grass, p.low, 0.3)), (1, mix(grass, p.near, 0.5))], ground, c.h)
    x = c.w * rng.uniform(0.36, 0.64)
    foot = ground + (c.h - ground) * 0.36
    for _ in range(16):
        sx, sy = x + rng.gauss(20, 280), foot + rng.gauss(8, 20)
        c.poly(blob(rng, sx, sy, rng.uniform(120, 300), rng.uniform(9, 24), 40, 0.1), mix(LEAVES[0], p.ink, 0.35), 26)
    _chinar_tree(c, p, x, foot)
    for _ in range(760):
        t = rng.random()
        lx, ly = x + rng.gauss(0, 330 + 200 * t), ground + 18 + (c.h - ground) * t
        leaf(c, lx, ly, 5 + 13 * t, mix(rng.choice(LEAVES), p.low, 0.2 * (1 - t)))
    for _ in range(34):
        lx, ly = x + rng.gauss(0, 480), c.h * rng.uniform(0.3, 0.86)
        leaf(c, lx, ly, rng.uniform(8, 17), rng.choice(LEAVES[1:]))
    side = rng.choice((-1, 1))
    _bench(c, p, x + side * 330, foot + 24)
    person(c, x + side * 470, foot + 30, 128, mix(p.near, p.ink, 0.4), SKIN, mix(p.snow, p.accent, 0.2))


def _bench(c: Canvas, p: Palette, x: float, y: float) -> None:
    wood = mix(rgb("#6b4a35"), p.ink, 0.2)
    for dx in (-62, 54):
        c.rect(x + dx, y - 40, 9, 42, mix(wood, p.ink, 0.5))
    c.rect(x - 76, y - 46, 152, 10, wood)
    for dy in (-84, -68):
        c.rect(x - 76, y + dy, 152, 9, mix(wood, p.sun, 0.15))
    for dx in (-66, 58):
        c.rect(x + dx, y - 86, 7, 42, mix(wood, p.ink, 0.4))


def _chinar_tree(c: Canvas, p: Palette, x: float, foot: float) -> None:
    rng = c.rng
    bark, tall = mix(rgb("#7d6a5c"), p.ink, 0.25), foot
    centre = foot - tall * 0.6
    rx, ry = 610.0, tall * 0.36
    tufts: list[tuple[float, float, float]] = []
    for _ in range(64):
        a, r = rng.uniform(0, math.tau), math.sqrt(rng.random())
        tufts.append((x + math.cos(a) * rx * r, centre + math.sin(a) * ry * r, rng.uniform(62, 118)))
    for tx, ty, r in tufts:
        c.poly(blob(rng, tx, ty, r * 1.25, r * 0.95, 46, 0.07), mix(LEAVES[0], p.ink, 0.32))
    c.poly(
        curve([(x - 150, foot + 8), (x - 78, foot - 60), (x - 62, foot - tall * 0.3), (x - 74, foot - tall * 0.42)], 8)
        + curve(
            [(x + 70, foot - tall * 0.42), (x + 58, foot - tall * 0.3), (x + 80, foot - 60), (x + 160, foot + 8)], 8
        ),
        bark,
    )
    c.poly(
        [
            (x + 20, foot - tall * 0.42),
            (x + 70, foot - tall * 0.42),
            (x + 80, foot - 60),
            (x + 160, foot + 8),
            (x + 50, foot),
        ],
        mix(bark, p.ink, 0.4),
        150,
    )
    for _ in range(26):
        px, py = x + rng.gauss(-10, 34), foot - rng.uniform(30, tall * 0.38)
        c.poly(
            blob(rng, px, py, rng.uniform(6, 17), rng.uniform(10, 32), 12),
            mix(bark, p.snow, rng.uniform(0.15, 0.4)),
            150,
        )
    for a in (-1.1, -0.6, -0.2, 0.25, 0.65, 1.1):
        bx = x + a * 40
        end = (x + math.sin(a) * rx * 0.72, foot - tall * 0.42 - math.cos(a) * ry * 0.9)
        mid = ((bx + end[0]) / 2 + rng.uniform(-30, 30), (foot - tall * 0.42 + end[1]) / 2 + 20)
        left = curve([(bx - 26, foot - tall * 0.37), (mid[0] - 13, mid[1]), end], 7)
        right = curve([end, (mid[0] + 13, mid[1]), (bx + 26, foot - tall * 0.37)], 7)
        c.poly(left + right, mix(bark, p.ink, 0.25))
    for depth, (tone, lift, scale) in enumerate(((0, 14, 0.86), (1, 32, 0.66), (2, 48, 0.46), (3, 58, 0.28))):
        for tx, ty, r in tufts:
            if rng.random() < 0.86 - 0.13 * depth:
                shift = rng.uniform(-18, 6)
                color = mix(LEAVES[tone], rng.choice(LEAVES), 0.22)
                c.poly(blob(rng, tx + shift, ty - lift * r / 90, r * 1.15 * scale, r * 0.8 * scale, 40, 0.11), color)
    for _ in range(420):
        a, r = rng.uniform(0, math.tau), rng.uniform(0.35, 1.12)
        lx, ly = x + math.cos(a) * rx * r, centre + math.sin(a) * ry * r
        leaf(c, lx, ly, rng.uniform(9, 17), mix(rng.choice(LEAVES), p.sun, rng.random() * 0.15))


def saffron(c: Canvas) -> None:
    """A field of saffron in flower, with people picking."""
    rng = c.rng
    p = rng.choice((DAWN, MIST, DAY, DUSK, GOLD))
    horizon = c.h * rng.uniform(0.4, 0.46)
    sky(c, p, horizon)
    ridge(c, horizon - 4, c.h * 0.23, 4, mix(p.far, p.shade, 0.4), p.low, p.shade, p.snow, 0.5)
    ridge(c, horizon + 12, c.h * 0.1, 5, mix(p.far, p.near, 0.4), mix(p.far, p.low, 0.4), rough=0.07)
    c.haze(horizon - 90, horizon + 10, p.low, 0, 0.6)
    for _ in range(22):
        warm = mix(mix(p.grass, LEAVES[3], rng.random() * 0.4), p.near, 0.2)
        poplar(c, rng.uniform(0, c.w), horizon + 14, rng.uniform(40, 100), warm, mix(warm, p.sun, 0.4))
    c.rect(0, horizon + 4, c.w, 14, mix(p.grass, p.near, 0.4))
    violet, earth = mix(rgb("#7d5ba6"), p.shade, 0.15), mix(rgb("#6d5148"), p.near, 0.25)
    c.gradient([(0, earth), (1, earth)], horizon + 14, c.h)
    vanish = c.w * rng.uniform(0.25, 0.75)
    top = horizon + 14
    spread = 190.0
    for i in range(-60, 61):
        wide = spread * 0.7
        x0, x1 = vanish + i * 13, vanish + i * spread
        strip = [(x0, top), (x0 + 9, top), (x1 + wide, c.h), (x1, c.h)]
        c.poly(strip, violet)
    c.haze(top, top + (c.h - top) * 0.35, p.low, 0.38, 0)
    c.haze(top, c.h, p.ink, 0, 0.35)
    rows = 40
    for j in range(rows):
        t = (j / rows) ** 1.7
        y = top + 8 + (c.h - top) * t
        for i in range(-60, 61):
            left = vanish + i * (13 + (spread - 13) * t)
            wide = 9 + (spread * 0.7 - 9) * t
            if left + wide < 0 or left > c.w or t > 0.6:
                continue
            for _ in range(2):
                fx = left + wide * rng.random()
                s = 1.6 + 15 * t
                color = mix(rgb(rng.choice(("#9a7cc4", "#b39ad4", "#8a68b5"))), p.low, 0.28 * (1 - t))
                c.poly([(fx - s * 0.6, y - s), (fx, y - s * 1.7), (fx + s * 0.6, y - s), (fx, y)], color)
    for dx, at, bent in ((-0.2, 0.2, 0), (0.12, 0.3, 1), (0.3, 0.16, 0), (-0.33, 0.36, 1)):
        y = top + (c.h - top) * at
        _picker(c, p, c.w * (0.5 + dx) + rng.uniform(-50, 50), y, 56 + 330 * at, bent)
    flowers = sorted((c.h * rng.uniform(0.76, 1.05), rng.uniform(-20, c.w + 20)) for _ in range(120))
    for y, x in flowers:
        crocus(c, p, x, y, 16 + 46 * (y / c.h - 0.74) / 0.3)


def _picker(c: Canvas, p: Palette, x: float, y: float, tall: float, bent: int) -> None:
    cloak = mix(c.rng.choice((p.accent, p.near, rgb("#c9a04e"), p.shade)), p.ink, 0.2)
    if not bent:
        person(c, x, y, tall, cloak, SKIN, mix(p.snow, p.accent, 0.15))
    else:
        t = tall * 0.62
        c.poly(
            [
                *curve(
                    [
                        (x - 0.5 * t, y),
                        (x - 0.48 * t, y - 0.5 * t),
                        (x - 0.1 * t, y - 0.86 * t),
                        (x + 0.3 * t, y - 0.72 * t),
                    ]
                ),
                (x + 0.28 * t, y - 0.4 * t),
                (x + 0.16 * t, y),
            ],
            cloak,
        )
        c.oval(x + 0.4 * t, y - 0.74 * t, 0.13 * t, 0.14 * t, SKIN)
        c.poly(
            [
                (x + 0.24 * t, y - 0.62 * t),
                (x + 0.28 * t, y - 0.9 * t),
                (x + 0.46 * t, y - 0.9 * t),
                (x + 0.36 * t, y - 0.74 * t),
            ],
            p.snow,
        )
        c.line([(x + 0.2 * t, y - 0.5 * t), (x + 0.5 * t, y - 0.14 * t)], mix(cloak, p.ink, 0.3), 0.1 * t)
    basket = mix(rgb("#b98a55"), p.ink, 0.1)
    b = tall * 0.16
    bx = x + tall * 0.42
    c.poly([(bx - b, y - b), (bx + b, y - b), (bx + b * 0.7, y + b * 0.2), (bx - b * 0.7, y + b * 0.2)], basket)
    c.oval(bx, y - b, b, b * 0.35, rgb("#9a7cc4"))


def crocus(c: Canvas, p: Palette, x: float, y: float, s: float) -> None:
    """One saffron flower with its red threads."""
    rng = c.rng
    green = mix(rgb("#57704a"), p.ink, 0.2)
    for _ in range(4):
        tip = (x + rng.uniform(-1.3, 1.3) * s, y - rng.uniform(0.5, 1.2) * s)
        c.poly([(x - s * 0.06, y + s * 0.6), tip, (x + s * 0.06, y + s * 0.6)], green)
    base = rgb(rng.choice(("#8e6dbb", "#a285cb", "#7c5aab")))
    c.line([(x, y + s * 0.6), (x, y - s * 0.1)], mix(base, p.snow, 0.5), s * 0.13)
    lean = rng.uniform(-0.25, 0.25)
    for turn, tone in ((-0.75, 0.0), (0.75, 0.0), (0.0, 0.1)):
        c.poly(_petal(x, y, s, turn + lean, 1.25), mix(mix(base, p.ink, 0.18), p.snow, tone))
    for turn in (-0.45, 0.1, 0.5):
        c.line(
            [(x, y - s * 0.3), (x + math.sin(turn + lean) * s * 1.1, y - math.cos(turn) * s * 1.15)],
            rgb("#c4391f"),
            s * 0.1,
        )
    for turn, tone in ((-0.42, 0.12), (0.42, 0.25)):
        c.poly(_petal(x, y, s, turn + lean, 1.0), mix(base, p.snow, tone))


def _petal(x: float, y: float, s: float, turn: float, reach: float) -> list[Point]:
    def at(along: float, across: float) -> Point:
        return (
            x + (math.sin(turn) * along + math.cos(turn) * across) * s,
            y - (math.cos(turn) * along - math.sin(turn) * across) * s,
        )

    return curve([at(0, 0), at(0.5 * reach, -0.3), at(1.2 * reach, 0), at(0.5 * reach, 0.3), at(0, 0)], 6)


def snow(c: Canvas) -> None:
    """A village in the snow, while more falls."""
    rng = c.rng
    p = rng.choice((MIST, DUSK, DAWN, DAY))
    white = mix(p.snow, p.top, 0.08)
    blue = mix(p.snow, p.shade, 0.42)
    c.gradient([(0, mix(p.top, p.shade, 0.25)), (1, mix(p.low, p.top, 0.25))])
    ridge(c, c.h * 0.46, c.h * 0.32, 3, mix(p.far, p.shade, 0.5), p.low, p.shade, white, 0.2)
    c.haze(c.h * 0.26, c.h * 0.5, p.low, 0, 0.7)
    line = ridge(c, c.h * 0.52, c.h * 0.12, 5, mix(p.far, p.near, 0.45), mix(p.far, p.low, 0.4), rough=0.08)
    for _ in range(110):
        x = rng.uniform(0, c.w)
        pine(
            c,
            x,
            height_at(line, x) + rng.uniform(10, 60),
            rng.uniform(30, 62),
            mix(p.far, p.near, rng.uniform(0.4, 0.75)),
        )
    c.haze(c.h * 0.4, c.h * 0.56, p.low, 0, 0.5)
    for row, (level, size, count) in enumerate(((0.53, 0.5, 9), (0.63, 0.78, 6), (0.79, 1.22, 4))):
        line = hills(
            c, c.h * level, 16 + 10 * row, mix(white, blue, 0.62 - 0.08 * row), mix(white, blue, 0.95 - 0.12 * row)
        )
        for i in range(count):
            x = c.w * (i + 0.5) / count + rng.uniform(-0.3, 0.3) * c.w / count
            y = height_at(line, x) + 26 * size
            if rng.random() < 0.4:
                bare_tree(c, x + 130 * size, y + 8, 210 * size, mix(p.ink, p.far, 0.45 - 0.2 * row))
            if rng.random() < 0.35:
                green = mix(p.near, p.far, 0.35 - 0.15 * row)
                pine(c, x - 150 * size, y + 10, 230 * size, green, white)
            _snow_house(c, p, x, y, size * rng.uniform(0.9, 1.1), 0.34 - 0.14 * row, white, blue)
    hills(c, c.h * 0.93, 22, mix(white, blue, 0.12), mix(white, blue, 0.6))
    x = c.w * rng.uniform(0.3, 0.7)
    for i in range(12):
        c.oval(x - 30 - i * 40, c.h * 0.965 + i * 2 + 5 * (i % 2), 9, 3.4, blue)
    person(c, x, c.h * 0.965, 120, mix(p.accent, p.ink, 0.2), SKIN)
    for _ in range(330):
        r = rng.choice((1.6, 2.2, 3, 4.4, 6))
        c.oval(rng.uniform(0, c.w), rng.uniform(0, c.h), r, r, mix(white, (255, 255, 255), 0.6), 215)


def _snow_house(c: Canvas, p: Palette, x: float, y: float, s: float, fade: float, white: Color, blue: Color) -> None:
    rng = c.rng
    half, tall, roof = 86 * s * rng.uniform(0.85, 1.2), 92 * s, 84 * s * rng.uniform(0.85, 1.15)
    brick = mix(mix(rgb(rng.choice(("#8a4f3d", "#9a6a4a", "#7a5a4c"))), p.ink, 0.15), p.low, fade)
    wood = mix(mix(rgb("#4a3227"), p.ink, 0.2), p.low, fade)
    c.rect(x - half, y - tall, half * 2, tall + 20 * s, brick)
    c.rect(x, y - tall, half, tall + 20 * s, p.ink, 32)
    c.rect(x - half, y - tall * 0.52, half * 2, 6 * s, wood)
    for storey in (0, 1):
        for i in range(4):
            wx = x - half * 0.84 + i * half * 0.45
            lit = rng.random() < 0.34
            c.rect(wx, y - tall * (0.93 - 0.5 * storey), half * 0.27, tall * 0.33, wood)
            glass = rgb("#f6c877") if lit else mix(p.ink, p.shade, 0.35)
            c.rect(
                wx + 3 * s, y - tall * (0.93 - 0.5 * storey) + 3 * s, half * 0.27 - 6 * s, tall * 0.33 - 6 * s, glass
            )
            c.rect(wx + half * 0.125, y - tall * (0.93 - 0.5 * storey), 2.4 * s, tall * 0.33, wood)
            if lit and fade < 0.25:
                c.glow(wx + half * 0.13, y - tall * (0.78 - 0.5 * storey), 62 * s, rgb("#f6c877"), 0.4)
    drift = [
        (x - half * 1.25 + half * 2.5 * i / 8, y + (17 * rng.random() - 4 - 8 * (i in (0, 8))) * s) for i in range(9)
    ]
    drift = [(dx, dy + 16 * s * (i in (0, 8))) for i, (dx, dy) in enumerate(drift)]
    c.poly([*curve(drift, 4), (x + half * 1.1, y + 30 * s), (x - half * 1.1, y + 30 * s)], mix(white, blue, 0.35))
    eave = y - tall
    c.poly([(x - half * 1.16, eave + 9 * s), (x + half * 1.16, eave + 9 * s), (x + half, eave), (x - half, eave)], wood)
    top = [(x - half * 0.62, eave - roof), (x + half * 0.58, eave - roof)]
    drift = [(x + half * 1.2 - half * 2.4 * i / 9, eave + (3 + 9 * rng.random()) * s) for i in range(10)]
    c.poly([*top, *curve(drift, 4)], white)
    c.poly([top[1], drift[0], (x + half * 0.66, eave + 4 * s), (x + half * 0.2, eave - roof)], blue, 165)
    c.rect(x - half * 0.35, eave - roof * 1.22, 17 * s, roof * 0.4, brick)
    c.rect(x - half * 0.38, eave - roof * 1.26, 22 * s, 8 * s, white)
    if rng.random() < 0.6:
        sx, sy = x - half * 0.26, eave - roof * 1.3
        for i in range(16):
            r = (6 + 2.7 * i) * s
            c.oval(sx + i * 7 * s + math.sin(i * 0.7) * 9 * s, sy - i * 10 * s, r, r * 0.7, mix(p.low, white, 0.6), 30)
