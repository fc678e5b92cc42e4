"""Checks parameters against a schema; unknown, missing and malformed ones are refused as Stripe refuses them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .errors import ApiError, invalid, missing, unknown

Check = Callable[[Any, str], Any]


class Field(NamedTuple):
    """A parameter. `clearable` means that an empty string is allowed and unsets the value."""

    check: Check
    required: bool = False
    clearable: bool = False


Schema = Mapping[str, Field]

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")


def clean(schema: Schema, raw: Any, path: str = "") -> dict[str, Any]:
    """Return the checked values, or raise. Only parameters that were given are in the result."""

    def full(name: str) -> str:
        return f"{path}[{name}]" if path else name

    if not isinstance(raw, dict):
        raise invalid(f"Invalid hash: {path}", path)
    if strangers := [full(name) for name in raw if name not in schema]:
        raise unknown(strangers)
    for name, field in schema.items():
        if field.required and name not in raw:
            raise missing(full(name))
    result: dict[str, Any] = {}
    for name, value in raw.items():
        field = schema[name]
        if value == "":
            if not field.clearable:
                raise invalid(
                    f"You passed an empty string for '{full(name)}'. We assume empty values are an attempt to unset "
                    "a parameter; however this one cannot be unset.",
                    full(name),
                    "parameter_invalid_empty",
                )
            result[name] = None
        else:
            result[name] = field.check(value, full(name))
    return result


def text(longest: int = 5000, pattern: str | None = None) -> Check:
    """Return the check for a string, optionally of a given form."""
    compiled = re.compile(pattern) if pattern else None

    def check(value: Any, path: str) -> str:
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {path}", path, "parameter_invalid_string")
        if len(value) > longest:
            raise invalid(f"Invalid string: {path} must be at most {longest} characters", path, "parameter_too_long")
        if compiled and not compiled.fullmatch(value):
            raise invalid(f"Invalid string: {path} contains characters that are not allowed", path)
        return value

    return check


def integer(least: int | None = None, most: int | None = None) -> Check:
    """Return the check for an integer."""

    def check(value: Any, path: str) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,15}", value):
            raise invalid(f"Invalid integer: {value}", path, "parameter_invalid_integer")
        number = int(value)
        if least is not None and number < least:
            raise invalid(f"This value must be greater than or equal to {least}.", path, "parameter_invalid_integer")
        if most is not None and number > most:
            raise invalid(f"This value must be less than or equal to {most}.", path, "parameter_invalid_integer")
        return number

    return check


def boolean(value: Any, path: str) -> bool:
    """Parse ``true`` or ``false``."""
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", path)
    return bool(value == "true")


def choice(*values: str) -> Check:
    """Return the check for an enumeration."""

    def check(value: Any, path: str) -> str:
        if value not in values:
            raise invalid(f"Invalid {path}: must be one of {', '.join(values)}", path)
        return str(value)

    return check


def email(value: Any, path: str) -> str:
    """Parse an email address, loosely."""
    if not is_email(value):
        raise ApiError(400, f"Invalid email address: {value}", code="email_invalid", param=path)
    return str(value)


def is_email(value: Any) -> bool:
    """Return True if it looks like an address; Stripe is not strict either."""
    return isinstance(value, str) and len(value) <= 512 and _EMAIL.fullmatch(value) is not None


def address(value: Any, path: str) -> str:
    """Parse an absolute URL."""
    problem = invalid("Not a valid URL", path, "url_invalid")
    if not isinstance(value, str) or len(value) > 5000 or re.search(r"[\x00-\x20\x7f-\U0010ffff]", value):
        raise problem
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        raise problem from None
    if parts.scheme not in ("http", "https") or not host:
        raise problem
    return value


def metadata(value: Any, path: str) -> dict[str, str]:
    """Parse metadata: up to 50 strings; `merge_metadata` removes those that are empty."""
    if isinstance(value, list):
        # The keys 0, 1, 2, … look like positions to the form parser.
        value = {str(index): item for index, item in enumerate(value)}
    if not isinstance(value, dict):
        raise invalid(f"Invalid hash: {path}", path)
    if len(value) > 50:
        raise invalid("Metadata can have at most 50 keys.", path)
    for key, item in value.items():
        if not isinstance(item, str):
            raise invalid(f"Metadata values must be strings: {path}[{key}]", f"{path}[{key}]")
        if len(key) > 40:
            raise invalid("Metadata keys can have at most 40 characters.", path)
        if len(item) > 500:
            raise invalid("Metadata values can have at most 500 characters.", f"{path}[{key}]")
    return value


def merge_metadata(old: dict[str, str], new: dict[str, str] | None) -> dict[str, str]:
    """Return metadata after an update; None (an empty string in the form) clears it all."""
    if new is None:
        return {}
    return {key: value for key, value in {**old, **new}.items() if value != ""}


def hash_of(schema: Schema) -> Check:
    """Return the check for a nested hash with its own schema."""

    def check(value: Any, path: str) -> dict[str, Any]:
        return clean(schema, value, path)

    return check


def list_of(item: Check, most: int = 100) -> Check:
    """Return the check for an array."""

    def check(value: Any, path: str) -> list[Any]:
        if isinstance(value, dict) and all(re.fullmatch("[0-9]{1,6}", key) for key in value):
            # Positions with gaps count in their order.
            value = [value[key] for key in sorted(value, key=int)]
        if not isinstance(value, list):
            raise invalid(f"Invalid array: {path}", path)
        if len(value) > most:
            raise invalid(f"Arrays can have at most {most} items: {path}", path)
        return [item(entry, f"{path}[{index}]") for index, entry in enumerate(value)]

    return check


def created_range(value: Any, path: str) -> dict[str, int]:
    """Parse a timestamp, or a hash of bounds."""
    if isinstance(value, str):
        moment = integer()(value, path)
        return {"gte": moment, "lte": moment}
    bound = Field(integer())
    return clean({"gt": bound, "gte": bound, "lt": bound, "lte": bound}, value, path)


EXPAND: Schema = {"expand": Field(list_of(text(200), 20))}
"""The parameters of every endpoint."""

PAGING: Schema = {
    **EXPAND,
    "limit": Field(integer(1, 100)),
    "starting_after": Field(text(200)),
    "ending_before": Field(text(200)),
    "created": Field(created_range),
}
"""The parameters of every list."""
