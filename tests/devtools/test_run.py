"""`make run`, for real: it starts, heals, and leaves nothing behind."""

import io
import os
import random
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from PIL import Image

from devtools import run
from devtools.defaults import PASSWORD
from newsroom import rsgi
from newsroom.http.request_body import MAX_BODY
from newsroom.paths import BASE_DIR
from tests.running_site import Site, wait_until


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("run") / "home")
    site.start()
    yield site
    if site.process and site.process.poll() is None:
        site.stop()


def _postmaster(site: Site) -> int:
    return int((site.home / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])


def test_it_prints_one_screen_with_all_that_one_needs(site: Site) -> None:
    said = site.said()
    for part in (f"{site.address}/", f"{site.address}/admin/", "subscriber", "newsroom-demo", f"{site.home}/mail"):
        assert part in said
    assert len(said.splitlines()) < 20


def test_postgres_killed_comes_back_by_itself_with_all_that_was_acknowledged(site: Site) -> None:
    before = _postmaster(site)
    front = site.page("/")
    os.kill(before, signal.SIGKILL)
    # Not before the site was seen to miss it: else an answer from before the kill would count.
    wait_until(lambda: "Postgres ended" in site.said(), "the end is noticed")
    wait_until(lambda: site.answers("/readyz") and site.answers("/"), "the site answers again", 30)
    assert _postmaster(site) != before
    assert site.page("/") == front


def test_a_part_that_dies_is_started_again(site: Site) -> None:
    assert len(site.pids("procrastinate worker")) == 1
    os.kill(site.pids("procrastinate worker")[0], signal.SIGKILL)
    wait_until(lambda: "worker ended" in site.said(), "the end is noticed")
    wait_until(lambda: bool(site.pids("procrastinate worker")), "a new worker")


def test_the_web_process_killed_leaves_no_child_that_keeps_the_port(site: Site) -> None:
    wait_until(lambda: bool(site.pids("granian")), "the web process runs")
    masters = site.pids("granian")
    os.kill(masters[0], signal.SIGKILL)
    wait_until(lambda: "web ended" in site.said(), "the end is noticed")
    wait_until(lambda: not set(masters) & set(site.pids("granian")), "the former ones are gone")
    wait_until(lambda: site.answers("/readyz"), "the site answers again")


def test_what_codes_are_sent_in_is_for_its_owner_alone(site: Site) -> None:
    for path in (site.home / "log", site.home / "stripe-standin", site.home / "secret_key"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_second_one_in_the_same_folder_is_refused_in_one_line(site: Site) -> None:
    second = Site(site.home)
    second.output = site.home.parent / "second.txt"
    assert second.launch().wait(30) == 1
    assert len(second.said().splitlines()) == 1
    assert "in use by another" in second.said()
    assert site.answers()


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        blocked = Site(tmp_path / "home", other.getsockname()[1])
        assert blocked.launch().wait(30) == 1
    assert len(blocked.said().splitlines()) == 1
    assert f"Port {blocked.port} on 127.0.0.1 is taken" in blocked.said()
    assert not blocked.processes()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_cannot_be_is_said_in_one_line(port: str, tmp_path: Path) -> None:
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "devtools.run", f"--port={port}"],
        env={**os.environ, "NEWSROOM_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("PORT must be a number")
    assert len(done.stderr.splitlines()) == 1


FORM = b"POST /support/donate/ HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def _send(site: Site, rest: bytes) -> socket.socket:
    sender = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    sender.sendall(FORM % site.port + rest)
    return sender


def _status(sender: socket.socket) -> int:
    return int(sender.recv(12).split()[1])


def test_production_is_advised_the_same_server() -> None:
    assert f"\n.venv/bin/granian {' '.join(run.GRANIAN)}\n" in (BASE_DIR / "docs" / "operating.md").read_text()


def test_those_who_do_not_finish_what_they_send_hold_nobody_up(site: Site) -> None:
    """As many as there are threads, and more."""
    with ExitStack() as stack:
        slow = [stack.enter_context(_send(site, b"Content-Length: 9\r\n\r\namount")) for _ in range(2 * rsgi.THREADS)]
        assert site.answers("/")
        assert site.answers("/accounts/login/")
        slow[0].sendall(b"=25")
        assert _status(slow[0]) == 200


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        (CHUNKED + b"9\r\namount=25\r\n0\r\n\r\n", 200),
        (CHUNKED + (b"%x\r\n%b\r\n" % (100_000, b"x" * 100_000)) * 31 + b"0\r\n\r\n", 413),
        (b"Content-Length: 3000001\r\n\r\n" + b"x" * 3_000_001, 413),
    ],
    ids=["in parts", "in too many parts", "too large"],
)
def test_a_body_is_read_up_to_its_limit(rest: bytes, status: int, site: Site) -> None:
    with _send(site, rest) as sender:
        assert _status(sender) == status


@pytest.mark.parametrize(
    "rest", [b"Content-Length: 9\r\n\r\namount", CHUNKED + b"9\r\namount=25\r\n5\r\n"], ids=["one", "in parts"]
)
def test_a_body_that_was_cut_off_is_not_taken_for_a_whole_one(rest: bytes, site: Site) -> None:
    with _send(site, rest) as sender:
        sender.shutdown(socket.SHUT_WR)
        assert _status(sender) == 400


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def test_photos_of_several_megabytes_are_taken_from_staff_alone(site: Site) -> None:
    picture = io.BytesIO()
    Image.frombytes("RGB", (2500, 1500), random.Random(1).randbytes(2500 * 1500 * 3)).save(picture, "JPEG", quality=90)
    assert len(picture.getvalue()) > MAX_BODY
    browser = build_opener(HTTPCookieProcessor())
    upload = f"{site.address}/admin/articles/photo/upload/"

    def send(token: str) -> str:
        field = 'Content-Disposition: form-data; name="'
        body = f'--b\r\n{field}csrfmiddlewaretoken"\r\n\r\n{token}\r\n--b\r\n{field}photos"; filename="a.jpg"\r\n\r\n'
        data = body.encode() + picture.getvalue() + b"\r\n--b--\r\n"
        return str(browser.open(Request(upload, data, {"Content-Type": "multipart/form-data; boundary=b"})).url)

    page = browser.open(f"{site.address}/accounts/login/").read().decode()
    with pytest.raises(HTTPError, match="413"):
        send(_token(page))
    person = {"csrfmiddlewaretoken": _token(page), "login": "editor@example.org", "password": PASSWORD}
    browser.open(f"{site.address}/accounts/login/", urlencode(person).encode())
    page = browser.open(f"{site.address}/admin/articles/photo/").read().decode()
    assert "/describe/" in send(_token(page))


def test_killed_outright_it_takes_all_with_it_and_starts_again_with_the_same_data(site: Site) -> None:
    assert site.process is not None
    secret = (site.home / "secret_key").read_text()
    site.process.kill()
    site.process.wait()
    wait_until(lambda: not site.processes(), "nothing is left", 30)

    site.start()
    assert "Loading the demo content" not in site.said()
    assert (site.home / "secret_key").read_text() == secret
    assert site.answers("/sections/kashmir/")


def test_sigterm_ends_all_of_it_in_order(site: Site) -> None:
    assert site.stop() == 0
    assert not site.processes()
    assert "database system is shut down" in (site.home / "postgres" / "log").read_text()
    assert not site.answers()
