"""The HTTP server: reads a request in full, dispatches it, writes the answer."""

from __future__ import annotations

import logging
import socket
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from . import api, controls, pages
from .app import App
from .errors import ApiError
from .html import document
from .ids import new_id
from .store import StoreClosed
from .web import Request, Response, json_response

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024


class Server(ThreadingHTTPServer):
    """An HTTP server on loopback only: the controls have no authentication."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, app: App) -> None:
        self.app = app
        super().__init__(("127.0.0.1", app.config.port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect; log everything else."""
        error = sys.exception()
        if not isinstance(error, (ConnectionError, TimeoutError)):
            log.exception("a connection failed")


class Handler(BaseHTTPRequestHandler):
    """The handler of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "standin"
    sys_version = ""
    timeout = 60
    # Head and body are written apart; without this the second would wait for the first to be confirmed.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Serve a GET request."""
        self._serve()

    do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def _serve(self) -> None:
        request_id = new_id("req")
        try:
            request = self._read(request_id)
            response = _dispatch(self.server.app, request)
        except ApiError as error:
            # The body was not read, so nothing after it on this connection could be understood.
            self.close_connection = True
            response = json_response(error.status, error.body(), Request_Id=request_id)
        except StoreClosed:
            self.close_connection = True
            response = Response(503, b"stopping\n", "text/plain; charset=utf-8")
        if response.reset:
            self._break_off()
        else:
            self._write(response)

    def _break_off(self) -> None:
        """Close the connection so that the other side sees a reset, not an end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _read(self, request_id: str) -> Request:
        """Return the whole request, within limits."""
        if "transfer-encoding" in self.headers:
            raise ApiError(411, "The stand-in needs a Content-Length and no Transfer-Encoding.")
        lengths = self.headers.get_all("content-length") or ["0"]
        if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit() and len(lengths[0]) <= 15):
            raise ApiError(400, "The Content-Length is not a number.")
        if int(lengths[0]) > MAX_BODY:
            raise ApiError(413, f"The body is larger than {MAX_BODY} bytes.")
        body = self.rfile.read(int(lengths[0]))
        if len(body) != int(lengths[0]):
            raise ApiError(400, "The body is shorter than its Content-Length.")
        path, _, query = self.path.partition("#")[0].partition("?")
        try:
            path = unquote(path, errors="strict")
        except UnicodeDecodeError:
            raise ApiError(400, "The path is not valid UTF-8.") from None
        if "\0" in path:
            raise ApiError(400, "The path contains a null byte.")
        headers = {name.lower(): value for name, value in self.headers.items()}
        method = "GET" if self.command == "HEAD" else self.command
        return Request(method, path, query, headers, body, request_id)

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Log a request, without its query, if the command line asks for it."""
        if self.server.app.config.verbose:
            log.info("%s %s %s", self.command, self.path.partition("?")[0], int(code))

    def log_message(self, format: str, *args: Any) -> None:
        """Log the base class's messages about malformed requests."""
        log.debug(format, *args)


def _dispatch(app: App, request: Request) -> Response:
    """Dispatch the request. A bug in a page is a 500 without a traceback in the browser."""
    if request.path == "/v1" or request.path.startswith("/v1/"):
        return api.handle(app, request)
    try:
        if request.path.startswith("/_standin/"):
            return controls.handle(app, request)
        return pages.handle(app, request)
    except StoreClosed:
        raise
    except Exception as problem:
        log.exception("%s %s failed", request.method, request.path)
        app.record_breach(problem)
        return document(500, "The stand-in failed", "<p>Its log says why.</p>")
