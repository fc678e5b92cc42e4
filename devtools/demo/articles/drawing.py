"""Draw the pictures of the demonstration site: `draw("lake", seed=7)`."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image

from . import scenes_craft as craft
from . import scenes_nature as nature
from . import scenes_town as town
from .canvas import Canvas

SCENES: dict[str, Callable[[Canvas], None]] = {
    "mountains": nature.mountains,
    "lake": nature.lake,
    "orchard": nature.orchard,
    "chinar": nature.chinar,
    "snow": nature.snow,
    "saffron": nature.saffron,
    "river": nature.river,
    "street": town.street,
    "school": town.school,
    "classroom": town.school,
    "crafts": craft.crafts,
    "papier": craft.papier,
    "loom": craft.loom,
    "houseboat": town.houseboat,
    "night": town.night,
    "court": town.court,
    "press": town.press,
}


def draw(scene: str, seed: int, width: int = 1600, height: int = 1067) -> Image.Image:
    """Draw a scene; the same arguments always give the same pixels."""
    canvas = Canvas(Random(f"{scene} {seed}"), width, height)
    SCENES[scene](canvas)
    return canvas.finish()
