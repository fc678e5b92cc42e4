"""The application that the web server, granian, calls. It reads a request's body before a thread is spent on it.

A server that calls WSGI gives a thread to each request whose headers are there. The thread then waits for the body,
for as long as its sender likes: a few senders that never finish stop the whole site. Here bodies are read by an event
loop, which can wait for thousands at once, within bounds of size and time, and threads get complete requests. It works
the other way too: a response is handed over whole, so that no thread waits for who reads it slowly.
"""

import asyncio
import io
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connections
from django.http import HttpResponse

from newsroom.http.request_body import REFUSED, max_body, takes_files
from newsroom.wsgi import application as wsgi

THREADS = 12  # each needs a database connection, of which the pool has ten, or waits for Stripe, as four may
MAX_HELD = 256_000_000  # bytes of all bodies that this process holds at once
FORM_DEADLINE = 60.0  # seconds for a body: enough for a long text on 2G
UPLOAD_DEADLINE = 900.0  # seconds, for staff alone: photos from the field
DISCARD_DEADLINE = 10.0  # seconds, for what was refused
BODILESS = ("GET", "HEAD", "OPTIONS", "TRACE")
MAX_SOCKETS = 65_536

ENVIRONMENT: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Disconnected(Exception):
    """The client is gone, and its body will never be complete."""


class Application:
    """An RSGI application around the WSGI application.

    RSGI is granian's own interface: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
    """

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self.held = 0  # bytes

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the process have as many sockets as it may: shells allow 1,024, which one attacker fills."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MAX_SOCKETS if hard == resource.RLIM_INFINITY else min(hard, MAX_SOCKETS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        environ = _environ(scope)
        body = bytearray()
        try:
            if scope.method not in BODILESS:
                environ[REFUSED] = await self._read(environ, protocol, body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = io.BytesIO(body)
            await self._in_thread(_respond, environ, protocol)
        except Disconnected:
            protocol.response_empty(400, [])
        finally:
            self._release(body)

    async def _read(self, environ: dict[str, Any], protocol: Any, body: bytearray) -> int | None:
        """Read the body into `body`; return None, or the status with which it is refused. Raises Disconnected.

        What is refused is read for some seconds more, and not kept: a browser that is still sending would show a broken
        connection instead of the answer.
        """
        path = environ["PATH_INFO"]
        declared = int(environ.get("CONTENT_LENGTH") or 0)
        by_staff = takes_files(path) and await self._in_thread(_is_staff, environ)
        limit = max_body(path, by_staff=by_staff)
        refused = 413 if declared > limit else None
        now = asyncio.get_running_loop().time
        deadline = DISCARD_DEADLINE if refused else UPLOAD_DEADLINE if by_staff else FORM_DEADLINE
        ends = 0  # granian says with an empty part that the body has ended, and with another one that it was cut off
        try:
            async with asyncio.timeout(deadline) as timeout:
                # Not anext() with a default: granian 2.8 crashes.
                async for part in protocol:
                    ends += not part
                    if refused:
                        continue
                    body += part
                    self.held += len(part)
                    if len(body) > limit or self.held > MAX_HELD:
                        refused = 413 if len(body) > limit else 503
                        self._release(body)
                        timeout.reschedule(now() + DISCARD_DEADLINE)
        except TimeoutError:
            self._release(body)
            return refused or 408
        if not refused and (ends > 1 or len(body) < declared):
            raise Disconnected
        return refused

    def _release(self, body: bytearray) -> None:
        self.held -= len(body)
        body.clear()

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *arguments)


def _environ(scope: Any) -> dict[str, Any]:
    """Return the WSGI environment of a request, without its body (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ = ENVIRONMENT | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for header, value in scope.headers.items():
        if "_" in header:  # it would look like the one with hyphens, which a proxy in front may have set
            continue
        name = header.upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        if name in environ:
            value = f"{environ[name]}{';' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _is_staff(environ: dict[str, Any]) -> bool:
    """Tell whether the request is of a session that may enter the admin; False while the database is away."""
    request = WSGIRequest(environ | {"wsgi.input": io.BytesIO()})
    try:
        SessionMiddleware(lambda _: HttpResponse()).process_request(request)
        return bool(getattr(get_user(request), "is_staff", False))
    except DatabaseError:
        return False
    finally:
        connections.close_all()


def _respond(environ: dict[str, Any], protocol: Any) -> None:
    head: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        head[:] = int(status[:3]), headers

    response: Any = wsgi(environ, start_response)
    try:
        content = b"".join(response)
    finally:
        response.close()
    protocol.response_bytes(*head, content)


application = Application()
