"""The contract: the requests that the installed `stripe` package can send, and the classes of their answers.

Read from the package itself at start, so that the stand-in cannot drift into its own fancy: an endpoint, a field or a
word that the package does not know does not exist. `request_contract` and `answer_contract` do the checking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import stripe

# A method of a service: its signature, what it returns, and the HTTP method and path of the request it makes.
_METHOD = re.compile(
    r"    def \w+\(\s*self,(?P<signature>[^)]*?)\)\s*->\s*\"(?P<answer>[^\"]+)\":"
    r"(?:(?!\n    (?:async )?def ).)*?self\._request\(\s*\"(?P<method>\w+)\",\s*\"(?P<path>/v1/[^\"]*)\"",
    re.DOTALL,
)
_PARAMS = re.compile(r"params:\s*(?:Optional\[)?\s*\"(\w+)\"")
_IMPORT = re.compile(r"from (stripe[\w.]*) import \(?\s*(\w+)(?: as (\w+))?")


@dataclass(frozen=True)
class Operation:
    """One request of the package: the TypedDict of its parameters, and the class of its answer."""

    params: tuple[str, str] | None
    answer: tuple[str, str]
    is_list: bool

    def params_class(self) -> Any:
        """Return the TypedDict of the parameters, or None if it takes none."""
        return None if self.params is None else _named(self.params)

    def answer_class(self) -> Any:
        """Return the class of the answer; for a list, the class of its items."""
        return _named(self.answer)


@cache
def operations() -> dict[tuple[str, str], Operation]:
    """Return all operations of version 1 by HTTP method and path; an id in a path is written ``{}``."""
    found: dict[tuple[str, str], Operation] = {}
    for file in sorted(Path(stripe.__file__).parent.glob("**/_*_service.py")):
        text = file.read_text()
        imports = {alias or name: (module, name) for module, name, alias in _IMPORT.findall(text)}
        for match in _METHOD.finditer(text):
            answer = match["answer"].removeprefix("ListObject[").removesuffix("]").split("|")[0].strip()
            params = _PARAMS.search(match["signature"])
            if answer in imports:
                found[match["method"].upper(), re.sub(r"\{\w+\}", "{}", match["path"])] = Operation(
                    imports[params[1]] if params else None, imports[answer], match["answer"].startswith("ListObject[")
                )
    return found


def operation(method: str, path: str) -> Operation:
    """Return the operation behind a route of the stand-in. Raises LookupError where the package has none."""
    try:
        return operations()[method, path.replace("{id}", "{}")]
    except KeyError:
        raise LookupError(f"stripe {stripe.VERSION} has no {method} {path}.") from None


@cache
def _named(name: tuple[str, str]) -> Any:
    return getattr(import_module(name[0]), name[1])
