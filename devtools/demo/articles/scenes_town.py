"""Scenes of houses, boats and workshops."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

from .canvas import Canvas, Color, Point, curve, mix, rgb
from .motifs import (
    DAWN,
    DAY,
    DUSK,
    GOLD,
    MIST,
    Palette,
    bare_tree,
    birds,
    blob,
    hills,
    person,
    poplar,
    ridge,
    sky,
)
from .scenes_nature import LEAVES, SKIN, leaf, shikara

CANDLE = rgb("#f7c66f")


def _people(c: Canvas, p: Palette, spots: list[tuple[float, float, float]]) -> None:
    """Some passers-by at (x, ground, height)."""
    for x, y, tall in spots:
        cloak = c.rng.choice((p.near, p.accent, p.shade, rgb("#7a6a58"), rgb("#c2a05c")))
        scarf = c.rng.choice((None, p.snow, mix(p.accent, p.snow, 0.5)))
        c.oval(x + 14, y, tall * 0.3, tall * 0.035, p.ink, 80)
        person(c, x, y, tall, mix(cloak, p.ink, 0.25), SKIN, scarf)


def street(c: Canvas) -> None:
    """Old-town houses with timber balconies, and wires across the street."""
    rng = c.rng
    p = rng.choice((DAWN, DAY, GOLD, MIST, DUSK))
    base = c.h * 0.86
    sky(c, p, c.h * 0.62, sun=p is not MIST)
    ridge(c, c.h * 0.56, c.h * 0.36, 3, mix(p.far, p.shade, 0.4), p.low, p.shade, p.snow, 0.5)
    c.haze(c.h * 0.36, c.h * 0.66, p.low, 0, 0.6)
    x = -60.0
    while x < c.w:
        wide = rng.uniform(130, 210)
        _house(c, p, x, wide, base - 40, rng.uniform(0.36, 0.45) * c.h, 0.5)
        x += wide * rng.uniform(0.95, 1.35)
    c.haze(c.h * 0.3, base, p.low, 0.1, 0.5)
    gap = rng.uniform(0.3, 0.7) * c.w
    x = -rng.uniform(20, 140)
    while x < c.w:
        wide = rng.uniform(230, 350)
        if x < gap < x + wide:
            x = gap + rng.uniform(120, 170)
            gap = -1
            continue
        _house(c, p, x, wide, base, rng.uniform(0.47, 0.64) * c.h, 0)
        x += wide + rng.uniform(-2, 8)
    road = mix(mix(p.shade, p.low, 0.45), p.near, 0.25)
    c.gradient([(0, mix(road, p.low, 0.25)), (1, mix(road, p.ink, 0.4))], base, c.h)
    c.rect(0, base, c.w, 12, mix(road, p.snow, 0.35))
    c.rect(0, base + 12, c.w, 8, mix(road, p.ink, 0.45))
    for _ in range(90):
        t = rng.random()
        y, half = base + 26 + (c.h - base) * t, 10 + 34 * t
        c.rect(rng.uniform(0, c.w), y, half, 1.4 + 2 * t, mix(road, rng.choice((p.ink, p.snow)), 0.25))
    _wires(c, p, base)
    spots = [(rng.uniform(0.08, 0.92) * c.w, base + rng.uniform(24, 60), rng.uniform(128, 148)) for _ in range(4)]
    _people(c, p, sorted(spots, key=lambda s: s[1]))
    birds(c, c.w * rng.random(), c.h * 0.1, 5, mix(p.ink, p.far, 0.3))


def _wires(c: Canvas, p: Palette, base: float) -> None:
    rng = c.rng
    dark = mix(p.ink, p.near, 0.1)
    poles = [rng.uniform(-40, 240), rng.uniform(720, 900), rng.uniform(1380, 1640)]
    tops = [c.h * rng.uniform(0.16, 0.22) for _ in poles]
    for x, y in zip(poles, tops, strict=True):
        c.poly([(x - 5, y), (x + 5, y), (x + 8, base + 30), (x - 8, base + 30)], dark)
        for drop in (14, 44):
            c.rect(x - 44, y + drop, 88, 6, dark)
    for a in (0, 1):
        for drop, across in ((14, -40), (14, 36), (44, -38), (44, 38), (60, 0)):
            x0, x1, y0, y1 = poles[a] + across, poles[a + 1] + across, tops[a] + drop, tops[a + 1] + drop
            sag = rng.uniform(34, 74)
            line = [
                (x0 + (x1 - x0) * t / 16, y0 + (y1 - y0) * t / 16 + sag * 4 * t / 16 * (1 - t / 16)) for t in range(17)
            ]
            c.line(line, dark, 1.8, 225)


def _house(c: Canvas, p: Palette, x: float, wide: float, base: float, tall: float, fade: float) -> None:
    """A tall house of thin bricks and timber, perhaps with a balcony."""
    rng = c.rng

    def far(color: Color) -> Color:
        return mix(color, p.low, fade)

    brick = far(mix(rgb(rng.choice(("#a4593f", "#8d5138", "#b67a52", "#94694f", "#a98a6c", "#7f4a3c"))), p.near, 0.16))
    wood = far(mix(rgb(rng.choice(("#5a3b28", "#4a3226", "#6b4a30"))), p.ink, 0.15))
    pane = far(mix(p.ink, p.shade, 0.3))
    trim = mix(brick, p.snow, 0.3)
    floors = 3 if tall < 0.57 * c.h else 4
    storey = tall / (floors + 0.15)
    top = base - tall
    lit = p is DUSK
    _roof(c, p, x, wide, top, storey, far)
    c.rect(x, top, wide, tall, brick)
    for _ in range(int(30 * (1 - fade))):
        bw = rng.uniform(12, 34)
        c.rect(
            x + rng.uniform(0, wide - bw),
            top + rng.uniform(0, tall - 6),
            bw,
            4,
            mix(brick, rng.choice((p.ink, p.snow)), 0.13),
        )
    columns = 3 if wide < 270 else 4
    balcony = rng.randint(1, floors - 2) if fade == 0 and rng.random() < 0.85 else -1
    for floor in range(floors):
        y = top + floor * storey
        c.rect(x, y + storey - 7, wide, 9, wood)
        c.rect(x, y + storey - 9, wide, 3, trim)
        if floor == floors - 1:
            _shop(c, p, x, y, wide, storey, wood, far)
            continue
        cell = wide / columns
        for i in range(columns):
            w, h = cell * 0.5, storey * 0.58
            wx, wy = x + cell * (i + 0.25), y + storey * 0.2
            _window(c, wx, wy, w, h, wood, CANDLE if lit and rng.random() < 0.4 else pane, trim, fade == 0)
    if balcony >= 0:
        _balcony(c, p, x + wide * 0.1, top + balcony * storey + storey * 0.04, wide * 0.8, storey * 0.96, wood, lit)
    c.rect(x + wide - 12, top, 12, tall, p.ink, 34)
    c.rect(x, top, 5, tall, p.snow, 34)


def _roof(
    c: Canvas, p: Palette, x: float, wide: float, top: float, storey: float, far: Callable[[Color], Color]
) -> None:
    rng = c.rng
    tin = far(mix(rgb(rng.choice(("#7d8a8c", "#8a5a48", "#6f7f78", "#9a8a78"))), p.near, 0.2))
    high = storey * rng.uniform(0.55, 0.95)
    over = 20
    left = (x - over, top + 6)
    right = (x + wide + over, top + 6)
    if rng.random() < 0.5:
        c.poly([left, (x + wide / 2, top - high), right], tin)
        c.poly([(x + wide / 2, top - high), right, (x + wide * 0.62, top + 6)], mix(tin, p.ink, 0.2))
        c.poly(
            [(x + wide * 0.3, top + 6), (x + wide / 2, top - high * 0.62), (x + wide * 0.7, top + 6)],
            mix(tin, p.ink, 0.5),
        )
        c.rect(x + wide * 0.44, top - high * 0.3, wide * 0.12, high * 0.3, mix(tin, p.low, 0.45))
    else:
        a, b = (x + wide * 0.14, top - high), (x + wide * 0.86, top - high)
        c.poly([left, a, b, right], tin)
        c.poly([b, right, (x + wide * 0.8, top + 6)], mix(tin, p.ink, 0.2))
        for i in range(1, 9):
            t = i / 9
            c.line(
                [(a[0] + (b[0] - a[0]) * t, a[1]), (left[0] + (right[0] - left[0]) * t, left[1])],
                mix(tin, p.ink, 0.25),
                1.5,
            )
    c.rect(x - over, top + 2, wide + 2 * over, 9, mix(tin, p.ink, 0.45))


def _window(
    c: Canvas, x: float, y: float, w: float, h: float, wood: Color, pane: Color, trim: Color, fine: bool
) -> None:
    c.rect(x - 5, y - 5, w + 10, h + 10, trim)
    c.rect(x - 2, y - 2, w + 4, h + 4, wood)
    c.rect(x + 3, y + 3, w - 6, h - 6, pane)
    c.rect(x + w / 2 - 2, y, 4, h, wood)
    c.rect(x, y + h * 0.36, w, 4, wood)
    if fine:
        for i in range(1, 5):
            c.line([(x + w * i / 5, y), (x + w * i / 5, y + h * 0.36)], wood, 1.5)
        c.line([(x, y + h * 0.18), (x + w, y + h * 0.18)], wood, 1.5)
    c.rect(x - 8, y + h + 3, w + 16, 6, wood)


def _balcony(c: Canvas, p: Palette, x: float, y: float, w: float, h: float, wood: Color, lit: bool) -> None:
    rng = c.rng
    light, dark = mix(wood, p.sun, 0.22), mix(wood, p.ink, 0.45)
    c.poly([(x + 6, y + h), (x + w + 14, y + h), (x + w - 6, y + h + 34), (x + 20, y + h + 34)], p.ink, 62)
    count = max(4, round(w / 50))
    for i in range(count + 1):
        bx = x + w * i / count
        c.poly([(bx - 5, y + h), (bx + 5, y + h), (bx + 2, y + h + 26), (bx - 2, y + h + 20)], dark)
    c.rect(x - 8, y, w + 16, h, wood)
    c.poly([(x - 26, y + 4), (x - 6, y - 18), (x + w + 6, y - 18), (x + w + 26, y + 4)], mix(wood, p.shade, 0.35))
    cell = w / count
    for i in range(count):
        cx = x + cell * i + 5
        glass = CANDLE if lit and rng.random() < 0.5 else mix(p.ink, p.shade, 0.22)
        arch = [(cx, y + h * 0.6), (cx, y + h * 0.26), (cx + (cell - 10) * 0.5, y + h * 0.12)]
        arch += [(cx + cell - 10, y + h * 0.26), (cx + cell - 10, y + h * 0.6)]
        c.poly(arch, glass)
        for j in range(1, 4):
            gx = cx + (cell - 10) * j / 4
            c.line([(gx, y + h * 0.2), (gx, y + h * 0.6)], light, 1.4)
        for j in range(3):
            gy = y + h * (0.3 + 0.1 * j)
            c.line([(cx, gy), (cx + cell - 10, gy)], light, 1.4)
        c.rect(cx, y + h * 0.66, cell - 10, h * 0.25, mix(light, wood, 0.45))
        mid = (cx + (cell - 10) / 2, y + h * 0.785)
        r = min(cell * 0.3, h * 0.1)
        c.poly([(mid[0], mid[1] - r), (mid[0] + r, mid[1]), (mid[0], mid[1] + r), (mid[0] - r, mid[1])], dark)
    c.rect(x - 10, y + h * 0.615, w + 20, 7, light)
    c.rect(x - 10, y + h - 10, w + 20, 10, light)
    for i in range(round(w / 12)):
        dx = x + i * 12
        c.poly([(dx, y + h), (dx + 12, y + h), (dx + 6, y + h + 9)], light)


def _shop(
    c: Canvas, p: Palette, x: float, y: float, w: float, h: float, wood: Color, far: Callable[[Color], Color]
) -> None:
    rng = c.rng
    stone = far(mix(p.shade, p.low, 0.35))
    c.rect(x, y + h * 0.1, w, h * 1.1, mix(stone, p.ink, 0.12))
    cell = w / 2
    for i in range(2):
        sx, sy, sw, sh = x + cell * i + 12, y + h * 0.3, cell - 24, h * 0.86
        paint = far(mix(rgb(rng.choice(("#3f6b6b", "#7a4a34", "#4f6a86", "#8a7a4a"))), p.near, 0.25))
        c.rect(sx - 4, sy - 4, sw + 8, sh + 4, wood)
        if rng.random() < 0.5:
            c.rect(sx, sy, sw, sh, paint)
            for j in range(1, 7):
                c.line([(sx + sw * j / 7, sy), (sx + sw * j / 7, sy + sh)], mix(paint, p.ink, 0.4), 2)
        else:
            c.rect(sx, sy, sw, sh, mix(p.ink, wood, 0.3))
            c.rect(sx, sy, sw, sh, CANDLE, 40)
            for j in range(3):
                shelf = sy + sh * (0.35 + 0.24 * j)
                c.rect(sx + 4, shelf, sw - 8, 4, wood)
                for k in range(6):
                    tone = far(mix(rng.choice((p.accent, p.sun, p.grass, p.shade)), p.ink, 0.25))
                    c.rect(sx + 7 + k * (sw - 14) / 6, shelf - sh * 0.13, (sw - 14) / 8, sh * 0.13, tone)
        cloth = far(rng.choice((p.accent, mix(p.accent, p.sun, 0.4), p.near)))
        c.poly(
            [(sx - 6, sy - 14), (sx + sw + 6, sy - 14), (sx + sw + 18, sy + h * 0.17), (sx - 18, sy + h * 0.17)], cloth
        )
        for j in range(0, 8, 2):
            a, b = j / 8, (j + 1) / 8
            top = [(sx - 6 + (sw + 12) * t, sy - 14) for t in (a, b)]
            low = [(sx - 18 + (sw + 36) * t, sy + h * 0.17) for t in (b, a)]
            c.poly(top + low, mix(cloth, p.snow, 0.55))


def school(c: Canvas) -> None:
    """A school with rows of windows, and pupils in its yard."""
    rng = c.rng
    p = rng.choice((DAWN, DAY, MIST, GOLD))
    base = c.h * rng.uniform(0.68, 0.71)
    sky(c, p, c.h * 0.6)
    ridge(c, c.h * 0.56, c.h * 0.34, 3, mix(p.far, p.shade, 0.4), p.low, p.shade, p.snow, 0.46)
    ridge(c, c.h * 0.62, c.h * 0.14, 5, mix(p.far, p.near, 0.4), mix(p.far, p.low, 0.4), rough=0.08)
    c.haze(c.h * 0.4, base, p.low, 0, 0.5)
    for i in range(18):
        tone = mix(mix(p.grass, LEAVES[3], rng.random() * 0.5), p.near, 0.25)
        poplar(c, c.w * i / 17 + rng.uniform(-30, 30), base, rng.uniform(150, 300), tone, mix(tone, p.sun, 0.4))
    yard = mix(mix(rgb("#c9ad86"), p.low, 0.3), p.grass, 0.15)
    c.gradient([(0, mix(yard, p.low, 0.3)), (1, mix(yard, p.near, 0.45))], base - 4, c.h)
    wide = rng.uniform(1040, 1160)
    x = c.w / 2 - wide / 2 + rng.uniform(-130, 130)
    c.rect(0, base - 30, c.w, 34, mix(p.shade, p.low, 0.4))
    c.rect(0, base - 34, c.w, 6, mix(p.shade, p.low, 0.65))
    _school_house(c, p, x, wide, base)
    side = -1 if x + wide / 2 > c.w / 2 else 1
    tx = c.w / 2 + side * c.w * 0.41
    c.oval(tx + 40, base + 92, 170, 16, p.ink, 55)
    bare_tree(c, tx, base + 96, 560, mix(rgb("#5a4638"), p.ink, 0.4), 0.04 * side)
    for _ in range(70):
        leaf(c, tx + rng.gauss(0, 130), base + 96 + abs(rng.gauss(0, 34)), rng.uniform(4, 9), rng.choice(LEAVES))
    for _ in range(26):
        sx, sy = rng.uniform(0, c.w), base + rng.uniform(30, 320)
        c.poly(
            blob(rng, sx, sy, rng.uniform(50, 170), rng.uniform(3, 9), 20, 0.2),
            mix(yard, rng.choice((p.ink, p.sun)), 0.3),
            40,
        )
    spots = [(c.w * rng.uniform(0.14, 0.86), base + rng.uniform(34, 230), 0.0) for _ in range(12)]
    _people(c, p, [(sx, sy, 62 + (sy - base) * 0.2) for sx, sy, _ in sorted(spots, key=lambda s: s[1])])


def _school_house(c: Canvas, p: Palette, x: float, wide: float, base: float) -> None:
    rng = c.rng
    wall = mix(rgb(rng.choice(("#d9c3a0", "#c98f6f", "#cfd0c0", "#b8715a"))), p.low, 0.2)
    wood = mix(rgb(rng.choice(("#4f6a6b", "#6b4a35", "#3f5a70"))), p.ink, 0.2)
    tin = mix(rgb(rng.choice(("#9a5a48", "#6f7f84", "#7a6a5c"))), p.near, 0.2)
    tall = 330.0
    top = base - tall
    c.poly([(x + wide, base), (x + wide + 90, base + 22), (x + 60, base + 22), (x, base)], p.ink, 55)
    c.rect(x, top, wide, tall, wall)
    c.rect(x, base - 22, wide, 22, mix(p.shade, p.near, 0.35))
    count = round(wide / 92)
    cell = wide / count
    door = count // 2
    for floor in (0, 1):
        for i in range(count):
            wx, wy = x + cell * i + cell * 0.22, top + 40 + floor * 142
            if floor and i == door:
                c.rect(wx - 10, wy - 6, cell * 0.56 + 20, 124, wood)
                c.rect(wx - 2, wy + 4, cell * 0.56 + 4, 112, mix(p.ink, wood, 0.3))
                continue
            pane = mix(mix(p.ink, p.shade, 0.4), p.sun, rng.choice((0, 0.08, 0.3)))
            _window(c, wx, wy, cell * 0.56, 82, wood, pane, mix(wall, p.snow, 0.55), False)
    c.rect(x, top + 146, wide, 8, mix(wall, p.ink, 0.35))
    c.poly([(x - 24, top + 170), (x, top + 148), (x + wide, top + 148), (x + wide + 24, top + 170)], tin)
    c.rect(x - 24, top + 169, wide + 48, 6, mix(tin, p.ink, 0.4))
    c.rect(x, top + 175, wide, 18, p.ink, 48)
    for i in range(count + 1):
        px = x - 16 + (wide + 32) * i / count
        c.rect(px - 4, top + 174, 8, tall - 174, mix(wood, p.snow, 0.12))
    high = 118
    c.poly([(x - 36, top + 6), (x + 70, top - high), (x + wide - 70, top - high), (x + wide + 36, top + 6)], tin)
    for i in range(1, 26):
        t = i / 26
        c.line(
            [(x + 70 + (wide - 140) * t, top - high), (x - 36 + (wide + 72) * t, top + 4)], mix(tin, p.ink, 0.22), 1.6
        )
    c.rect(x - 36, top + 2, wide + 72, 8, mix(tin, p.ink, 0.45))
    mid = x + wide / 2
    c.poly([(mid - 112, top + 8), (mid, top - high * 0.98), (mid + 112, top + 8)], mix(tin, p.ink, 0.2))
    c.poly([(mid - 84, top + 8), (mid, top - high * 0.7), (mid + 84, top + 8)], wall)
    c.oval(mid, top - 22, 19, 19, wood)
    c.oval(mid, top - 22, 13, 13, mix(p.ink, p.shade, 0.5))
    for i in range(3):
        c.rect(mid - 70 - i * 14, base - 14 + i * 9, 140 + i * 28, 10, mix(p.shade, p.low, 0.45 - 0.12 * i))


def court(c: Canvas) -> None:
    """A stone building with columns and broad steps."""
    rng = c.rng
    p = rng.choice((DAWN, DAY, MIST, GOLD, DUSK))
    base = c.h * 0.78
    sky(c, p, c.h * 0.66, sun=p is not DAY)
    ridge(c, c.h * 0.64, c.h * 0.3, 3, mix(p.far, p.shade, 0.35), p.low, p.shade, p.snow, 0.5)
    c.haze(c.h * 0.4, base, p.low, 0, 0.75)
    for i in range(14):
        tone = mix(mix(p.grass, p.near, 0.4), p.low, 0.25)
        poplar(c, c.w * i / 13 + rng.uniform(-36, 36), base, rng.uniform(190, 360), tone, mix(tone, p.sun, 0.35))
    stone = mix(rgb(rng.choice(("#d8c7a8", "#cdbfb0", "#c9c6b8", "#d3b79a"))), p.low, 0.2)
    dark, deep = mix(stone, p.shade, 0.5), mix(p.ink, p.shade, 0.3)
    ground = mix(mix(stone, p.near, 0.3), p.grass, 0.15)
    c.gradient([(0, mix(ground, p.low, 0.35)), (1, mix(ground, p.ink, 0.4))], base - 2, c.h)
    hedge = mix(mix(p.grass, p.near, 0.55), p.low, 0.12)
    for i in range(34):
        c.poly(blob(rng, i * 50 - 20, base - 22, 48, rng.uniform(26, 40), 26), mix(hedge, p.sun, rng.random() * 0.14))
    c.rect(0, base - 22, c.w, 22, mix(hedge, p.ink, 0.2))
    mid = c.w / 2 + rng.uniform(-70, 70)
    wing, half = 640.0, 330.0
    c.rect(mid - wing, base - 300, wing * 2, 300, mix(stone, p.shade, 0.16))
    c.rect(mid - wing - 12, base - 322, wing * 2 + 24, 16, stone)
    c.rect(mid - wing, base - 306, wing * 2, 8, dark)
    c.rect(mid - wing, base - 34, wing * 2, 34, dark)
    for s in (-1, 1):
        for i in range(4):
            wx = mid + s * (half + 62 + i * 74) - 17
            c.rect(wx - 6, base - 246, 46, 150, mix(stone, p.snow, 0.35))
            arch = [
                (wx + 17 + 17 * math.cos(a / 10 * math.pi), base - 222 - 17 * math.sin(a / 10 * math.pi))
                for a in range(11)
            ]
            c.poly([*arch, (wx, base - 100), (wx + 34, base - 100)], deep)
            c.rect(wx + 15.5, base - 238, 3, 138, mix(stone, p.ink, 0.2))
            c.rect(wx, base - 170, 34, 3, mix(stone, p.ink, 0.2))
    steps, foot = 9, base + 66
    plinth = base - 54
    for i in range(steps):
        y = plinth + (foot - plinth) * i / steps
        grow = half + 26 + i * 11
        c.rect(mid - grow, y, grow * 2, (foot - plinth) / steps + 1, mix(stone, p.snow, 0.28 - 0.02 * i))
        c.rect(mid - grow, y + (foot - plinth) / steps - 4, grow * 2, 4, dark)
    head = plinth - 330
    c.gradient_rect(mid - half + 14, head, half * 2 - 28, 330, deep, mix(deep, dark, 0.55))
    c.rect(mid - 54, plinth - 214, 108, 214, mix(rgb("#5a3b28"), p.ink, 0.35))
    c.rect(mid - 2, plinth - 214, 4, 214, deep)
    for i in range(6):
        _column(c, mid - half + 40 + i * (half * 2 - 80) / 5, head, plinth, stone, dark, p)
    c.rect(mid - half - 10, head - 58, half * 2 + 20, 60, stone)
    c.rect(mid - half - 10, head - 24, half * 2 + 20, 5, dark)
    c.rect(mid - half - 26, head - 72, half * 2 + 52, 16, mix(stone, p.snow, 0.35))
    peak = head - 190
    c.poly([(mid - half - 30, head - 72), (mid, peak), (mid + half + 30, head - 72)], mix(stone, p.snow, 0.3))
    c.poly([(mid - half + 30, head - 80), (mid, peak + 26), (mid + half - 30, head - 80)], mix(stone, p.shade, 0.42))
    c.oval(mid, head - 112, 27, 27, stone)
    c.oval(mid, head - 112, 17, 17, deep)
    for i in range(24):
        x0, x1 = mid + (i - 11.5) * 70, mid + (i - 11.5) * 230
        c.line([(x0, foot), (x1, c.h)], mix(ground, p.ink, 0.3), 2, 110)
    for t in (0.12, 0.34, 0.66):
        c.line([(0, foot + (c.h - foot) * t), (c.w, foot + (c.h - foot) * t)], mix(ground, p.ink, 0.3), 2, 110)
    c.poly(
        [
            (mid + half + 120, foot),
            (mid + half + 330, foot + 60),
            (mid - half + 60, foot + 60),
            (mid - half - 120, foot),
        ],
        p.ink,
        40,
    )
    spots = [(mid + rng.uniform(-560, 560), foot + rng.uniform(14, 110), rng.uniform(98, 122)) for _ in range(5)]
    _people(c, p, [(mid + rng.uniform(-180, 180), plinth + 30, 92), *sorted(spots, key=lambda s: s[1])])
    birds(c, mid, c.h * 0.12, 6, mix(p.ink, p.far, 0.3))


def _column(c: Canvas, x: float, top: float, foot: float, stone: Color, dark: Color, p: Palette) -> None:
    light = mix(stone, p.snow, 0.4)
    c.poly([(x - 21, top + 26), (x + 21, top + 26), (x + 26, foot - 18), (x - 26, foot - 18)], light)
    for i, tone in enumerate((0.05, 0.1, 0.2, 0.42, 0.62)):
        a = -17 + i * 7.6
        c.poly(
            [(x + a, top + 26), (x + a + 4, top + 26), (x + a * 1.22 + 5, foot - 18), (x + a * 1.22, foot - 18)],
            mix(light, dark, tone + 0.2),
        )
    c.rect(x - 30, top + 12, 60, 15, light)
    c.rect(x - 36, top, 72, 13, mix(light, dark, 0.25))
    c.rect(x - 34, foot - 19, 68, 19, mix(light, dark, 0.2))


def houseboat(c: Canvas) -> None:
    """A carved houseboat at its mooring, doubled by the water."""
    rng = c.rng
    p = rng.choice((DAWN, DUSK, MIST, DAY, GOLD))
    water = c.h * rng.uniform(0.62, 0.66)
    sun = sky(c, p, water)
    ridge(c, water - 60, c.h * 0.36, 3, mix(p.far, p.shade, 0.45), p.low, p.shade, p.snow, 0.42)
    ridge(c, water - 20, c.h * 0.15, 5, mix(p.far, p.near, 0.4), mix(p.far, p.low, 0.4), rough=0.08)
    c.haze(water - 190, water, p.low, 0, 0.55)
    dark = mix(p.near, p.ink, 0.2)
    for _ in range(34):
        tone = mix(mix(dark, p.grass, rng.random() * 0.7), p.low, 0.3)
        poplar(c, rng.uniform(0, c.w), water - 6, rng.uniform(90, 210), tone, mix(tone, p.sun, 0.25))
    for _ in range(30):
        tone = mix(mix(p.grass, dark, 0.6), p.low, rng.uniform(0.1, 0.3))
        c.poly(blob(rng, rng.uniform(0, c.w), water - 18, rng.uniform(40, 110), rng.uniform(22, 54), 30), tone)
    c.rect(0, water - 14, c.w, 14, mix(dark, p.ink, 0.3))
    way = rng.choice((-1, 1))
    _boat_house(c, p, c.w / 2 - way * 560, water - 16, 0.52, way, 0.32)
    _boat_house(c, p, c.w / 2 + way * 60, water, 1.0, way, 0)
    c.mirror(water, mix(p.near, p.top, 0.45), 0.26, 1.0)
    c.haze(water, c.h, p.ink, 0.05, 0.45)
    c.haze(water - 2, water + 26, p.low, 0.35, 0)
    c.ripples(water, mix(p.low, p.sun, 0.4), 70, 62)
    c.ripples(water, p.sun, 40, 85, sun)
    shikara(c, p, c.w / 2 - way * rng.uniform(280, 420), water + (c.h - water) * 0.56, 420, way)


def _boat_house(c: Canvas, p: Palette, x: float, water: float, s: float, way: int, fade: float) -> None:
    rng = c.rng
    wood = mix(mix(rgb(rng.choice(("#9a6238", "#8a5330", "#a9764a"))), p.near, 0.12), p.low, fade)
    light, dark = mix(wood, mix(p.sun, p.low, fade), 0.32), mix(wood, p.ink, 0.5 * (1 - fade))
    roof = mix(mix(rgb(rng.choice(("#6f5a4c", "#7a8482", "#5f6f70"))), p.near, 0.2), p.low, fade)
    cloth = mix(mix(p.accent, rgb("#b8432f"), 0.3), p.low, fade)

    def at(px: float, py: float) -> Point:
        return x + px * s * way, water - py * s

    def box(px: float, py: float, w: float, h: float, color: Color, alpha: int = 255) -> None:
        c.poly([at(px, py), at(px + w, py), at(px + w, py + h), at(px, py + h)], color, alpha)

    hull = [at(-560, 78), at(-540, 22), at(-500, 0), at(470, 0), at(540, 30), at(585, 92), at(470, 62), at(-470, 62)]
    c.poly(hull, dark)
    box(-520, 44, 1040, 7, light)
    box(-470, 60, 760, 190, wood)
    for i in range(9):
        px = -452 + i * 82
        box(px, 70, 66, 44, mix(wood, dark, 0.35))
        c.poly([at(px + 33, 76), at(px + 56, 92), at(px + 33, 108), at(px + 10, 92)], light)
        arch = [
            at(px, 126),
            at(px, 196),
            at(px + 14, 216),
            at(px + 33, 224),
            at(px + 52, 216),
            at(px + 66, 196),
            at(px + 66, 126),
        ]
        c.poly(arch, light)
        glass = mix(CANDLE if p is DUSK and rng.random() < 0.7 else mix(p.ink, p.shade, 0.4), p.low, fade)
        inner = [at(px + 6, 130), at(px + 6, 194), at(px + 33, 216), at(px + 60, 194), at(px + 60, 130)]
        c.poly(inner, glass)
        c.poly([at(px + 6, 130), at(px + 6, 194), at(px + 14, 200), at(px + 20, 160)], cloth)
        c.poly([at(px + 60, 130), at(px + 60, 194), at(px + 52, 200), at(px + 46, 160)], cloth)
        box(px + 31, 130, 4, 84, light)
    box(-470, 236, 760, 14, light)
    box(290, 60, 190, 190, mix(dark, p.ink, 0.25))
    box(320, 60, 62, 130, mix(wood, cloth, 0.4))
    for px in (290, 348, 410, 468):
        box(px, 60, 12, 190, light)
        c.poly([at(px - 20, 250), at(px + 32, 250), at(px + 12, 222), at(px, 222)], light)
    for i in range(10):
        box(296 + i * 19, 62, 5, 40, light)
    box(290, 100, 190, 7, light)
    c.poly([at(-510, 250), at(-480, 280), at(500, 280), at(530, 250)], roof)
    c.poly([at(-510, 250), at(530, 250), at(526, 242), at(-506, 242)], mix(roof, dark, 0.6))
    for i in range(52):
        tip = -496 + i * 19.8
        c.poly([at(tip - 10, 243), at(tip + 9.8, 243), at(tip, 226)], light)
    for i in range(22):
        box(-440 + i * 38, 280, 5, 34, light)
    box(-446, 312, 812, 7, light)
    for px in (-80, 190):
        box(px, 280, 7, 88, dark)
    c.poly([at(-130, 366), at(-70, 392), at(190, 392), at(250, 366)], cloth)
    for i in range(16):
        stripe = mix(cloth, mix(p.snow, p.low, fade), 0.5 * (i % 2))
        tip = -118 + i * 23.75
        c.poly([at(tip - 12, 367), at(tip + 11.75, 367), at(tip, 350)], stripe)
    for i in range(5):
        box(484 + i * 15, 50 - i * 11, 46, 9, light)
    box(-10, 282, 130, 22, mix(cloth, p.snow, 0.4))
    for px in (-536, 600):
        box(px, -6, 9, 150, dark)


def night(c: Canvas) -> None:
    """A town in a power cut, with candles in a few windows."""
    rng = c.rng
    top, low = rgb(rng.choice(("#0f1930", "#131a35", "#10212f"))), rgb(rng.choice(("#3b4a73", "#4a4f7d", "#37586b")))
    moon, ink = rgb("#f3ead0"), rgb("#0a1020")
    c.gradient([(0, top), (0.7, low), (1, mix(low, rgb("#c9a58a"), 0.25))], 0, c.h * 0.72)
    for _ in range(190):
        y = c.h * 0.56 * rng.random() ** 1.3
        r = rng.choice((0.9, 1.2, 1.2, 1.8, 2.4))
        c.oval(rng.uniform(0, c.w), y, r, r, moon, rng.randint(90, 230))
    mx, my = c.w * rng.uniform(0.14, 0.86), c.h * rng.uniform(0.12, 0.24)
    c.glow(mx, my, 360, moon, 0.42)
    c.oval(mx, my, 46, 46, moon)
    c.oval(mx + 20, my - 10, 40, 40, mix(mix(top, low, 0.3), moon, 0.14))
    ridge(c, c.h * 0.54, c.h * 0.3, 3, mix(low, top, 0.35), low, top, mix(low, moon, 0.5), 0.5)
    c.haze(c.h * 0.36, c.h * 0.6, low, 0, 0.5)
    for row in range(5):
        t = row / 4
        body = mix(mix(low, top, 0.35 + 0.3 * t), ink, 0.1 + 0.72 * t)
        level = c.h * (0.55 + 0.36 * t)
        hills(c, level, 12 + 8 * t, body)
        x = -rng.uniform(0, 100)
        while x < c.w:
            wide = (70 + 130 * t) * rng.uniform(0.75, 1.3)
            _dark_house(c, x, wide, level + 24, (66 + 150 * t) * rng.uniform(0.8, 1.35), body, moon, t)
            if rng.random() < 0.16:
                poplar(c, x, level + 24, (130 + 190 * t) * rng.uniform(0.8, 1.1), mix(body, ink, 0.25))
            x += wide * rng.uniform(1.0, 1.35)
        c.haze(level - 20, level + 60, low, 0, 0.14 * (1 - t))
    hills(c, c.h * 0.955, 9, ink)
    poles = [rng.uniform(80, 260), rng.uniform(760, 900), rng.uniform(1400, 1540)]
    for x in poles:
        c.rect(x - 5, c.h * 0.42, 10, c.h, ink)
        c.rect(x - 46, c.h * 0.45, 92, 6, ink)
    for a, b in ((-300, poles[0]), (poles[0], poles[1]), (poles[1], poles[2]), (poles[2], 1900)):
        for across in (-40, 0, 40):
            line = [(a + across + (b - a) * t / 14, c.h * 0.45 + 190 * t / 14 * (1 - t / 14)) for t in range(15)]
            c.line(line, ink, 2)


def _dark_house(c: Canvas, x: float, wide: float, base: float, tall: float, body: Color, moon: Color, t: float) -> None:
    rng = c.rng
    wall = mix(body, moon, rng.uniform(0, 0.05))
    top = base - tall
    c.rect(x, top, wide, tall + 40, wall)
    high = wide * rng.uniform(0.26, 0.42)
    inset = wide * rng.choice((0.5, 0.25))
    eaves = wide * 0.08
    roof = [(x - eaves, top), (x + inset, top - high), (x + wide - inset, top - high), (x + wide + eaves, top)]
    c.poly(roof, mix(body, rgb("#0a1020"), 0.3))
    c.line(roof[:2], mix(body, moon, 0.3), 1 + t)
    if inset < wide / 2:
        c.line(roof[1:3], mix(body, moon, 0.3), 1 + t)
    columns, floors = max(2, round(wide / (30 + 34 * t))), max(1, round(tall / (34 + 46 * t)))
    cw, ch = wide / columns, tall / floors
    for i in range(columns):
        for j in range(floors):
            wx, wy, w, h = x + cw * (i + 0.28), top + ch * (j + 0.24), cw * 0.44, ch * 0.5
            if rng.random() < 0.13:
                c.glow(wx + w / 2, wy + h / 2, w * 2.6, CANDLE, 0.55)
                c.rect(wx, wy, w, h, mix(CANDLE, rgb("#e58a3c"), rng.random() * 0.6))
                c.poly(
                    curve(
                        [
                            (wx + w / 2, wy + h * 0.34),
                            (wx + w * 0.6, wy + h * 0.56),
                            (wx + w / 2, wy + h * 0.66),
                            (wx + w * 0.4, wy + h * 0.56),
                            (wx + w / 2, wy + h * 0.34),
                        ],
                        4,
                    ),
                    moon,
                )
                c.rect(wx + w * 0.45, wy + h * 0.66, w * 0.1, h * 0.34, moon)
                c.rect(wx + w * 0.48, wy, max(1.2, w * 0.05), h, body)
            else:
                c.rect(wx, wy, w, h, mix(wall, rgb("#0a1020"), 0.35))
                c.rect(wx, wy, w, h * 0.18, mix(wall, moon, 0.07))


def press(c: Canvas) -> None:
    """A printing shop: rollers, a web of paper, stacks of the morning's issue."""
    rng = c.rng
    p = rng.choice((DAWN, DUSK, GOLD, MIST, DAY))
    wall = mix(rgb(rng.choice(("#c9b79a", "#9fb0ae", "#b79a86", "#8f9fae"))), p.shade, 0.2)
    floor = c.h * 0.72
    c.gradient([(0, mix(wall, p.ink, 0.32)), (1, mix(wall, p.low, 0.3))], 0, floor)
    c.gradient([(0, mix(wall, p.ink, 0.5)), (1, mix(wall, p.ink, 0.74))], floor, c.h)
    side = rng.choice((-1, 1))
    mid = c.w / 2

    def at(x: float) -> float:
        return mid + side * (x - mid)

    wx = at(260)
    c.rect(wx - 170, 110, 340, 400, mix(wall, p.ink, 0.5))
    c.rect(wx - 158, 122, 316, 376, mix(p.low, p.sun, 0.5))
    c.poly(
        [(wx - 158, 400), (wx - 60, 330), (wx + 30, 380), (wx + 158, 300), (wx + 158, 498), (wx - 158, 498)],
        mix(p.far, p.low, 0.3),
    )
    for i in range(1, 4):
        c.rect(wx - 158 + i * 79 - 3, 122, 6, 376, mix(wall, p.ink, 0.5))
        c.rect(wx - 158, 122 + i * 94 - 3, 316, 6, mix(wall, p.ink, 0.5))
    beam = [(wx - 158, 122), (wx + 158, 122), (wx + side * 560 + 240, c.h), (wx + side * 560 - 260, c.h)]
    c.fading(beam, p.sun, 0.3, 0.06)
    c.glow(wx, 310, 420, p.sun, 0.4)
    for i in range(9):
        c.line(
            [(0, floor + (c.h - floor) * (i / 9) ** 1.5), (c.w, floor + (c.h - floor) * (i / 9) ** 1.5)], p.ink, 2, 40
        )
    _machine(c, p, at, floor, side)
    for lamp in (at(700), at(1220)):
        c.line([(lamp, 0), (lamp, 120)], p.ink, 3)
        c.glow(lamp, 170, 250, CANDLE, 0.42)
        c.poly([(lamp - 16, 116), (lamp + 16, 116), (lamp + 56, 160), (lamp - 56, 160)], mix(p.accent, p.ink, 0.35))
        c.oval(lamp, 160, 44, 8, mix(CANDLE, p.snow, 0.5))
    for x, y, n in ((330, 0.83, 22), (600, 0.85, 13), (150, 0.965, 30), (470, 0.985, 17), (770, 0.975, 9)):
        _stack(c, p, at(x), c.h * y, n, side)


