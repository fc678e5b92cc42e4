"""Servers for the measurements, on loopback and each in a folder of its own.

They run as an installation would: DEBUG off, static files collected, one granian process, a durable Postgres.
"""

import os
import platform
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

from devtools.postgres import Postgres
from newsroom.paths import BASE_DIR

REPORT = BASE_DIR / "docs" / "performance.md"
START_TIMEOUT = 60.0  # seconds
MANAGE = (sys.executable, "manage.py")


def environment(port: int, database: str, home: Path) -> dict[str, str]:
    """Return the settings of a site on this port."""
    return {
        "PATH": os.environ["PATH"],
        "DEBUG": "false",
        "NEWSROOM_HOME": str(home),
        "DATABASE_URL": database,
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "a bench has no secrets",
        "EMAIL_URL": f"filemail:///{home}/mail",
        "STRIPE_SECRET_KEY": "sk_test_standin",
        "STRIPE_WEBHOOK_SECRET": "whsec_bench",
        "STRIPE_API_BASE": "http://127.0.0.1:9",  # nobody pays here
    }


def manage(settings: dict[str, str], *words: str) -> str:
    """Run `manage.py` and return its output. Raises RuntimeError with the output's end."""
    settings = settings | {"DJANGO_SETTINGS_MODULE": "devtools.settings"}  # which has the command for sample data
    done = subprocess.run([*MANAGE, *words], env=settings, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"manage.py {words[0]}: {done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def running(command: list[str], log: Path, settings: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process; end it with its children."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=settings, cwd=BASE_DIR, stdout=output, stderr=output, stdin=subprocess.DEVNULL
        )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Run a private Postgres in this folder; yield its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    server = Postgres(folder / "postgres")
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def granian(arguments: list[str], port: int, settings: dict[str, str], log: Path) -> Iterator[str]:
    """Run granian with these arguments in one process; yield its base address."""
    command = [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port), *arguments]
    with running(command, log, settings):
        address = f"http://127.0.0.1:{port}"
        wait_for(address, log)
        yield address


def wait_for(address: str, log: Path) -> None:
    """Return once the address answers."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"Nothing answers at {address}: {log.read_text(errors='replace')[-2000:]}")


def socket_of(url: str) -> str:
    """Return the socket's folder in a database URL."""
    return parse_qs(urlsplit(url).query)["host"][0]


def write_table(report: Path, name: str, table: str) -> None:
    """Replace the table of this name in the report, and print it."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = report.read_text().partition(begin)
    report.write_text(f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}")
    print(table)


def machine() -> str:
    """Return a line about this machine."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    named = cpu[1].strip() if cpu else platform.machine()
    return f"{os.cpu_count()} × {named}, {memory} GB; Python {platform.python_version()}."


SESSION = """
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from newsroom.accounts.session_store import SessionStore
from newsroom.models import User
made = dict(is_staff=True, is_superuser=True) if {staff} else dict()
person, _ = User.objects.get_or_create(email="{email}", defaults=dict(name="Bench", password="!", **made))
if {staff} and not person.second_factors().exists():
    TOTP.activate(person, "A" * 32)
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print("SESSION", session.session_key)
"""


def signed_in(settings: dict[str, str], *, staff: bool = False) -> str:
    """Return the cookies of somebody who is signed in."""
    email = f"{'desk' if staff else 'reader'}@bench.example"
    said = manage(settings, "shell", "-c", SESSION.format(staff=staff, email=email))
    return f"sessionid={said.split('SESSION ')[1].strip()}; somebody=1"
