import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import override_settings

from newsroom.models import User
from newsroom.paths import BASE_DIR

PRODUCTION = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://news.example",
    "EMAIL_URL": "smtp://localhost",
    "STRIPE_SECRET_KEY": "sk_live_example",
    "STRIPE_WEBHOOK_SECRET": "whsec_example",
}


def _manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: os.environ[name] for name in ("PATH", "HOME", "NEWSROOM_HOME") if name in os.environ}
    url = os.environ.get("DATABASE_URL") or _own_database()
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=BASE_DIR,
        env={**own, "DATABASE_URL": url, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _own_database() -> str:
    from devtools.postgres import private_server

    return private_server().url


def test_the_deployment_check_is_silent_with_production_settings() -> None:
    done = _manage("check", "--deploy", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout == "System check identified no issues (2 silenced).\n"


@pytest.mark.parametrize(("proxies", "believed"), [("0", None), ("1", ("HTTP_X_FORWARDED_PROTO", "https"))])
def test_https_brings_its_cookies_and_believes_no_stranger(proxies: str, believed: object) -> None:
    names = "SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SECURE_HSTS_SECONDS"
    look = f"from django.conf.global_settings import *; from newsroom.settings import *; print(({names}, SECURE_PROXY_SSL_HEADER))"
    done = _manage("shell", "--no-imports", "-c", look, **PRODUCTION, TRUSTED_PROXIES=proxies)
    assert eval(done.stdout) == ("__Host-sessionid", "__Host-csrftoken", True, True, 31_536_000, believed)


@pytest.mark.parametrize("missing", PRODUCTION)
def test_a_missing_setting_is_named_in_one_line(missing: str) -> None:
    done = _manage("check", **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Set {missing} in the environment")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "news.example"),
        ("EMAIL_URL", "foo"),
        ("TIME_ZONE", "Nowhere/X"),
        ("DATABASE_URL", "x"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_named_in_one_line(name: str, value: str) -> None:
    done = _manage("check", **{**PRODUCTION, name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(name), done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_setting_that_is_set_to_nothing_is_not_set() -> None:
    empty = dict.fromkeys(("ALLOWED_HOSTS", "STRIPE_API_BASE", "TIME_ZONE", "EMAIL_FROM"), "")
    assert _manage("check", "--deploy", **PRODUCTION, **empty).returncode == 0


def test_stripe_may_not_be_somewhere_else_with_a_live_key() -> None:
    done = _manage("check", **PRODUCTION, STRIPE_API_BASE="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "subscriptions.E001" in done.stderr


def test_demo_people_are_an_error_where_they_exist(db: None) -> None:
    def errors() -> list[str]:
        found = run_checks(include_deployment_checks=True, databases=["default"])
        return [str(error.id) for error in found if str(error.id).startswith("newsroom")]

    with override_settings(STRIPE_API_BASE="https://api.stripe.com"):
        assert errors() == []
        User.objects.create_user("editor@example.org", "newsroom-demo")
        assert errors() == ["newsroom.E001"]
    assert sorted(errors()) == ["newsroom.E001", "newsroom.E002"]


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