def _machine(c: Canvas, p: Palette, at: Callable[[float], float], floor: float, side: int) -> None:
    rng = c.rng
    iron = mix(rgb(rng.choice(("#34484c", "#3f4450", "#4a3f3c", "#2f4a45"))), p.ink, 0.3)
    light, paper = mix(iron, p.low, 0.3), mix(p.snow, p.low, 0.2)

    def box(x: float, y: float, w: float, h: float, color: Color) -> None:
        c.poly([(at(x), y), (at(x + w), y), (at(x + w), y + h), (at(x), y + h)], color)

    foot = floor + 74
    c.oval(at(1130), foot + 4, 470, 34, p.ink, 110)
    box(800, 250, 640, foot - 250, mix(iron, p.ink, 0.35))
    box(770, foot - 60, 720, 60, iron)
    box(770, foot - 62, 720, 8, light)
    rollers = [
        (900.0, 350.0, 64.0, -1),
        (1080.0, 320.0, 46.0, 1),
        (1140.0, 470.0, 74.0, -1),
        (1300.0, 350.0, 80.0, 1),
        (1320.0, 560.0, 70.0, 1),
        (1140.0, 640.0, 50.0, -1),
        (940.0, 540.0, 78.0, 1),
    ]
    web = _web(rollers, (812.0, 470.0), (700.0, 640.0))
    line = [(at(x), y) for x, y in web]
    for x, y, r, _ in rollers:
        c.oval(at(x) + 7, y + 9, r, r, p.ink, 130)
        c.oval(at(x), y, r, r, mix(iron, p.low, 0.16))
        c.oval(at(x) - side * r * 0.06, y - r * 0.08, r * 0.84, r * 0.84, mix(iron, p.low, 0.34))
        c.oval(at(x), y, r * 0.56, r * 0.56, iron)
        for k in range(6):
            a = k * math.tau / 6 + rng.random()
            c.oval(at(x) + math.cos(a) * r * 0.36, y + math.sin(a) * r * 0.36, r * 0.1, r * 0.1, light)
        c.oval(at(x), y, r * 0.15, r * 0.15, mix(p.accent, p.ink, 0.1))
    c.line([(x, y + 6) for x, y in line], p.ink, 10, 90)
    c.line(line, mix(paper, p.shade, 0.5), 11)
    c.line(line, paper, 8)
    for x in (790, 1420):
        box(x, 214, 40, foot - 214, iron)
        box(x, 214, 7, foot - 214, light)
        for k in range(8):
            c.oval(at(x + 22), 246 + k * 66, 5, 5, light)
    box(770, 196, 710, 30, iron)
    box(770, 196, 710, 6, light)
    box(560, 636, 240, 12, light)
    box(566, 648, 12, foot - 648, iron)
    for k in range(6):
        box(590 + k * 6, 626 - k * 6, 150, 7, mix(paper, p.shade, 0.12 * (k % 2)))
    wheel = (at(1470), 560.0)
    c.oval(*wheel, 128, 128, mix(p.accent, p.ink, 0.3))
    c.oval(*wheel, 106, 106, mix(iron, p.ink, 0.3))
    for k in range(6):
        a = k * math.tau / 6 + 0.3
        c.line([wheel, (wheel[0] + math.cos(a) * 112, wheel[1] + math.sin(a) * 112)], mix(p.accent, p.ink, 0.3), 13)
    c.oval(*wheel, 24, 24, light)


