"""Checks the parameters of a request, all still strings, against the package's TypedDicts.

The package writes a closed set of words as ``Literal[…] | str``, to be ready for words to come. Here it is closed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, ForwardRef, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

from stripe import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

from .errors import ApiError, invalid, missing, unknown

# Names that the package's modules import for type checkers only.
_FOR_TYPE_CHECKERS = {"StripeContext": object, "Mapping": Mapping, "UntypedStripeObject": UntypedStripeObject}

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")


def check_params(params: Any, raw: dict[str, Any]) -> None:
    """Raise the ApiError that Stripe would answer with, if these parameters are not those of the TypedDict."""
    if params is None:
        if raw:
            raise unknown(list(raw))
        return
    _check_hash(params, raw, "")


@cache
def _fields(params: Any) -> dict[str, tuple[Any, bool]]:
    """Return the type of each parameter, and whether it is required; the package's own options are left out."""
    hints = get_type_hints(params, localns=_FOR_TYPE_CHECKERS, include_extras=True)
    options = RequestOptions.__annotations__
    fields = {}
    for name, hint in hints.items():
        if name in options and name != "expand":
            continue
        origin = get_origin(hint)
        inner = get_args(hint)[0] if origin in (NotRequired, Required) else hint
        fields[name] = (inner, name in params.__required_keys__ and origin is not NotRequired)
    return fields


def _check_hash(params: Any, raw: Any, path: str) -> None:
    if not isinstance(raw, dict):
        raise invalid(f"Invalid hash: {path}", path)
    fields = _fields(params)
    full = {name: f"{path}[{name}]" if path else name for name in {*raw, *fields}}
    if strangers := [full[name] for name in raw if name not in fields]:
        raise unknown(strangers)
    for name, (hint, required) in fields.items():
        if name in raw:
            _check(hint, raw[name], full[name])
        elif required:
            raise missing(full[name])


def _check(hint: Any, raw: Any, path: str) -> None:
    """Check one value. A union accepts any of its types, and reports the error of the one that matched furthest."""
    kinds = list(_alternatives(hint))
    words = [word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    if raw in words:
        return None
    if any(words):  # more than the empty string: a closed set, whatever else is said
        kinds = [kind for kind in kinds if kind is not str]
    problems: list[ApiError] = []
    for kind in kinds:
        if get_origin(kind) is Literal:
            continue
        try:
            return _check_one(kind, raw, path)
        except ApiError as problem:
            problems.append(problem)
    if raw == "":
        raise invalid(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset "
            "a parameter; however this one cannot be unset.",
            path,
            "parameter_invalid_empty",
        )
    if problems and (not any(words) or not isinstance(raw, str)):
        raise max(problems, key=lambda problem: len(problem.param or ""))
    shown = [str(word) for word in words if word][:20]
    raise invalid(f"Invalid {path}: must be one of {', '.join(shown)}{' …' if len(words) > 20 else ''}", path)


def _alternatives(hint: Any) -> Any:
    """Return the types of a union, however deeply nested."""
    if isinstance(hint, str):
        raise TypeError(f"An annotation was not resolved: {hint}")
    if get_origin(hint) in (Union, UnionType):
        for part in get_args(hint):
            yield from _alternatives(part)
    elif not isinstance(hint, ForwardRef):
        yield hint


def _check_one(kind: Any, raw: Any, path: str) -> None:
    if is_typeddict(kind):
        _check_hash(kind, raw, path)
    elif get_origin(kind) is list:
        _check_list(get_args(kind)[0], raw, path)
    elif get_origin(kind) is dict or _is_untyped(kind):
        # The keys 0, 1, 2, … look like positions to the form parser.
        entries = {str(place): item for place, item in enumerate(raw)} if isinstance(raw, list) else raw
        if not isinstance(entries, dict):
            raise invalid(f"Invalid hash: {path}", path)
        for name, item in entries.items():
            _check((*get_args(kind), Any)[1 if get_origin(kind) is dict else 0], item, f"{path}[{name}]")
    elif kind is Any or kind is object:
        return
    elif not isinstance(raw, str):
        raise invalid(f"Invalid {getattr(kind, '__name__', 'value')}: {path}", path, "parameter_invalid_string")
    elif kind is bool and raw not in ("true", "false"):
        raise invalid(f"Invalid boolean: {raw}", path)
    elif kind is int and not _INTEGER.fullmatch(raw):
        raise invalid(f"Invalid integer: {raw}", path, "parameter_invalid_integer")
    elif getattr(kind, "__name__", "") in ("float", "Decimal") and not _DECIMAL.fullmatch(raw):
        raise invalid(f"Invalid decimal: {raw}", path)


def _check_list(item: Any, raw: Any, path: str) -> None:
    if isinstance(raw, dict) and all(key.isdecimal() for key in raw):
        raw = [raw[key] for key in sorted(raw, key=int)]  # positions with gaps count in their order
    if not isinstance(raw, list):
        raise invalid(f"Invalid array: {path}", path)
    for place, entry in enumerate(raw):
        _check(item, entry, f"{path}[{place}]")


def _is_untyped(kind: Any) -> bool:
    return (get_origin(kind) or kind) is UntypedStripeObject
