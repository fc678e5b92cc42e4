"""Bar charts as SVG. The table beside each one has its figures, so a chart needs no more than one sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, HEAD, FOOT = 720, 180, 16, 20  # units of the SVG


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str


@dataclass(frozen=True)
class Chart:
    """`zero`: the y of the line on which the bars stand; `labels`: (x, words) under them."""

    title: str
    summary: str
    bars: list[Bar]
    labels: list[tuple[float, str]]
    zero: float
    largest: str
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(
    title: str,
    columns: Sequence[tuple[str, Sequence[tuple[str, int]]]],
    *,
    display: Callable[[int], str],
    summary: str,
) -> Chart:
    """Draw a stack for each column (label, parts) of its parts (kind, amount). Negative amounts hang below zero."""
    up = max((sum(v for _, v in parts if v > 0) for _, parts in columns), default=0)
    down = max((-sum(v for _, v in parts if v < 0) for _, parts in columns), default=0)
    scale = (HEIGHT - HEAD - FOOT) / ((up + down) or 1)
    zero = round(HEAD + up * scale, 1)
    slot = WIDTH / max(len(columns), 1)
    drawn, labels = [], []
    for number, (label, parts) in enumerate(columns):
        x = round(number * slot + slot * 0.15, 1)
        top, bottom = zero, zero
        for kind, value in parts:
            height = round(abs(value) * scale, 1)
            if value > 0:
                top = round(top - height, 1)
            if value:
                y = top if value > 0 else bottom
                drawn.append(Bar(x, y, round(slot * 0.7, 1), height, kind, f"{label}: {kind} {display(value)}"))
            if value < 0:
                bottom = round(bottom + height, 1)
        labels.append((round(number * slot + slot / 2, 1), label))
    return Chart(title, summary, drawn, labels, zero, display(up))
