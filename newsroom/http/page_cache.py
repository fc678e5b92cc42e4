"""Pages that are put together once, and not again while the database gives the same answers.

Putting a page together takes ten times as long as asking the database for what is on it. So `@kept` keeps a page with
the questions that it asked. When somebody wants it again, it asks them again, all at once; only if each answer is the
same to the byte is the kept page sent. So it is never older than the database, nobody has to say what has changed, and
a process that has just started is merely slower. What a page shows of the time of day is at most LONGEST old, and exact
where the page has said when it changes (`caching.holds_until`).
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from psycopg import ClientCursor, Cursor, ServerCursor

from newsroom.dates import next_midnight
from newsroom.http.cache_headers import View

MAX_PAGES = 500  # pages in one process, of some 25 KB; those that were wanted longest ago go
MAX_AGE = timedelta(minutes=1)
NOTES = ("changes_at", "shown", "embeds")  # what a view tells by way of the request to what stands around it


@dataclass(frozen=True)
class Page:
    """`questions`: SQL; `answers`: a digest of what the database said; `body`: compressed."""

    questions: list[str]
    answers: bytes
    body: bytes
    headers: dict[str, str]
    notes: dict[str, Any]
    until: datetime


class PageCache:
    """Those that were wanted last, by path."""

    def __init__(self) -> None:
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.lock = Lock()  # web workers have threads

    def get(self, path: str) -> Page | None:
        with self.lock:
            if path in self.pages:
                self.pages.move_to_end(path)
            return self.pages.get(path)

    def put(self, path: str, page: Page) -> None:
        with self.lock:
            self.pages[path] = page
            self.pages.move_to_end(path)
            if len(self.pages) > MAX_PAGES:
                self.pages.popitem(last=False)

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()


PAGE_CACHE = PageCache()


def cached_page(view: View) -> View:
    """For a public page that depends on its path, the database and the time alone. Stands inside `@public`."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.GET:
            return view(request, *args, **kwargs)
        page = PAGE_CACHE.get(request.path)
        if page is None or page.until <= timezone.now() or _answers(page.questions) != page.answers:
            listener = _Listener()
            connection.ensure_connection()  # what a new one is asked at first is not the page's
            with connection.execute_wrapper(listener):
                response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.streaming or response.cookies or not listener.reads_only:
                return response
            page = _page(request, response, listener)
            PAGE_CACHE.put(request.path, page)
        return _response(request, page)

    return wrapped


class _Listener:
    """Hears what a view asks the database, and its answers."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.digest = blake2b(digest_size=16)
        self.reads_only = True

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        if not isinstance(cursor, ServerCursor) and sql.lstrip("( ").startswith("SELECT"):
            self.questions.append(ClientCursor(cursor.connection).mogrify(sql, params) if params else sql)
            _hear(cursor, self.digest)
        else:
            self.reads_only = False
        return result


def _answers(questions: list[str]) -> bytes:
    """What the database says to them now. In one go, and those that are asked often are not planned each time: Postgres
    takes longer to plan them than to answer.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [Cursor(connection.connection).execute(question) for question in questions]
    digest = blake2b(digest_size=16)
    for cursor in cursors:
        _hear(cursor, digest)
    return digest.digest()


def _hear(cursor: Any, digest: Any) -> None:
    """Take in the rows of a statement that was executed."""
    found = cursor.pgresult
    for row in range(found.ntuples):
        for column in range(found.nfields):
            value = found.get_value(row, column)
            digest.update(b"\0" if value is None else b"%d:%b" % (len(value), value))
    digest.update(b"\n")


def _page(request: HttpRequest, response: HttpResponse, listener: _Listener) -> Page:
    now = timezone.now()
    tomorrow = next_midnight(now)
    return Page(
        questions=listener.questions,
        answers=listener.digest.digest(),
        body=gzip.compress(response.content, compresslevel=6, mtime=0),
        headers=dict(response.items()),
        notes={name: getattr(request, name) for name in NOTES if hasattr(request, name)},
        until=min(now + MAX_AGE, tomorrow, getattr(request, "changes_at", tomorrow)),
    )


def _response(request: HttpRequest, page: Page) -> HttpResponse:
    """Compressed for whoever takes it so. Nothing in it is a secret that its length could betray."""
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.body if compressed else gzip.decompress(page.body), headers=page.headers)
    if compressed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = f'W/"{blake2b(page.body, digest_size=12).hexdigest()}"'
    for name, value in page.notes.items():
        setattr(request, name, value)
    return response
