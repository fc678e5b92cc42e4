"""Varnish's rules agree with the application, and Varnish follows them."""

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from articles.search.forms import SearchForm
from devtools.defaults import purge_port
from devtools.run import varnish_command
from newsroom.http import request_body
from newsroom.paths import BASE_DIR
from tests.running_site import free_port, wait_until

RULES = (BASE_DIR / "deploy" / "varnish" / "newsroom.vcl").read_text()
ON_ARRIVAL = RULES.partition("sub vcl_recv")[2].partition("sub vcl_hit")[0]
SAMPLES = {"slug": "a-b", "path": "x.jpeg", "uuid": "0c5b6a5e-4a2b-4c8e-9d5e-7b1f2a3c4d5e", "int": "7", "str": "t0k3n"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, Any]]:
    """Yield an example of each URL of the site, with its view."""
    for pattern in resolver.url_patterns:
        route = re.sub(r"\^|\\Z|\$", "", str(pattern.pattern))
        address = before + re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES[match[1] or "str"], route)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def test_whatever_is_not_public_is_handed_through_with_its_cookies() -> None:
    listed = re.search(r'req\.url ~ {"(.+?)"}', ON_ARRIVAL, re.DOTALL)
    assert listed
    private = re.compile(listed[1])
    kept = ("/static/", "/media/")
    of_two_kinds = {"comments"}  # its GET is public; a POST is never kept
    wrong = []
    for address, view in addresses(get_resolver()):
        public = getattr(view, "is_public", False) or view.__name__ in of_two_kinds
        passed = bool(private.search(address))
        if public == passed and not address.startswith(kept):
            wrong.append(address)
    assert not wrong


def test_no_parameter_that_a_public_page_reads_is_taken_off() -> None:
    named = re.search(r"\(\?!\(([\w|]+)\)=\)", RULES)
    assert named
    assert set(named[1].split("|")) == {*SearchForm.base_fields, "before", "after", "page", "from"}


def test_the_limits_of_what_is_sent_are_those_of_the_application() -> None:
    """Compare the two lists: `newsroom/http/request_body.py` explains them."""
    assert f'"^{request_body.UPLOADS.pattern}"' in ON_ARRIVAL
    assert f'"^{request_body.WEBHOOK}"' in ON_ARRIVAL
    limits = [int(limit) for limit in re.findall(r"(?:cache_req_body\(|Content-Length, 0\) > )(\d+)", ON_ARRIVAL)]
    assert limits == [request_body.MAX_EVENT] * 2 + [request_body.MAX_BODY] * 2


class Application(BaseHTTPRequestHandler):
    """A server behind Varnish that responds as a test says, and records the requests."""

    protocol_version = "HTTP/1.1"
    headers_of: dict[str, str] = {}
    asked: list[tuple[str, str | None]] = []
    status = 200
    failed_checks = 0  # by Varnish, each second
    meanwhile: Callable[[], object] | None = None  # done once, while a page is being made

    def do_GET(self) -> None:
        cls = type(self)
        well = cls.status == 200
        if self.path == "/readyz":
            cls.failed_checks += not well
        else:
            cls.asked.append((self.path, self.headers["Cookie"]))
            if cls.meanwhile is not None:
                first, cls.meanwhile = cls.meanwhile, None
                first()
        sent = self.rfile.read(int(self.headers["Content-Length"] or 0)) if self.headers["Content-Length"] else b""
        body = sent or (f"{len(cls.asked)}".encode() if well else b"out of order")
        self.send_response(cls.status)
        for name, value in (cls.headers_of if well else {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None: ...


class Cache:
    """Varnish with the outlet's rules, in front of an Application."""

    def __init__(self, folder: Path) -> None:
        self.application = Application
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.application)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = free_port()
        self.purges = purge_port(self.port)
        command = varnish_command(folder, readers=self.port, purges=self.purges, application=self.server.server_port)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: self.ask("/readyz")[0] == 200, "Varnish answers", 60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.server.shutdown()
        self.server.server_close()

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str, Any]:
        connection = HTTPConnection("127.0.0.1", self.purges if "Soft" in headers else self.port, timeout=10)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        except OSError:
            return 0, "", {}
        finally:
            connection.close()

    def text(self, path: str, **headers: str) -> str:
        return self.ask(path, **headers)[1]

    def purge(self, keys: str, *, soft: str = "0") -> int:
        return self.ask("/", "PURGE", Surrogate_Key=keys, Soft=soft)[0]

    def keeps(self, seconds: int = 1000, keys: str = "site", *, old: int = 60) -> None:
        """What the application says of its pages from now on."""
        control = f"max-age={seconds}, stale-while-revalidate={old}, stale-if-error=86400"
        self.application.headers_of = {"Surrogate-Control": control, "Surrogate-Key": keys}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    cache = Cache(tmp_path_factory.mktemp("varnish") / "home")
    yield cache
    cache.stop()


