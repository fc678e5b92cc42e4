"""Reads through the cache while content changes, and while everything behind it has stopped."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest

from devtools.defaults import purge_port, values
from devtools.postgres import Postgres
from newsroom.paths import BASE_DIR
from tests.drills import changes
from tests.running_site import Site, wait_until

READERS = 20  # connections
REQUEST_RATE = 200  # a second, by all of them together
MAX_STALE = 1.0  # seconds after a commit that the old content may still be shown


class Reading(NamedTuple):
    at: float  # when it was asked for
    path: str
    status: int
    numbers: dict[str, int]  # the highest number beside each mark


@pytest.fixture
def site(tmp_path: Any) -> Iterator[Site]:
    site = Site(tmp_path / "home", cached=True)
    site.start()
    yield site
    site.stop()


def test_nobody_gets_old_content_a_second_after_a_change_and_nobody_an_error(site: Site) -> None:
    front = site.page("/latest/")
    article = re.findall(r'href="(/articles/[\w-]+/)"', front)[0]
    readings: list[Reading] = []
    over = threading.Event()
    readers = [
        threading.Thread(target=_read, args=(site, ["/latest/", article], over, readings)) for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    environment = {
        **os.environ,
        **values(site.port),
        "DEBUG": "1",
        "NEWSROOM_HOME": str(site.home),
        "DATABASE_URL": Postgres(site.home / "postgres").url,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "CACHE_PURGE_URL": f"varnish://127.0.0.1:{purge_port(site.port)}",
    }
    changing = subprocess.run(
        [sys.executable, "-m", changes.__name__], cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, check=True
    )
    over.set()
    for reader in readers:
        reader.join()
    made = [json.loads(line) for line in changing.stdout.splitlines()]
    assert len(made) > changes.SECONDS / 2
    assert [reading for reading in readings if reading.status != 200] == []
    ages = []
    for change in made:
        mark, path = change["mark"], change["path"]
        old = [r.at - change["at"] for r in readings if r.path == path and r.numbers.get(mark, 0) < change["number"]]
        ages.append(max([age for age in old if age > 0], default=0.0))
    print(f"\n{len(readings)} pages read, {len(made)} changes; old content was last given out {max(ages):.3f} s after")
    assert max(ages) < MAX_STALE


def test_readers_are_served_while_web_and_database_have_stopped(site: Site) -> None:
    pages = ["/", "/latest/", *re.findall(r'href="(/articles/[\w-]+/)"', site.page("/latest/"))[:5]]
    assert all(site.answers(page) for page in pages)
    stopped = [pid for words in ("granian", "postgres") for pid in site.pids(words)]
    assert len(stopped) > 2
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        end = time.monotonic() + 15
        asked = 0
        while time.monotonic() < end:
            assert all(site.answers(page) for page in pages)
            asked += len(pages)
        print(f"\n{asked} pages read in 15 s while web and database stood still")
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    wait_until(lambda: site.answers("/readyz"), "the site is back", 30)


def _read(site: Site, paths: list[str], over: threading.Event, readings: list[Reading]) -> None:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
    pause = READERS / REQUEST_RATE
    due = time.time()
    turn = 0
    while not over.is_set():
        due += pause
        path = paths[turn % len(paths)]
        turn += 1
        at = time.time()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read().decode()
            status = answer.status
        except OSError:
            connection.close()
            status, text = 0, ""
        found: dict[str, int] = {}
        for mark, number in re.findall(r"(Corrected|Approved|Published) (\d+) times over", text):
            found[mark] = max(found.get(mark, 0), int(number))
        readings.append(Reading(at, path, status, found))
        time.sleep(max(0.0, due - time.time()))
    connection.close()
