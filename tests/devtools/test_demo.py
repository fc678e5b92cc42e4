"""The demo's pictures: every one that an article names exists, and none is left over."""

from devtools.demo.articles import content
from devtools.demo.articles.photos import FOLDER

ADVERTISEMENT = "houseboat-88"


def test_the_pictures_are_those_that_the_content_names() -> None:
    named = {ADVERTISEMENT}
    for article in content.ARTICLES:
        named |= {article.photo.name} if article.photo else set()
        for block in article.blocks:
            if isinstance(block, content.Figure):
                named.add(block.name)
            elif isinstance(block, content.Gallery):
                named |= {figure.name for figure in block.figures}
    assert {file.stem for file in FOLDER.iterdir()} == named


def test_the_pictures_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 2_000_000
