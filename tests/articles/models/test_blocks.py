"""A kind of block answers for itself: these fail where a new kind lacks one of its places."""

import pytest
from django.template.loader import get_template

from articles import models
from articles.admin.blocks import INLINES
from articles.models import BLOCKS, Block

KINDS = pytest.mark.parametrize("kind", BLOCKS, ids=lambda kind: kind.__name__)


def _all_kinds(base: type[Block] = Block) -> set[type[Block]]:
    below = {kind for each in base.__subclasses__() for kind in _all_kinds(each)}
    return below if base._meta.abstract else {base, *below}


def test_every_kind_is_listed() -> None:
    assert set(BLOCKS) == _all_kinds()


@KINDS
def test_every_kind_has_an_inline_in_the_article_form(kind: type[Block]) -> None:
    assert [inline.model for inline in INLINES].count(kind) == 1


@KINDS
def test_every_kind_has_a_template(kind: type[Block]) -> None:
    get_template(f"articles/blocks/{kind._meta.model_name}.html")


@KINDS
def test_every_kind_has_words_and_lines_to_compare(kind: type[Block]) -> None:
    for name in ("wording", "diff_lines"):
        assert getattr(kind, name) is not getattr(Block, name), name


@KINDS
def test_every_kind_can_be_imported_from_the_models(kind: type[Block]) -> None:
    assert getattr(models, kind.__name__) is kind
