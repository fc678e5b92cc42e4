"""Docstrings of functions begin with a verb, not with a clause that has no subject."""

import ast
import re
from collections.abc import Iterator

import pytest

from newsroom.paths import BASE_DIR

PACKAGES = ("newsroom", "subscriptions", "articles", "comments", "devtools")
HEADLESS = re.compile(
    r"(What|Whether|Those|For|All|Where|Of|How|When|Who|Whose|Whoever|Which|Why|So|Since|Until|Here|There|Not|None)\b"
)


def headless_docstrings(package: str) -> Iterator[str]:
    """Yield the functions whose docstring begins with one of these words."""
    for path in sorted((BASE_DIR / package).rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and HEADLESS.match(
                ast.get_docstring(node) or ""
            ):
                yield f"{path.relative_to(BASE_DIR)}:{node.lineno} {node.name}"


@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_say_first_what_the_function_does(package: str) -> None:
    assert list(headless_docstrings(package)) == []
