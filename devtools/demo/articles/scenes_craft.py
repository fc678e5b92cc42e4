"""Scenes made of pattern: painted papier-mâché, and a carpet on the loom."""

from __future__ import annotations

import math

from .canvas import Canvas, Color, Point, curve, mix, rgb

# ground, second ground, gold, flower, second flower, leaf, cream
LACQUERS = tuple(
    tuple(rgb(v) for v in row)
    for row in (
        ("#5c1f22", "#2b2a33", "#d2a552", "#d9694a", "#e9c9a0", "#6f8a62", "#f5e8cf"),
        ("#1f3a45", "#5a2a2c", "#cfa45a", "#d8705a", "#8fb3b0", "#7c9a6b", "#f4ead3"),
        ("#26382f", "#4a2a3a", "#d4ad62", "#c9533b", "#e3b7a0", "#86a06a", "#f3ead2"),
        ("#2a2740", "#1e4a4a", "#d8b36a", "#d4746a", "#a9b7d4", "#7f9a76", "#f6ecd8"),
        ("#efe2c6", "#8a2f2a", "#b8862f", "#b5402f", "#3f6b7a", "#5f7a4a", "#fbf5e6"),
    )
)


def crafts(c: Canvas) -> None:
    """One of the two."""
    c.rng.choice((papier, loom))(c)


def papier(c: Canvas) -> None:
    """Bands of flowers and leaves, as painted on papier-mâché."""
    rng = c.rng
    ground, second, gold, flower, other, leaf, cream = rng.choice(LACQUERS)
    c.gradient([(0, mix(ground, cream, 0.05)), (1, mix(ground, (0, 0, 0), 0.12))])
    heights = rng.choice(((60, 150, 60, 527, 60, 150, 60), (96, 52, 771, 52, 96), (70, 640, 70, 220, 67)))
    total = sum(heights)
    y = 0.0
    for i, share in enumerate(heights):
        tall = c.h * share / total
        if share < 80:
            _border(c, y, tall, second, gold, flower, cream)
        elif share < 230:
            _buds(c, y, tall, mix(second, ground, 0.5 * (i % 3 == 0)), gold, flower, other, leaf, cream)
        else:
            _vine(c, y, tall, (gold, flower, other, leaf, cream))
        y += tall


def _border(c: Canvas, y: float, tall: float, ground: Color, gold: Color, flower: Color, cream: Color) -> None:
    c.rect(0, y, c.w, tall, ground)
    for edge in (y, y + tall - 5):
        c.rect(0, edge, c.w, 5, gold)
    step = tall * 1.25
    mid = y + tall / 2
    for i in range(int(c.w / step) + 2):
        x = i * step
        r = tall * 0.27
        c.poly([(x, mid - r), (x + r * 1.5, mid), (x, mid + r), (x - r * 1.5, mid)], gold)
        c.poly([(x, mid - r * 0.6), (x + r * 0.9, mid), (x, mid + r * 0.6), (x - r * 0.9, mid)], flower)
        c.oval(x + step / 2, mid, tall * 0.08, tall * 0.08, cream)


def _buds(
    c: Canvas, y: float, tall: float, ground: Color, gold: Color, flower: Color, other: Color, leaf: Color, cream: Color
) -> None:
    c.rect(0, y, c.w, tall, ground)
    step = tall * 0.92
    for i in range(int(c.w / step) + 2):
        x, s = i * step + step * 0.25, tall * 0.4
        foot = y + tall * 0.86
        c.line(curve([(x, foot), (x - s * 0.12, foot - s * 0.8), (x, foot - s * 1.3)], 6), leaf, 4)
        for side, up in ((-1, 0.3), (1, 0.45), (-1, 0.8), (1, 0.95)):
            _leaf(c, x, foot - s * up, s * 0.5, -math.pi / 2 + side * 0.95, leaf, gold)
        _bloom(c, x, foot - s * 1.42, s * 0.4, 8 if i % 2 else 6, flower if i % 2 else other, gold, cream)
        for k in (-1, 1):
            c.oval(x + step / 2, y + tall * (0.5 + 0.2 * k), tall * 0.025, tall * 0.025, gold)


