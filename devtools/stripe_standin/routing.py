"""The parts of an API endpoint, and the pagination that all lists share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .app import App
from .errors import invalid, no_such
from .expand import present
from .objects import listing
from .params import Schema
from .store import Object, Transaction


@dataclass(frozen=True)
class Call:
    """A checked request, as its handler gets it."""

    app: App
    tx: Transaction
    path: str
    params: dict[str, Any]
    path_id: str = ""

    def show(self, obj: Object) -> Object:
        """Return the object with what the request wants expanded."""
        return present(self.tx, obj, self.params.get("expand", []))

    def named(self, kind: str, param: str = "id") -> Object:
        """Return the object whose id is in the path."""
        found = self.tx.get(self.path_id, kind)
        if found is None:
            raise no_such(kind, self.path_id, param, 404)
        return found

    def referred(self, kind: str, param: str) -> Object | None:
        """Return the object whose id is in a parameter, if it was given."""
        object_id = self.params.get(param)
        if object_id is None:
            return None
        found = self.tx.get(object_id, kind)
        if found is None:
            raise no_such(kind, object_id, param)
        return found


Handler = Callable[[Call], Object]


@dataclass(frozen=True)
class Route:
    """An HTTP method and a path; ``{id}`` stands for one segment."""

    method: str
    path: str
    schema: Schema
    handler: Handler

    def match(self, method: str, path: str) -> str | None:
        """Return the id in the path, "" if the route has none, or None if this is another path."""
        if method != self.method:
            return None
        found = re.fullmatch(re.escape(self.path).replace(r"\{id\}", "([^/]+)"), path)
        if found is None:
            return None
        return found.group(1) if found.groups() else ""


def retrieve(kind: str, param: str = "id") -> Handler:
    """Return a handler that answers with one object."""
    return lambda call: call.show(call.named(kind, param))


def page(call: Call, kind: str, matches: Callable[[Object], bool]) -> Object:
    """Return one page of the objects that `matches` accepts, newest first."""
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after and before:
        raise invalid("You may only specify one of these parameters: starting_after, ending_before.", "ending_before")
    for name, cursor in (("starting_after", after), ("ending_before", before)):
        if cursor and call.tx.get(cursor, kind) is None:
            raise no_such(kind, cursor, name)
    limit = call.params.get("limit", 10)
    wanted = call.params.get("created", {})
    older = call.tx.newest_first(kind, older_than=after)
    matching = (o for o in older if matches(o) and _in_range(o["created"], wanted))
    if before:
        newer = list(_until(call.tx, kind, before, matches, wanted))
        data, more = newer[-limit:], len(newer) > limit
    else:
        found = list(islice(matching, limit + 1))
        data, more = found[:limit], len(found) > limit
    expand = []
    for path in call.params.get("expand", []):
        if not path.startswith("data."):
            raise invalid(f"This property cannot be expanded ({path}). You may want to try data.{path}.", "expand")
        expand.append(path.removeprefix("data."))
    return listing(call.path, [present(call.tx, obj, expand) for obj in data], more)


def _until(tx: Transaction, kind: str, cursor: str, matches: Callable[[Object], bool], wanted: dict[str, int]) -> Any:
    """Yield what is newer than the cursor, newest first. The cursor itself need not match the filter."""
    for obj in tx.newest_first(kind):
        if obj["id"] == cursor:
            return
        if matches(obj) and _in_range(obj["created"], wanted):
            yield obj


def _in_range(created: int, wanted: dict[str, int]) -> bool:
    """Return True if a timestamp lies within the given bounds."""
    return (
        created > wanted.get("gt", created - 1)
        and created >= wanted.get("gte", created)
        and created < wanted.get("lt", created + 1)
        and created <= wanted.get("lte", created)
    )
