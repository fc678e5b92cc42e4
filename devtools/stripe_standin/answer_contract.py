"""Checks answers and webhook payloads against the package's object classes.

A field that the class does not declare, one that it needs and that is missing, a value of another type and a word that
is not in its set are mistakes of the stand-in: they become a 500, a line in its log, and so a failing test.
"""

from __future__ import annotations

import reprlib
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, ForwardRef, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject
from stripe._object_classes import OBJECT_CLASSES

from .contract import Operation


class Breach(AssertionError):
    """The stand-in was about to send something that Stripe cannot send."""


def check_answer(operation: Operation, answer: Any) -> None:
    """Check an answer of the API. Raises Breach."""
    if operation.is_list:
        _check_list(operation.answer_class(), answer, "list")
    else:
        _check_object(operation.answer_class(), answer, operation.answer_class().__name__)


def check_event(event: Any) -> None:
    """Check an event with its object. Previous attributes must be fields of that object."""
    _check_object(stripe.Event, event, "Event")
    subject = event["data"]["object"]
    kind = _resource(subject, event["type"])
    _check_object(kind, subject, event["type"])
    for name in event["data"].get("previous_attributes") or {}:
        if name not in kind.__annotations__:
            raise Breach(f"{event['type']}: {kind.__name__} has no {name}, yet it is said to have changed.")


def check_object(value: Any) -> None:
    """Check an object by what it says that it is."""
    kind = _resource(value, "object")
    _check_object(kind, value, kind.__name__)


def check_error(body: Any) -> None:
    """Check the body of an error."""
    _check_object(stripe.ErrorObject, body["error"], "error")


def _short(value: Any) -> str:
    """Return the beginning of a value, for a message."""
    return reprlib.repr(value)[:100]


def _resource(value: Any, path: str) -> Any:
    """Return the class that an object's `object` field names."""
    try:
        module, name = OBJECT_CLASSES[value["object"]]
    except (KeyError, TypeError):
        raise Breach(f"{path}: no object that the package knows: {_short(value)}") from None
    return getattr(import_module(module), name)


@cache
def _fields(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Return the fields of a class: each with its type, and whether it may be missing."""
    declared = {name: hint for name, hint in kind.__annotations__.items() if get_origin(hint) is not ClassVar}
    return {name: (hint, type(None) in get_args(hint)) for name, hint in declared.items()}


def _check_object(kind: Any, value: Any, path: str) -> None:
    if not isinstance(value, dict):
        raise Breach(f"{path}: {_short(value)} is no {kind.__name__}.")
    fields = _fields(kind)
    if not value.keys() <= fields.keys():
        raise Breach(f"{path}: {kind.__name__} has no {', '.join(sorted(set(value) - set(fields)))}.")
    for name, (hint, optional) in fields.items():
        if name in value:
            _check(hint, value[name], f"{path}.{name}")
        elif not optional and value.get("deleted") is not True:
            raise Breach(f"{path}: {name} is missing.")


def _check_list(kind: Any, value: Any, path: str) -> None:
    if not isinstance(value, dict) or value.get("object") != "list" or not isinstance(value.get("data"), list):
        raise Breach(f"{path}: {_short(value)} is no list.")
    if set(value) - {"object", "data", "has_more", "url", "total_count"} or not isinstance(value["has_more"], bool):
        raise Breach(f"{path}: this is not what a list looks like.")
    for place, item in enumerate(value["data"]):
        _check(kind, item, f"{path}[{place}]")


class _Kind(NamedTuple):
    """One of the types that a value may have, and what JSON writes for it: `object`, `list`, `plain`, or `any`."""

    type: Any
    written: str


@cache
def _kinds(hint: Any) -> tuple[_Kind, ...]:
    """Return the types of a hint. The package writes a closed set as ``Literal[…] | str``; here it is closed."""
    types = get_args(hint) if get_origin(hint) is Union else (hint,)
    closed = any(get_origin(each) is Literal for each in types)
    return tuple(_Kind(each, _written(each)) for each in types if not (closed and each is str))


def _written(kind: Any) -> str:
    origin = get_origin(kind) or kind
    if origin is Any or isinstance(origin, TypeVar):
        return "any"
    if origin is list:
        return "list"
    is_object = isinstance(kind, (ForwardRef, str)) or origin in (dict, ListObject)
    return "object" if is_object or (isinstance(origin, type) and issubclass(origin, StripeObject)) else "plain"


def _check(hint: Any, value: Any, path: str) -> None:
    """Check one value. Only types that are written alike are tried: a dict is held against no text."""
    kinds = _kinds(hint)
    written = "object" if isinstance(value, dict) else "list" if isinstance(value, list) else "plain"
    problems: list[Breach] = []
    for kind in [each for each in kinds if each.written in (written, "any")] or kinds:
        try:
            return _check_one(kind.type, value, path)
        except Breach as problem:
            problems.append(problem)
    raise max(problems, key=lambda problem: len(str(problem).partition(":")[0]))


def _check_one(kind: Any, value: Any, path: str) -> None:
    origin = get_origin(kind) or kind
    if origin is Literal:
        fits = value in get_args(kind) and not (value is True and True not in get_args(kind))
    elif origin is list:
        fits = isinstance(value, list)
        for place, item in enumerate(value if fits else ()):
            _check(get_args(kind)[0], item, f"{path}[{place}]")
    elif origin is ListObject:
        return _check_list(get_args(kind)[0], value, path)
    elif isinstance(kind, (ForwardRef, str)):
        return _check_reference(kind if isinstance(kind, str) else kind.__forward_arg__, value, path)
    elif origin is dict or getattr(origin, "__name__", "") == "UntypedStripeObject":
        fits = isinstance(value, dict)
        for name, item in value.items() if fits else ():
            _check((get_args(kind) or (Any,))[-1], item, f"{path}.{name}")
    elif isinstance(origin, type) and issubclass(origin, StripeObject):
        return _check_object(origin, value, path)
    elif origin is Any or isinstance(origin, TypeVar):
        return None
    elif origin in (float, int):
        fits = isinstance(value, (int, origin)) and not isinstance(value, bool)
    elif origin is Decimal:
        fits = isinstance(value, str)
    else:
        fits = isinstance(value, origin)
    if not fits:
        raise Breach(f"{path}: {_short(value)} is not {getattr(kind, '__name__', kind)}.")
    return None


def _check_reference(name: str, value: Any, path: str) -> None:
    """Check a resource that the class names by a string, sometimes under a longer name to avoid a clash."""
    kind = _resource(value, path)
    if kind.__name__ != name.removesuffix("Resource"):
        raise Breach(f"{path}: a {kind.__name__} where a {name} belongs.")
    _check_object(kind, value, path)