def _vine(c: Canvas, y: float, tall: float, inks: tuple[Color, Color, Color, Color, Color]) -> None:
    """A winding stem with great flowers in its bends."""
    rng = c.rng
    gold, flower, other, leaf, cream = inks
    period = tall * rng.uniform(1.3, 1.6)
    mid, reach = y + tall / 2, tall * 0.27
    start = -period * rng.random()
    for phase, ink, width in ((math.pi, mix(leaf, gold, 0.5), 3.0), (0.0, leaf, 6.0)):
        stem = [(start + t * period / 24, mid + math.sin(phase + t * math.tau / 24) * reach) for t in range(24 * 5)]
        c.line(stem, ink, width * tall / 500 + 1)
        for j in range(0, len(stem) - 1, 2):
            (x0, y0), (x1, y1) = stem[j], stem[j + 1]
            angle = math.atan2(y1 - y0, x1 - x0) + (0.85 if j % 4 else -0.85)
            _leaf(
                c, x0, y0, tall * rng.uniform(0.1, 0.16) * (1 if width > 4 else 0.7), angle, mix(leaf, ink, 0.4), gold
            )
    big, small = rng.choice(((8, 6), (10, 5), (7, 8)))
    for i in range(12):
        x = start + period * (0.25 + 0.5 * i)
        up = 1 if i % 2 == 0 else -1
        color = (flower, other, mix(flower, gold, 0.4))[i % 3]
        _bloom(c, x, mid + up * reach * -0.12, tall * 0.2, big, color, gold, cream)
        _bloom(c, x, mid - up * tall * 0.385, tall * 0.072, small, other if i % 2 else flower, gold, cream)
        for s in (-1, 1):
            _bloom(
                c, x + s * period * 0.17, mid + up * tall * 0.37, tall * 0.05, 5, mix(other, cream, 0.3), gold, cream
            )
            for k in range(3):
                dx, dy = s * (period * 0.2 + k * tall * 0.03), up * tall * (0.16 - k * 0.035)
                c.oval(x + dx, mid + dy, tall * 0.011, tall * 0.011, gold)


def _leaf(c: Canvas, x: float, y: float, long: float, angle: float, color: Color, vein: Color) -> None:
    def on(along: float, across: float) -> Point:
        return (
            x + (math.cos(angle) * along - math.sin(angle) * across) * long,
            y + (math.sin(angle) * along + math.cos(angle) * across) * long,
        )

    c.poly(curve([on(0, 0), on(0.45, 0.24), on(1, 0), on(0.45, -0.2), on(0, 0)], 6), color)
    c.line([on(0, 0), on(0.85, 0.01)], vein, max(1.2, long * 0.03))


def _bloom(c: Canvas, x: float, y: float, r: float, petals: int, color: Color, gold: Color, cream: Color) -> None:
    """A flower seen from above, in three rings with golden outlines."""
    turn = c.rng.random()
    for ring, (reach, tone) in enumerate(
        ((1.0, color), (0.68, mix(color, cream, 0.45)), (0.4, mix(color, cream, 0.8)))
    ):
        for outline in (True, False):
            for i in range(petals):
                a = turn + math.tau * (i + 0.5 * ring) / petals
                half = math.pi / petals * 1.05
                size = r * reach * (1.0 if outline else 0.93)
                shape = [
                    (x + math.cos(a + half * k) * size * s, y + math.sin(a + half * k) * size * s)
                    for k, s in ((0, 0), (-0.85, 0.62), (-0.5, 0.95), (0, 1.02), (0.5, 0.95), (0.85, 0.62))
                ]
                c.poly(curve([*shape, shape[0]], 4), gold if outline else tone)
    c.oval(x, y, r * 0.17, r * 0.17, gold)
    c.oval(x, y, r * 0.09, r * 0.09, mix(color, (0, 0, 0), 0.4))


