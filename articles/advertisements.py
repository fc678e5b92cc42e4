"""Chooses the advertisement for each place of a page. The model is newsroom.models.Advertisement."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zlib import crc32

from newsroom.models import Advertisement

# Each place of the templates, and the field that allows an advertisement there.
PLACES = {"article": "in_articles", "front": "on_front_page", "list": "in_lists"}


def advertisements_of_day(rows: Iterable[dict[str, Any]], path: str, today: date) -> dict[str, Advertisement]:
    """Return one of `rows` (JSON of advertisements that are not over) for each place that has any.

    The address and the day decide: pages differ, each changes daily, and all readers see the same.
    """
    running = [row for row in rows if row["first_day"] <= today.isoformat()]
    turn = crc32(path.encode()) + today.toordinal()
    of_place = {place: [row for row in running if row[field]] for place, field in PLACES.items()}
    return {place: Advertisement(**fitting[turn % len(fitting)]) for place, fitting in of_place.items() if fitting}
