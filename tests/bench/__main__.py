"""`make bench`: measures requests a second, beside a limit (nginx with the same page as a file) and a floor (a bare
Django view). Writes its table into docs/performance.md.

Everything runs on this machine, the load generator too: only the ratios of one run mean something. Each round measures
every case once, so that a busy moment of the machine affects all of them.
"""

import argparse
import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

from devtools import defaults, run
from devtools.postgres import ROLE
from devtools.run import GRANIAN
from tests.bench import servers

NEEDED = {"wrk": "wrk", "nginx": "nginx-light", "varnishd": "varnish varnish-modules"}  # and Debian's packages
CONNECTIONS, SECONDS, ROUNDS, WARM_UP = 8, 3, 5, 2
POSTS = 8_000  # prepared; more than are sent in a round
ARTICLE, HEADERS = "/articles/invented-report-997/", {"Accept-Encoding": "gzip"}
LIMIT, FLOOR = "nginx, from a file", "Django, a bare view"
BARE = ["--interface", "wsgi", "--blocking-threads", "8", "--no-ws", "tests.bench.floor:application"]
UNCACHED, CACHED = "uncached", "through Varnish"


@dataclass
class Case:
    """One kind of request to one server. `requests` are raw, and sent in turn."""

    server: str
    name: str
    requests: list[bytes]
    address: str
    rates: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(self.rates)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8150, help="The first of five ports.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    path = f"{os.environ['PATH']}:/usr/sbin"
    missing = [package for program, package in NEEDED.items() if shutil.which(program, path=path) is None]
    if missing:
        print(
            f"This needs {' and '.join(missing)} (on Debian: apt install --no-install-recommends {' '.join(missing)})."
        )
        return 1
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder, ExitStack() as stack:
        cases = _cases(stack, Path(folder), given.port)
        _measure(cases, Path(folder), given.rounds)
    servers.write_table(servers.REPORT, "bench", _table(cases, given.rounds))
    return 0


def _cases(stack: ExitStack, folder: Path, port: int) -> list[Case]:
    """Start all servers; return the cases to measure."""
    folder.chmod(0o711)
    url = stack.enter_context(servers.database(folder / "site"))
    settings = servers.environment(port, url, folder / "site") | {"TRUSTED_PROXIES": "1"}
    for words in (("migrate",), ("collectstatic", "--noinput"), ("load_sample_data",)):
        servers.manage(settings, *words, "--verbosity=0")
    cookies = servers.signed_in(settings)
    site = stack.enter_context(servers.granian(GRANIAN, port, settings, folder / "web.log"))
    bare = {"PATH": os.environ["PATH"], "BENCH_DATABASE": ROLE, "BENCH_ROLE": ROLE}
    bare["BENCH_HOST"] = str(servers.socket_of(url))
    floor = stack.enter_context(servers.granian(BARE, port + 1, bare, folder / "floor.log"))
    limit = stack.enter_context(_nginx(folder, port + 2, page=_fetch(site + ARTICLE), front=_fetch(site)))
    cached = stack.enter_context(_varnish(folder, port + 3, settings))
    everything = [_get(f"/articles/invented-report-{number}/", site) for number in _live(site)]
    return [
        Case(LIMIT, "article", [_get("/article.html", limit)], limit),
        Case(LIMIT, "front page", [_get("/front.html", limit)], limit),
        Case(FLOOR, "a list of 20", [_get("/", floor)], floor),
        *_reading(UNCACHED, site, cookies),
        *_reading(CACHED, cached, cookies),
        Case(UNCACHED, "article, each anew", everything, site),
        Case(UNCACHED, "overlay of a signed-in reader", [_get("/overlay/", site, Cookie=cookies)], site),
        Case(UNCACHED, "comment posted", list(_comments(site)), site),
        Case(UNCACHED, "webhook taken in", list(_webhooks(site, settings["STRIPE_WEBHOOK_SECRET"])), site),
    ]


def _reading(server: str, site: str, cookies: str) -> list[Case]:
    """Return the cases of reading, at the site itself or its cache."""
    paths = {
        "article": ARTICLE,
        "front page": "/",
        "section": "/sections/invented-section-1/",
        "search": "/search/?q=road+snow",
        "feed": "/feed/",
    }
    cases = [Case(server, name, [_get(path, site)], site) for name, path in paths.items()]
    return [*cases, Case(server, "article, signed in", [_get(ARTICLE, site, Cookie=cookies)], site)]


def _measure(cases: list[Case], folder: Path, rounds: int) -> None:
    for number in range(rounds + 1):
        for place, case in enumerate(cases):
            file = folder / f"requests-{place}"
            if not file.exists():
                file.write_bytes(b"\0".join(case.requests))
            if "posted" in case.name or "webhook" in case.name:  # each can be sent once
                part = len(case.requests) // (rounds + 1)
                file.write_bytes(b"\0".join(case.requests[number * part : (number + 1) * part]))
            seconds = SECONDS if number else WARM_UP
            rate, middle, slow = _wrk(case, file, seconds)
            print(f"{number}/{rounds} {case.server}: {case.name}: {rate:.0f} a second", flush=True)
            if number:
                case.rates.append(rate)
                case.middle.append(middle)
                case.slow.append(slow)


