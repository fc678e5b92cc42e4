"""Decodes forms with brackets, as Stripe's libraries send them: ``a[b][0][c]=1`` and ``expand[]=x``."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

MAX_FIELDS = 1000
MAX_DEPTH = 8

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


class FormError(ValueError):
    """The text is not a valid form."""


def parse_pairs(text: str) -> list[tuple[str, str]]:
    """Decode a query string or a form body into its pairs, in order."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError as exc:
        raise FormError("Invalid request: the parameters are not valid UTF-8.") from exc
    except ValueError as exc:
        raise FormError(f"Invalid request: more than {MAX_FIELDS} parameters.") from exc
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise FormError("Invalid request: the parameters contain a null byte.")
    return pairs


def parse(text: str) -> dict[str, Any]:
    """Decode to nested dicts; ``[]`` and ``[0]``, ``[1]``, … make lists."""
    root: dict[str, Any] = {}
    for name, value in parse_pairs(text):
        match = _NAME.fullmatch(name)
        if match is None:
            raise FormError(f"Invalid request: cannot read the parameter name {name[:100]!r}.")
        path = [match.group(1), *_PART.findall(match.group(2))]
        if len(path) > MAX_DEPTH:
            raise FormError(f"Invalid request: {match.group(1)} is nested too deeply.")
        _insert(root, path, value, name)
    return {key: _with_lists(value) for key, value in root.items()}


class _Appended(list[Any]):
    """A list grown by ``[]``, as opposed to one with explicit positions."""


def _insert(node: Any, path: list[str], value: str, name: str) -> None:
    """Put one value in its place, making the containers on the way."""
    for position, key in enumerate(path):
        last = position == len(path) - 1
        if last:
            child: Any = value
        else:
            child = _Appended() if path[position + 1] == "" else {}
        if isinstance(node, _Appended):
            if key != "":
                raise FormError(f"Invalid request: {name} is given in two shapes.")
            # A list of hashes without positions: the same key again begins the next hash.
            if not last and node and isinstance(node[-1], dict) and path[position + 1] not in node[-1]:
                node = node[-1]
                continue
            node.append(child)
            node = child
            continue
        if not isinstance(node, dict) or (key == "" and position > 0):
            raise FormError(f"Invalid request: {name} is given in two shapes.")
        if last or key not in node:
            if last and isinstance(node.get(key), (dict, list)):
                raise FormError(f"Invalid request: {name} is given in two shapes.")
            node[key] = child
        node = node[key]


def _with_lists(value: Any) -> Any:
    """Turn ``{"0": a, "1": b}`` into ``[a, b]`` everywhere below."""
    if isinstance(value, list):
        return [_with_lists(item) for item in value]
    if not isinstance(value, dict):
        return value
    # Only an unbroken 0, 1, 2, …: other digits may be the keys of metadata, and the schema decides about those.
    if value and set(value) == {str(position) for position in range(len(value))}:
        return [_with_lists(value[str(position)]) for position in range(len(value))]
    return {key: _with_lists(item) for key, item in value.items()}
