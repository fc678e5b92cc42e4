"""Stores rendered pages in the process, and checks with the database before it sends one.

Rendering a page takes ten times as long as the queries for what is on it. So `@cached_page` stores a page with the
queries that the view made. On the next request it runs these again, all at once, and sends the stored page only if each
result is the same to the byte. So a page is never older than the database, nothing has to be invalidated, and a process
that has just started is merely slower. Words that depend on the time of day are at most MAX_AGE old, and exact if the
page has said when it changes (`cache_headers.set_expiry`). The setting PAGE_CACHE switches all of it off.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from psycopg import ClientCursor, Cursor, ServerCursor

from newsroom.dates import next_midnight
from newsroom.http.cache_headers import View
from newsroom.http.page_context import PageContext, page_context, set_page_context

MAX_PAGES = 500  # in one process, of some 25 KB each; the least recently used go
MAX_AGE = timedelta(minutes=1)


@dataclass(frozen=True)
class CachedPage:
    """A page: the SQL of its queries, a digest of their results, its compressed body, and what the view said of it."""

    queries: list[str]
    results: bytes
    body: bytes
    headers: dict[str, str]
    context: PageContext
    expires_at: datetime


class PageCache:
    """The pages that were used last, by path."""

    def __init__(self) -> None:
        self.pages: OrderedDict[str, CachedPage] = OrderedDict()
        self.lock = Lock()  # web workers have threads

    def get(self, path: str) -> CachedPage | None:
        with self.lock:
            if path in self.pages:
                self.pages.move_to_end(path)
            return self.pages.get(path)

    def put(self, path: str, page: CachedPage) -> None:
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
    """Cache a public page that depends on its path, the database and the time alone. Stands inside `@public`."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.PAGE_CACHE or request.method not in ("GET", "HEAD") or request.GET:
            return view(request, *args, **kwargs)
        page = PAGE_CACHE.get(request.path)
        if page is None or page.expires_at <= timezone.now() or _run(page.queries) != page.results:
            recorder = _QueryRecorder()
            connection.ensure_connection()  # its own queries are not the page's
            with connection.execute_wrapper(recorder):
                response = view(request, *args, **kwargs)
            if not recorder.reads_only or not _is_the_same_for_everyone(request, response):
                return response
            page = _page(request, response, recorder)
            PAGE_CACHE.put(request.path, page)
        return _response(request, page)

    return wrapped


def _is_the_same_for_everyone(request: HttpRequest, response: HttpResponse) -> bool:
    """Return True if the view made a whole page without looking at who is reading.

    Reading the user or the session marks the session as accessed; a CSRF token marks its cookie for renewal.
    """
    return not (
        response.status_code != 200
        or response.streaming
        or response.cookies
        or request.session.accessed
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or get_messages(request).used  # type: ignore[union-attr]
    )


class _QueryRecorder:
    """Records the queries that a view makes, and a digest of their results."""

    def __init__(self) -> None:
        self.queries: list[str] = []
        self.digest = blake2b(digest_size=16)
        self.reads_only = True

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        if not isinstance(cursor, ServerCursor) and sql.lstrip("( ").startswith("SELECT"):
            self.queries.append(ClientCursor(cursor.connection).mogrify(sql, params) if params else sql)
            _update(self.digest, cursor)
        else:
            self.reads_only = False
        return result


def _run(queries: list[str]) -> bytes:
    """Return the digest of these queries' results now.

    They go to Postgres in one round trip, and frequent ones are prepared: planning them takes longer than running them.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [Cursor(connection.connection).execute(query) for query in queries]
    digest = blake2b(digest_size=16)
    for cursor in cursors:
        _update(digest, cursor)
    return digest.digest()


def _update(digest: Any, cursor: Any) -> None:
    """Add the rows that a cursor has fetched from the server to the digest."""
    result = cursor.pgresult
    for row in range(result.ntuples):
        for column in range(result.nfields):
            value = result.get_value(row, column)
            digest.update(b"\0" if value is None else b"%d:%b" % (len(value), value))
    digest.update(b"\n")


def _page(request: HttpRequest, response: HttpResponse, recorder: _QueryRecorder) -> CachedPage:
    now = timezone.now()
    context = page_context(request)
    tomorrow = next_midnight(now)
    return CachedPage(
        queries=recorder.queries,
        results=recorder.digest.digest(),
        body=gzip.compress(response.content, compresslevel=6, mtime=0),
        headers=dict(response.items()),
        context=context,
        expires_at=min(now + MAX_AGE, tomorrow, context.changes_at or tomorrow),
    )


def _response(request: HttpRequest, page: CachedPage) -> HttpResponse:
    """Return the page, compressed if the client accepts it: it holds no secret that its length could betray."""
    accepts_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.body if accepts_gzip else gzip.decompress(page.body), headers=page.headers)
    if accepts_gzip:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = f'W/"{blake2b(page.body, digest_size=12).hexdigest()}"'
    set_page_context(request, replace(page.context))
    return response
