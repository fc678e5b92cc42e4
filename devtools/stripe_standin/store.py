"""The store: everything the stand-in remembers, in one SQLite file behind one lock.

A transaction holds the lock from beginning to end: requests are worked on one after the other, which is enough for
development and makes each of them all or nothing, also when the process is killed.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .answer_contract import check_event
from .ids import new_id
from .published_contract import check_keys
from .version import API_VERSION

Object = dict[str, Any]

CLOCK_OFFSET = "ahead"
"""The setting with the seconds by which the clock was advanced."""
ENDPOINT = "we_standin"
"""The webhook endpoint of the command line, the only one to which anything is delivered."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL DEFAULT 0, delivered_at REAL, last_error TEXT);
CREATE INDEX IF NOT EXISTS outbox_pending ON outbox (seq) WHERE delivered_at IS NULL;
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, created INTEGER NOT NULL, status INTEGER NOT NULL,
    body BLOB NOT NULL, request TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS due (object TEXT NOT NULL, action TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (object, action));
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """The file. Use it through `transaction`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            folder / "standin.sqlite3", timeout=10, isolation_level=None, check_same_thread=False
        )
        self._db.execute("PRAGMA journal_mode=WAL")
        # Survives the death of the process, which is what the tests do; not a power cut, which they do not.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self._lock = threading.Lock()
        self._closed = False
        self.on_new_delivery: Callable[[], None] = lambda: None

    @contextmanager
    def transaction(
        self, wall: int, base_url: str = "", request_id: str | None = None, idempotency_key: str | None = None
    ) -> Iterator[Transaction]:
        """Commit on success and roll back on any exception; then wake the delivery thread if there is mail.

        `wall` is the time outside; how far world time is ahead of it is a setting.
        """
        with self._lock:
            if self._closed:
                raise StoreClosed
            self._db.execute("BEGIN IMMEDIATE")
            tx = Transaction(self._db, wall, base_url, request_id, idempotency_key)
            try:
                yield tx
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        if tx.wakes_delivery:
            self.on_new_delivery()

    def close(self) -> None:
        """Wait for the transaction that is running, then allow no other."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._db.close()


GONE: Any = object()
"""A value that removes the key: Stripe leaves out what is not there, more often than it sends null."""


class StoreClosed(RuntimeError):
    """The process is stopping."""


