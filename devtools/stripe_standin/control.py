"""What every test control is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .app import App
from .store import Object, Transaction

Control = Callable[[App, Transaction, dict[str, str]], Any]


class Wrong(Exception):
    """The control makes no sense; the message says why."""


def named(tx: Transaction, given: dict[str, str], name: str, kind: str) -> Object:
    """Return the object whose id is in the form."""
    found = tx.get(given.get(name, ""), kind)
    if found is None:
        raise Wrong(f"{name} must be the id of a {kind}")
    return found


def number(given: dict[str, str], name: str, otherwise: str = "") -> int:
    """Return a whole number of the form."""
    value = given.get(name) or otherwise
    if not (value.isascii() and value.removeprefix("-").isdecimal()):
        raise Wrong(f"{name} must be a whole number")
    return int(value)
