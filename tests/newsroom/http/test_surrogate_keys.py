"""Surrogate keys are spelled in one module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsroom.http import surrogate_keys
from newsroom.paths import BASE_DIR

PACKAGES = ("newsroom", "subscriptions", "articles", "comments")
LIST_KEYS = {value for name, value in vars(surrogate_keys).items() if name.isupper()}
KEYS_OF_ROWS = ("article-", "card-", "section-", "topic-", "author-")
# Functions whose text arguments are surrogate keys
TAKE_KEYS = {"add_surrogate_keys", "purge_on_commit", "send_purge", "shows_list"}


def spelled_keys(source: str) -> Iterator[int]:
    """Yield the lines where a key is written out: f"article-{pk}", or "front" handed to what takes keys."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            if node.values[0].value in KEYS_OF_ROWS:
                yield node.lineno
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = (each for each in ast.walk(node) if isinstance(each, ast.Constant) and each.value in LIST_KEYS)
            if name in TAKE_KEYS:
                yield from (text.lineno for text in texts)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_module_spells_a_key(package: str) -> None:
    own = Path(surrogate_keys.__file__)
    modules = [path for path in (BASE_DIR / package).rglob("*.py") if path != own and "migrations" not in path.parts]
    assert modules
    found = [f"{path}:{line}" for path in modules for line in spelled_keys(path.read_text())]
    assert not found, f"Use newsroom/http/surrogate_keys.py: {found}"


@pytest.mark.parametrize(
    "source", ['add_surrogate_keys(request, "front")', 'purge_on_commit("support")', 'key = f"section-{found.pk}"']
)
def test_a_spelled_key_is_found(source: str) -> None:
    assert list(spelled_keys(source)) == [1]
