"""A thousand connections that never finish what they send, while readers and staff want pages."""

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.running_site import Site

SOCKETS = 1_000
MAX_SECONDS = 2.0
PAGES = ("/healthz", "/accounts/login/", "/", "/latest/", "/overlay/", "/support/")
HOST = "Host: 127.0.0.1\r\n"
FORM = f"POST /support/donate/ HTTP/1.1\r\n{HOST}"
UPLOAD = f"POST /admin/articles/photo/upload/ HTTP/1.1\r\n{HOST}Cookie: sessionid={'a' * 32}\r\n"
KINDS = {
    "headers": f"GET / HTTP/1.1\r\n{HOST}X-Never",
    "nothing": "",
    "body": f"{FORM}Content-Length: 1000\r\n\r\nabc",
    "body in parts": f"{FORM}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "large body": f"{FORM}Content-Length: 2900000\r\n\r\nabc",
    "webhook": f"POST /stripe/webhook/ HTTP/1.1\r\n{HOST}Content-Length: 1000\r\n\r\nabc",
    "sign-in": f"POST /accounts/login/ HTTP/1.1\r\n{HOST}Content-Length: 1000\r\n\r\nabc",
    "photo": f"{UPLOAD}Content-Length: 20000000\r\n\r\nabc",
}


@pytest.fixture(scope="module", params=[False, True], ids=["make run", "make run-cached"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("slow") / "home", cached=request.param)
    site.start()
    yield site
    site.stop()


def _seconds(site: Site) -> dict[str, float]:
    """Return how long each page takes, and a form that comes back. Raises URLError on any but a 200."""
    taken = {}
    for page, form in (*((page, None) for page in PAGES), ("/support/donate/", b"amount=25")):
        begun = time.monotonic()
        with urllib.request.urlopen(site.address + page, form, timeout=30) as response:
            response.read()
        taken[page] = time.monotonic() - begun
    return taken


@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_that_never_finish_hold_nobody_up(kind: str, site: Site, tmp_path: Path) -> None:
    _seconds(site)
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=30)) for _ in range(SOCKETS)
        ]
        for each in slow:
            each.sendall(KINDS[kind].encode())
        for letter in (b"a", b"b"):  # they go on sending a little
            taken = _seconds(site)
            print(kind, {page: round(seconds, 2) for page, seconds in taken.items()})
            assert max(taken.values()) < MAX_SECONDS, taken
            for each in slow:
                try:
                    each.sendall(letter)
                except OSError:  # it was refused
                    continue