def _wrk(case: Case, file: Path, seconds: int) -> tuple[float, float, float]:
    """Return requests a second, and the median and 99th percentile of their milliseconds."""
    script = str(Path(__file__).with_name("load.lua"))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s", script, case.address]
    said = subprocess.run([*command, "--", str(file)], capture_output=True, text=True, check=True).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    assert found, said
    count, microseconds, errors, middle, slow = map(int, found.groups())
    if errors:
        raise RuntimeError(f"{case.server}: {case.name}: {errors} of {count} requests failed.")
    return count / microseconds * 1e6, middle / 1000, slow / 1000


def _raw(method: str, path: str, site: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    # Without the port, as browsers send it to a site on port 443.
    lines = {"Host": urlsplit(site).hostname or "", **HEADERS, **headers}
    if body:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _get(path: str, site: str, **headers: str) -> bytes:
    return _raw("GET", path, site, headers)


def _comments(site: str) -> Iterator[bytes]:
    """Yield comments on one article by unknown guests, each from a network of their own."""
    with urllib.request.urlopen(site + "/overlay/") as answer:
        given = json.loads(answer.read())
        cookie = answer.headers["Set-Cookie"].split(";")[0]
    for number in range(POSTS):
        form = {
            "csrfmiddlewaretoken": given["token"],
            "stamp": given["stamp"],
            "body": f"What I have seen myself, number {number}. (Invented.)",
            "name": f"Reader {number}",
            "email": f"reader-{number}@bench.example",
        }
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.{number // 250}.{number % 250}.1",
        }
        yield _raw("POST", f"{ARTICLE}comments/", site, headers, urlencode(form).encode())


def _webhooks(site: str, secret: str) -> Iterator[bytes]:
    now = int(time.time()) + 240  # so that they are young enough all the time
    for number in range(POSTS):
        event = {"id": f"evt_bench_{number}", "type": "invoice.paid", "livemode": False, "api_version": "bench"}
        body = json.dumps({**event, "data": {"object": {"id": f"in_bench_{number}"}}})
        signature = hmac.new(secret.encode(), f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "Stripe-Signature": f"t={now},v1={signature}"}
        yield _raw("POST", "/stripe/webhook/", site, headers, body.encode())


def _fetch(address: str) -> bytes:
    """Return a page as it goes over the wire, compressed."""
    with urllib.request.urlopen(urllib.request.Request(address, headers=HEADERS)) as answer:
        body: bytes = answer.read()
        return body


def _live(site: str) -> list[str]:
    """Return the keys of the published articles."""
    with urllib.request.urlopen(f"{site}/sitemaps/articles-0.xml") as answer:
        return re.findall(r"/articles/invented-report-(\d+)/", answer.read().decode())


@contextmanager
def _varnish(folder: Path, port: int, settings: dict[str, str]) -> Iterator[str]:
    """Run the same site behind Varnish, as `make run-cached` does."""
    application, purges = defaults.application_port(port), defaults.purge_port(port)
    address = f"http://127.0.0.1:{port}"
    behind = settings | {"CACHE_PURGE_URL": f"varnish://127.0.0.1:{purges}", "SITE_URL": address}
    command = run.varnish_command(folder / "varnish", readers=port, purges=purges, application=application)
    with (
        servers.granian(GRANIAN, application, behind, folder / "behind.log"),
        servers.running(command, folder / "varnish.log"),
    ):
        servers.wait_for(f"{address}/readyz", folder / "varnish.log")
        yield address


@contextmanager
def _nginx(folder: Path, port: int, **pages: bytes) -> Iterator[str]:
    """Run nginx with these compressed pages as files."""
    root = folder / "pages"
    root.mkdir(mode=0o755)
    for name, page in pages.items():
        (root / f"{'article' if name == 'page' else name}.html.gz").write_bytes(page)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"""daemon off; pid {folder}/nginx.pid; worker_processes {os.cpu_count()}; error_log {folder}/nginx.log;
        events {{}}
        http {{
          access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/html;
          client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
          uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
          server {{ listen 127.0.0.1:{port}; root {root}; gzip_static always; }}
        }}"""
    )
    with servers.running(["nginx", "-c", str(configuration)], folder / "nginx.out"):
        address = f"http://127.0.0.1:{port}"
        servers.wait_for(address, folder / "nginx.out")
        yield address


def _ratio(rates: list[float], others: list[float]) -> float:
    """Return the median of the rounds' ratios."""
    return median(rate / other for rate, other in zip(rates, others, strict=True))


def _table(cases: list[Case], rounds: int) -> str:
    lines = [
        f"{time.strftime('%-d %B %Y')}, `make bench`, {rounds} rounds of {SECONDS} s, {CONNECTIONS} connections, a load of"
        f" {os.getloadavg()[0]:.1f} at the end. {servers.machine()}",
        "",
        "| server | request | a second | spread | half within, ms | 99 of 100 within, ms | of the floor | of the limit |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    rates = {(case.server, case.name): case.rates for case in cases}
    floor, page, front = rates[FLOOR, "a list of 20"], rates[LIMIT, "article"], rates[LIMIT, "front page"]
    for case in cases:
        low, _, high = quantiles(case.rates, n=4) if len(case.rates) > 1 else (case.rate,) * 3
        limit = front if case.name == "front page" else page if case.name.startswith("article") else []
        of_limit = f"{_ratio(case.rates, limit):.3f}" if limit else ""
        lines.append(
            f"| {case.server} | {case.name} | {case.rate:.0f} | {low:.0f}–{high:.0f} | {median(case.middle):.2f} |"
            f" {median(case.slow):.1f} | {_ratio(case.rates, floor):.2f} | {of_limit} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
