"""`manage.py` in development, in production, and without what it needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools.defaults import PEOPLE
from newsroom.paths import BASE_DIR

PRODUCTION = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://news.example",
    "EMAIL_URL": "smtp://localhost",
    "STRIPE_SECRET_KEY": "sk_live_example",
    "STRIPE_WEBHOOK_SECRET": "whsec_example",
}
SHOW = """
from django.conf import settings
from django.db import connection
connection.cursor().execute("SELECT 1")
print(settings.DEBUG, settings.SITE_URL, sorted(settings.SECOND_FACTOR_EXEMPT))
"""
WITHOUT_DEVTOOLS = """
import runpy, sys
sys.modules["devtools"] = None  # importing it raises ImportError
sys.argv = ["manage.py", "check", "--deploy"]
runpy.run_path("manage.py", run_name="__main__")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("manage") / "home"


def _python(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "SSL_CERT_FILE") if name in os.environ}
    return subprocess.run(
        [sys.executable, *words],
        cwd=BASE_DIR,
        env={**inherited, "NEWSROOM_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _settings(home: Path, **environment: str) -> str:
    done = _python(home, "manage.py", "shell", "--no-imports", "-c", SHOW, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_in_development_it_needs_no_other_setting(home: Path) -> None:
    assert _settings(home, DEBUG="1", PORT="8123") == f"True http://127.0.0.1:8123 {sorted(PEOPLE)}"


def test_in_production_it_uses_the_private_postgres_too(home: Path) -> None:
    assert _settings(home, **PRODUCTION) == "False https://news.example []"


def test_without_debug_the_demo_people_need_their_second_factor(home: Path) -> None:
    assert _settings(home, **PRODUCTION, DEBUG="0", DJANGO_SETTINGS_MODULE="devtools.settings").endswith("[]")


def test_with_a_database_production_does_without_devtools(home: Path) -> None:
    done = _python(home, "-c", WITHOUT_DEVTOOLS, **PRODUCTION, DATABASE_URL="postgres://127.0.0.1:1/none")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_missing_settings_are_named_in_one_line(home: Path) -> None:
    done = _python(home, "manage.py", "check")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Set {', '.join(PRODUCTION)} in the environment")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("port", ["abc", "0", "65536"])
def test_a_port_that_is_no_port_is_said_in_one_line(port: str, home: Path) -> None:
    done = _python(home, "manage.py", "check", DEBUG="1", PORT=port)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"PORT must be a number from 1 to 65535, not “{port}”"]