def loom(c: Canvas) -> None:
    """A carpet growing on the loom, knot by knot, under its warp and bobbins."""
    rng = c.rng
    ground, second, gold, flower, other, leaf, cream = rng.choice(LACQUERS)
    wood = rgb("#7a5236")
    c.gradient([(0, mix(cream, second, 0.35)), (1, mix(cream, second, 0.6))])
    cell = 14.0
    columns = int(c.w / cell) + 1
    edge = c.h * rng.uniform(0.36, 0.44)
    for i in range(columns * 2):
        c.line([(i * cell / 2, 0), (i * cell / 2, edge + 5 * cell)], mix(cream, second, 0.3 + 0.09 * (i % 2)), 2.2)
    inks = (ground, second, gold, flower, other, leaf, cream)
    period, seed = rng.choice((22, 24, 28)), rng.randrange(1000)
    rows = int((c.h - edge) / cell) + 2
    done = 0.0
    for i in range(columns):
        if i % rng.choice((5, 7, 9)) == 0:
            done = rng.randint(-2, 2)
        for j in range(rows):
            if j < done + 2:
                continue
            x, y = i * cell, edge + j * cell
            color = inks[_knot(i, j, period, seed, rows)]
            c.rect(x, y, cell + 0.3, cell + 0.3, color)
    c.rect(0, 74, c.w, 44, wood)
    c.rect(0, 74, c.w, 9, mix(wood, cream, 0.35))
    c.rect(0, 110, c.w, 8, mix(wood, (0, 0, 0), 0.4))
    c.haze(118, 150, (30, 20, 15), 0.3, 0)
    for i in range(13):
        x = c.w * (i + 0.5) / 13 + rng.uniform(-16, 16)
        color = inks[rng.choice((0, 1, 3, 4, 5, 2))]
        drop = rng.uniform(70, 150)
        c.line(
            curve(
                [(x + 4, 150 + drop), (x + rng.uniform(-24, 24), edge - 30), (x + rng.uniform(-30, 30), edge + 18)], 8
            ),
            color,
            3,
        )
        c.line([(x, 100), (x, 124 + drop * 0.3)], color, 3)
        top, r = 118 + drop * 0.2, 27.0
        c.poly(
            curve(
                [
                    (x, top),
                    (x + r, top + 34),
                    (x + r * 0.9, top + 84),
                    (x, top + 108),
                    (x - r * 0.9, top + 84),
                    (x - r, top + 34),
                    (x, top),
                ],
                6,
            ),
            color,
        )
        for k in range(6):
            yy = top + 18 + k * 14
            c.line(
                curve([(x - r * 0.8, yy + 7), (x, yy), (x + r * 0.8, yy - 7)], 4),
                mix(color, cream if k % 2 else (0, 0, 0), 0.25),
                2,
            )


def _knot(i: int, j: int, period: int, seed: int, rows: int) -> int:
    """Which ink a knot has: lozenges within lozenges, mirrored, and a border below."""
    from_edge = rows - j
    if from_edge <= 9:
        if from_edge in (1, 9):
            return 2
        u = abs(i % 12 - 6)
        return 3 if u + abs(from_edge - 5) < 3 else 6 if u + abs(from_edge - 5) == 3 else 1
    u = abs(i % period - period // 2)
    v = abs((j + seed) % period - period // 2)
    ring = u + v
    if ring == period // 2:
        return 2
    if ring > period // 2:
        ring = period - ring
        star = min(period // 2 - u, period // 2 - v)
        return 3 if ring < 3 else 6 if ring == 3 else 5 if star == 0 and ring < 8 else 1
    if ring < 2:
        return 6
    if ring < 5:
        return 3
    if ring == 5:
        return 2
    if (u == 0 or v == 0) and ring < period // 2 - 2:
        return 5
    if abs(u - v) < 2 and ring < 11:
        return 4
    if ring == period // 2 - 2:
        return 4
    return 0
