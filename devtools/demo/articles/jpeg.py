"""A drawing as the file that a photographer would upload."""

import io

from devtools.demo.articles.drawing import draw

SIZE = (1280, 853)


def jpeg(key: tuple[str, int]) -> bytes:
    """The scene (name, seed) as a JPEG."""
    scene, seed = key
    file = io.BytesIO()
    draw(scene, seed, *SIZE).save(file, "JPEG", quality=85)
    return file.getvalue()