def _web(rollers: list[tuple[float, float, float, int]], start: Point, end: Point) -> list[Point]:
    """The path of a strip of paper drawn tight over the rollers, on the side that each one's sign gives."""
    stations = [(*start, 0.0, 1), *rollers, (*end, 0.0, 1)]
    normals: list[Point] = []
    for (x0, y0, r0, s0), (x1, y1, r1, s1) in itertools.pairwise(stations):
        far = math.dist((x0, y0), (x1, y1))
        ux, uy = (x1 - x0) / far, (y1 - y0) / far
        along = (s0 * r0 - s1 * r1) / far
        across = math.sqrt(max(0.0, 1 - along * along))
        normals.append((along * ux + across * uy, along * uy - across * ux))
    out = [start]
    for (x, y, r, sign), before, after in zip(rollers, normals, normals[1:], strict=False):
        a, b = math.atan2(before[1], before[0]), math.atan2(after[1], after[0])
        turn = (b - a + math.pi) % math.tau - math.pi
        for i in range(13):
            angle = a + turn * i / 12
            out.append((x + math.cos(angle) * r * sign, y + math.sin(angle) * r * sign))
    return [*out, end]


def _stack(c: Canvas, p: Palette, x: float, y: float, count: int, side: int) -> None:
    """Folded newspapers: thin edges, and a top sheet with grey columns."""
    rng = c.rng
    wide, deep, thick = 212.0, 62.0, 7.0
    paper = mix(p.snow, p.low, 0.16)
    slant = side * 34
    c.poly(
        [
            (x - wide / 2 - 12, y + 5),
            (x + wide / 2 + 12, y + 5),
            (x + wide / 2 + slant + 30, y - deep),
            (x - wide / 2 + slant, y - deep),
        ],
        p.ink,
        110,
    )
    dx = 0.0
    for i in range(count):
        dx = rng.uniform(-4, 4)
        ly = y - i * thick
        c.rect(x - wide / 2 + dx, ly - thick, wide, thick, mix(paper, p.shade, 0.1 + 0.28 * rng.random()))
        c.rect(x - wide / 2 + dx, ly - 1.6, wide, 1.6, mix(p.shade, p.ink, 0.4), 170)
        edge = x + (wide / 2 + dx) * (1 if side > 0 else -1)
        c.poly(
            [(edge, ly - thick), (edge, ly), (edge + slant, ly - deep), (edge + slant, ly - deep - thick)],
            mix(paper, p.shade, 0.5 + 0.14 * (i % 2)),
        )
    top = y - count * thick

    def on(u: float, v: float) -> Point:
        return x + dx - wide / 2 + u * wide + slant * v, top - deep * v

    def block(u0: float, v0: float, u1: float, v1: float, color: Color) -> None:
        c.poly([on(u0, v0), on(u1, v0), on(u1, v1), on(u0, v1)], color)

    grey = mix(p.ink, paper, 0.35)
    block(0, 0, 1, 1, mix(paper, p.sun, 0.35))
    block(0.06, 0.8, 0.94, 0.94, mix(p.ink, p.near, 0.4))
    block(0.38, 0.36, 0.94, 0.73, mix(rng.choice((p.accent, p.near, p.shade)), paper, 0.25))
    for j in range(7):
        v = 0.09 + j * 0.095
        block(0.06, v, 0.34, v + 0.035, grey)
        if v < 0.3:
            block(0.38, v, 0.65, v + 0.035, grey)
            block(0.69, v, 0.94, v + 0.035, grey)
    cord = mix(rgb("#b98a55"), p.ink, 0.15)
    c.line([(x + dx + 14, y), (x + dx + 14, top), on(0.56, 1)], cord, 4)