@pytest.fixture
def cache(running: Cache) -> Cache:
    """An empty cache in front of an application that works."""
    running.application.status, running.application.meanwhile = 200, None
    wait_until(lambda: running.ask("/account/")[0] == 200, "the application is back")
    running.purge("site")
    purged = time.time() + 0.002  # what begins in the same millisecond counts as begun before, and is made again
    wait_until(lambda: time.time() > purged, "the next millisecond")
    running.application.asked.clear()
    running.keeps()
    return running


needs_varnish = pytest.mark.varnish


@needs_varnish
def test_a_page_is_kept_for_everybody_and_asked_for_without_cookies(cache: Cache) -> None:
    assert cache.text("/latest/", Cookie="sessionid=a; somebody=1") == cache.text("/latest/", Cookie="sessionid=b")
    assert cache.application.asked == [("/latest/", None)]
    headers = cache.ask("/latest/")[2]
    assert not {"surrogate-control", "surrogate-key", "xkey", "x-varnish", "via"} & {name.lower() for name in headers}


@needs_varnish
@pytest.mark.parametrize(
    "path", ["/account/", "/overlay/", "/admin/", "/articles/a/whole/", "/support/thanks/?checkout=1"]
)
def test_what_is_a_persons_own_is_handed_through_each_time(path: str, cache: Cache) -> None:
    assert cache.text(path, Cookie="a=1") != cache.text(path, Cookie="a=1")
    assert cache.application.asked == [(path, "a=1")] * 2
    cache.ask("/latest/", "POST", Cookie="a=1")
    assert cache.application.asked[-1] == ("/latest/", "a=1")


@needs_varnish
def test_only_what_the_application_says_is_kept(cache: Cache) -> None:
    cache.application.headers_of = {"Cache-Control": "public, max-age=600"}
    assert cache.text("/a/") != cache.text("/a/")
    cache.keeps()
    cache.application.headers_of |= {"Set-Cookie": "sessionid=a"}
    assert cache.text("/b/") != cache.text("/b/")


@needs_varnish
def test_parameters_that_no_page_reads_make_no_second_page(cache: Cache) -> None:
    assert cache.text("/?utm_source=x&fbclid=y") == cache.text("/?a") == cache.text("/")
    assert cache.text("/search/?q=snow&x=1&order=newest") == cache.text("/search/?order=newest&q=snow")
    assert cache.text("/search/?q=rain") != cache.text("/search/?q=snow&order=newest")
    assert [path for path, _ in cache.application.asked] == ["/", "/search/?order=newest&q=snow", "/search/?q=rain"]


@needs_varnish
def test_another_writing_of_the_sites_name_makes_no_second_page(cache: Cache) -> None:
    first = cache.text("/latest/", Host="news.example")
    for host in ("news.example:443", "news.example:99999", "NEWS.Example"):
        assert cache.text("/latest/", Host=host) == first
    assert cache.text("/latest/#x", Host="news.example") == first
    assert cache.text("/latest/", Host="evil.example") != first
    for broken in ("news.example:", "news.example:x", "a@news.example"):  # which the application refuses
        assert cache.text("/latest/", Host=broken) != first


