"""`make audit` finds locked packages with known vulnerabilities, and fails if it cannot ask."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.audit.advisories import Unknown, advisories, locked
from tests.running_site import free_port

# What a server that speaks OSV's language answers, by path
ANSWERS = {
    "/holes": {"results": [{}, {"vulns": [{"id": "GHSA-1", "modified": ""}, {"id": "PYSEC-2", "modified": ""}]}]},
    "/none": {"results": [{}, {}]},
    "/too-few": {"results": [{}]},
    "/else": ["an error page"],
}
PACKAGES = [("django", "5.2.1"), ("pillow", "1.0")]


class _Osv(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert asked["queries"][1] == {"package": {"name": "pillow", "ecosystem": "PyPI"}, "version": "1.0"}
        answer = ANSWERS.get(self.path)
        self.send_response(200 if answer else 503)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def osv() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Osv) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_known_hole_is_named(osv: str) -> None:
    assert advisories(PACKAGES, f"{osv}/holes") == ["pillow 1.0: GHSA-1, PYSEC-2"]
    assert advisories(PACKAGES, f"{osv}/none") == []


@pytest.mark.parametrize("path", ["/too-few", "/else", "/away"])
def test_an_answer_that_is_none_is_no_success(osv: str, path: str) -> None:
    with pytest.raises(Unknown):
        advisories(PACKAGES, osv + path)


def test_silence_is_no_success() -> None:
    with pytest.raises(Unknown):
        advisories(PACKAGES, f"http://127.0.0.1:{free_port()}/")


def test_all_that_is_locked_is_asked_about() -> None:
    names = {name for name, _ in locked()}
    assert {"django", "django-allauth", "fido2", "stripe", "playwright"} <= names