class Transaction:
    """The operations inside one unit of work."""

    def __init__(
        self, db: sqlite3.Connection, wall: int, base_url: str, request_id: str | None, key: str | None
    ) -> None:
        self.db = db
        self.wall = wall
        self.now = wall + int(self.setting(CLOCK_OFFSET) or 0)
        self.base_url = base_url
        self.request_id = request_id
        self.idempotency_key = key
        self.wakes_delivery = False

    def get(self, object_id: str, kind: str | None = None) -> Object | None:
        """Return the object with this id (and kind), or None."""
        row = self.db.execute("SELECT kind, body FROM objects WHERE id = ?", (object_id,)).fetchone()
        if row is None or (kind is not None and row[0] != kind):
            return None
        found: Object = json.loads(row[1])
        return found

    def put(self, obj: Object) -> Object:
        """Store a new object, or a new state of an existing one, which keeps its place in lists."""
        self.db.execute(
            "INSERT INTO objects (id, kind, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            (obj["id"], obj["object"], json.dumps(obj)),
        )
        return obj

    def newest_first(self, kind: str, older_than: str | None = None) -> Iterator[Object]:
        """Yield the objects of a kind lazily, or those that are older than the one with this id."""
        older = " AND seq < (SELECT seq FROM objects WHERE id = ?)" if older_than else ""
        rows = self.db.execute(
            f"SELECT body FROM objects WHERE kind = ?{older} ORDER BY seq DESC",
            (kind, older_than) if older_than else (kind,),
        )
        for (body,) in rows:
            yield json.loads(body)

    def remove(self, object_id: str) -> None:
        """Delete an object; its events stay."""
        self.db.execute("DELETE FROM objects WHERE id = ?", (object_id,))

    def kinds(self) -> list[str]:
        """Return the kinds of objects that exist."""
        return [row[0] for row in self.db.execute("SELECT DISTINCT kind FROM objects ORDER BY kind").fetchall()]

    def delete_everything(self) -> None:
        """Empty all tables but the switches."""
        for table in ("objects", "outbox", "answers", "due", "notes"):
            self.db.execute(f"DELETE FROM {table}")
        self.now = self.wall

    def change(self, before: Object, values: Object, event_type: str) -> Object:
        """Store new values and emit an event; neither happens when nothing changed."""
        after = {name: value for name, value in {**before, **values}.items() if value is not GONE}
        if difference := changes(before, after):
            self.put(after)
            self.emit(event_type, after, difference)
        return after

    def emit(self, event_type: str, obj: Object, previous: Object | None = None) -> Object:
        """Record an event with the object as it is now, and put it in the outbox."""
        data: Object = {"object": public(obj)}
        if previous is not None:
            data["previous_attributes"] = previous
        event: Object = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now,
            "data": data,
            "livemode": False,
            "pending_webhooks": int(self._is_wanted(event_type)),
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": event_type,
        }
        check_event(event)
        check_keys(event)
        self.put(event)
        if event["pending_webhooks"]:
            self.enqueue(event["id"])
        return event

    def _is_wanted(self, event_type: str) -> bool:
        """Return True if the endpoint listens to this type. It gets every type until it is configured."""
        endpoint = self.get(ENDPOINT)
        if endpoint is None:
            return True
        listens = {"*", event_type} & set(endpoint["enabled_events"])
        return bool(listens) and endpoint["status"] == "enabled"

    def enqueue(self, event_id: str) -> None:
        """Enqueue one delivery of an event."""
        self.db.execute("INSERT INTO outbox (event) VALUES (?)", (event_id,))
        self.wakes_delivery = True

    def pending(self) -> int:
        """Return the number of pending deliveries."""
        row = self.db.execute("SELECT count(*) FROM outbox WHERE delivered_at IS NULL").fetchone()
        return int(row[0])

    def schedule(self, object_id: str, action: str, at: int) -> None:
        """Schedule an action on an object for when world time reaches `at`."""
        self.db.execute("INSERT OR REPLACE INTO due (object, action, at) VALUES (?, ?, ?)", (object_id, action, at))

    def unschedule(self, object_id: str, action: str) -> None:
        """Cancel a scheduled action."""
        self.db.execute("DELETE FROM due WHERE object = ? AND action = ?", (object_id, action))

    def next_due(self) -> tuple[str, str, int] | None:
        """Return the first action that is due, as (object id, action, time)."""
        row = self.db.execute(
            "SELECT object, action, at FROM due WHERE at <= ? ORDER BY at, rowid LIMIT 1", (self.now,)
        ).fetchone()
        return None if row is None else (row[0], row[1], row[2])

    def setting(self, name: str) -> str | None:
        """Return a stored setting, or None."""
        row = self.db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: object) -> None:
        """Store a setting; it survives a restart."""
        self.db.execute("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", (name, str(value)))

    def switch(self, name: str) -> bool:
        """Return True if a test control is on."""
        return self.db.execute("SELECT 1 FROM switches WHERE name = ?", (name,)).fetchone() is not None

    def set_switch(self, name: str, on: bool) -> None:
        """Turn a test control on or off; this survives a restart."""
        if on:
            self.db.execute("INSERT OR IGNORE INTO switches (name) VALUES (?)", (name,))
        else:
            self.db.execute("DELETE FROM switches WHERE name = ?", (name,))
        self.wakes_delivery = True


def public(obj: Object) -> Object:
    """Return the object as the API shows it, without the stand-in's private fields, which begin with an underscore."""
    shown = {key: value for key, value in obj.items() if not key.startswith("_")}
    return {**shown, "object": shown["object"].removesuffix(" (deleted)")} if shown.get("deleted") else shown


def merged(old: Object, new: Object) -> Object:
    """Return the old values with the new ones over them, hashes merged in depth; a value of another type replaces."""
    both = {name: merged(old[name], value) for name, value in new.items() if _are_hashes(old.get(name), value)}
    return {**old, **new, **both}


def _are_hashes(*values: Any) -> bool:
    return all(isinstance(value, dict) for value in values)


def changes(before: Object, after: Object) -> Object:
    """Return the earlier values of what differs, as in an event's ``previous_attributes``."""
    earlier: Object = {}
    for key, old in before.items():
        new = after.get(key)
        if old == new or key.startswith("_"):
            continue
        earlier[key] = changes(old, new) if isinstance(old, dict) and isinstance(new, dict) else old
    # A key that is only in the new state was "null" before.
    earlier.update({key: None for key in after if key not in before and not key.startswith("_")})
    return earlier
