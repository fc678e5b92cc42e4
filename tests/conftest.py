"""The fixtures that all tests share: the database server, the cast of people, an article."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings
from xdist.scheduler import LoadScopeScheduling

from articles.models import Article, Author, Edition, Photo, PullQuote, Section
from articles.publishing import workflow
from devtools.postgres import Postgres
from devtools.run import find_varnish
from newsroom.http.page_cache import PAGE_CACHE
from newsroom.models import User
from tests.browser.chromium import find_chromium
from tests.factories import make_article, make_photo
from tests.settings import HAS_PRIVATE_DATABASE

_server: Postgres | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start a database server in each process that runs tests; the one that distributes them to workers needs none."""
    global _server
    if os.environ.get("REQUIRE_BROWSER") and (missing := _missing_packages()):
        raise pytest.UsageError(f"REQUIRE_BROWSER is set, and something is missing. On Debian: apt install {missing}")
    distributes = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if distributes:
        return
    if HAS_PRIVATE_DATABASE:
        _server = Postgres(Path(os.environ["NEWSROOM_HOME"]) / "postgres", durable=False)
        _server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None:
        _server.stop()
    shutil.rmtree(os.environ["NEWSROOM_HOME"], ignore_errors=True)


def _missing_packages() -> str:
    """Return the Debian packages that the browser tests need and the machine lacks."""
    programs = {"chromium fonts-liberation": find_chromium(), "varnish varnish-modules": find_varnish()}
    return " ".join(name for name, path in programs.items() if path is None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if _missing_packages():
        items[:] = [item for item in items if not {"browser", "varnish"} & {mark.name for mark in item.iter_markers()}]


# Each of these is run by one process, as its tests share a site or sample data.
ONE_PROCESS = ("tests/browser/", "tests/test_growth.py")


class SharedScopeScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Distributes the largest parts first, each to one process, then the other tests in their order.

    The order matters: tests that leave the database empty come last. Parts are told apart by path, not by a mark:
    xdist 3.8 loses its own groups with pytest 9.2 (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((part for part in ONE_PROCESS if nodeid.startswith(part)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedScopeScheduling:
    return SharedScopeScheduling(config, log)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Return True for a private server, which is deleted as a whole."""
    return _server is not None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if missing := _missing_packages():
        line = f"NOT RUN: the tests with browser and cache, as something is missing. On Debian: apt install {missing}"
        terminalreporter.write_line(line, yellow=True)


def _person(email: str, name: str, group: str = "") -> User:
    user = User.objects.create_user(email, "a-good-password", name=name, is_staff=bool(group))
    if group:
        user.groups.add(Group.objects.get(name=group))
        TOTP.activate(user, "A" * 32)  # the admin requires a second factor
    return user


@pytest.fixture
def reader(db: None) -> User:
    return _person("reader@example.org", "Asma")


@pytest.fixture
def reporter(db: None) -> User:
    return _person("reporter@example.org", "Rubiya", "Reporter")


@pytest.fixture
def editor(db: None) -> User:
    return _person("editor@example.org", "Tariq", "Editor")


@pytest.fixture
def moderator(db: None) -> User:
    return _person("moderator@example.org", "Mehak", "Moderator")


@pytest.fixture
def publisher(db: None) -> User:
    return _person("publisher@example.org", "Yusuf", "Publisher")


@pytest.fixture
def section(db: None) -> Section:
    return Section.objects.create(name="Kashmir", slug="kashmir")


@pytest.fixture
def author(db: None) -> Author:
    return Author.objects.create(name="Nuzhat Kralwari", slug="nuzhat-kralwari")


@pytest.fixture
def photo(db: None) -> Photo:
    return make_photo()


@pytest.fixture
def draft(section: Section, author: Author) -> Article:
    return make_article(section, author)


@pytest.fixture
def edition(draft: Article, photo: Photo) -> Edition:
    """A published article with a lead photo and a pull quote."""
    draft.lead_photo = photo
    draft.save()
    PullQuote.objects.create(parent=draft, region="body", ordering=20, quote="We walked.", attribution="A teacher")
    return workflow.publish(draft, by=None)


@pytest.fixture
def noon() -> Iterator[None]:
    """Set the time zone to one where it is noon now, so that no midnight is near."""
    now = datetime.now(UTC)
    with timezone.override(timezone.get_fixed_timezone(12 * 60 - now.hour * 60 - now.minute)):
        yield


@pytest.fixture
def cached(settings: Settings) -> None:
    """Configure a cache that does not answer, so that purges stay with the tasks."""
    settings.CACHE_PURGE_URL = "varnish://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _no_rate_limits_between_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Reset the rate limits after tests that run without a transaction to roll back."""
    marker = request.node.get_closest_marker("django_db")
    transactional = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if transactional:
        request.getfixturevalue("transactional_db")  # so that this ends before the database is closed again
    yield
    if transactional:
        cache.clear()


@pytest.fixture(autouse=True)
def _no_pages_between_tests() -> None:
    PAGE_CACHE.clear()