@needs_varnish
def test_a_purge_drops_what_has_the_key_and_only_the_other_door_takes_it(cache: Cache) -> None:
    cache.keeps(keys="site article-7")
    seven = cache.text("/7/")
    cache.keeps(keys="site article-77")
    other = cache.text("/77/")
    assert cache.ask("/7/", "PURGE", Surrogate_Key="article-7")[0] == 405
    assert cache.text("/7/") == seven
    assert cache.purge("article-7") == 200
    assert cache.text("/7/") != seven
    assert cache.text("/77/") == other


@needs_varnish
def test_what_was_being_made_when_something_was_purged_is_made_again(cache: Cache) -> None:
    cache.application.meanwhile = lambda: cache.purge("front")
    assert cache.text("/") == "2"
    assert cache.text("/") == "2"


@needs_varnish
def test_a_page_that_is_asked_for_anew_is_shown_as_it_was_until_then(cache: Cache) -> None:
    old = cache.text("/")
    cache.purge("site", soft="1")
    assert cache.text("/") == old
    wait_until(lambda: cache.text("/") != old, "the new page")


@needs_varnish
def test_a_page_with_a_moment_of_its_own_is_not_shown_a_second_longer(cache: Cache) -> None:
    cache.keeps(1, old=0)
    old, since = cache.text("/"), time.monotonic()
    wait_until(lambda: cache.text("/") != old, "the new page")
    assert time.monotonic() - since < 3
    assert len(cache.application.asked) == 2


@needs_varnish
@pytest.mark.parametrize("old", [0, 60])
def test_while_the_application_fails_readers_get_what_there_is(old: int, cache: Cache) -> None:
    cache.keeps(1, old=old)
    kept = cache.text("/")
    cache.application.status = 503
    cache.application.failed_checks = 0
    shown = set()
    # Both while nobody has noticed, and when the health checks have.
    wait_until(lambda: shown.add(cache.ask("/")[:2]) or cache.application.failed_checks > 3, "it has failed", 20)  # type: ignore[func-returns-value]
    assert shown == {(200, kept)}
    assert cache.ask("/never-seen/")[0] == 503
    cache.application.status = 200
    wait_until(lambda: cache.text("/") != kept, "the new page", 20)


@needs_varnish
def test_no_reader_can_ask_for_what_is_too_old(cache: Cache) -> None:
    cache.keeps(1, old=0)
    old = cache.text("/")
    wait_until(lambda: cache.text("/", X_At_All="1", X_Not_Older="1") != old, "the new page")


def _send(cache: Cache, length: int, body: bytes) -> socket.socket:
    """Send a form with this length, and as much of its body as is given."""
    sender = socket.create_connection(("127.0.0.1", cache.port), timeout=10)
    sender.sendall(b"POST /support/donate/ HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (length, body))
    return sender


@needs_varnish
def test_a_body_is_held_until_it_is_complete(cache: Cache) -> None:
    with _send(cache, 9, b"amount") as slow:
        assert cache.ask("/account/")[0] == 200
        assert [path for path, _ in cache.application.asked] == ["/account/"]
        slow.sendall(b"=25")
        with slow.makefile("rb") as answer:
            assert b"amount=25" in iter(answer.readline, b"\r\n") or answer.read(9) == b"amount=25"


@needs_varnish
def test_a_body_that_is_too_large_never_gets_to_the_application(cache: Cache) -> None:
    with _send(cache, request_body.MAX_BODY + 1, b"x" * (request_body.MAX_BODY + 1)) as large:
        assert large.recv(10_000).startswith(b"HTTP/1.1 413 ")
    assert not cache.application.asked
