"""Cached pages are never older than the database, are the same for everyone, and are not rendered again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.test import Client
from django.urls import path as route
from django.utils import timezone
from pytest_django import Settings

from articles.models import Banner, Edition
from articles.publishing import workflow
from comments.models import Comment
from comments.moderation import transitions
from comments.posting.identity import commenter_by_email
from newsroom.http.cache_headers import View, public
from newsroom.http.page_cache import PAGE_CACHE, cached_page
from newsroom.models import Outlet, User

PAGES = ["/", "/latest/", "/sections/kashmir/", "/authors/nuzhat-kralwari/", "/articles/snow-came-early-0/"]


@pytest.fixture
def client() -> Client:
    return Client(headers={"Accept-Encoding": "gzip"})


@pytest.mark.parametrize("path", PAGES)
def test_the_second_reader_gets_the_stored_page(path: str, client: Client, edition: Edition) -> None:
    first, second = client.get(path), client.get(path)
    assert first.templates
    assert not second.templates, "it was rendered again"
    assert (second.content, second.headers) == (first.content, first.headers)


def test_a_page_goes_on_being_stored_while_somebody_is_signed_in(
    client: Client, edition: Edition, reader: User
) -> None:
    first = client.get("/")
    client.force_login(reader)
    second = client.get("/")
    assert not second.templates
    assert second.content == first.content


def test_a_setting_switches_it_off(client: Client, edition: Edition, settings: Settings) -> None:
    settings.PAGE_CACHE = False
    for _ in range(2):
        assert client.get("/").templates
    assert not PAGE_CACHE.pages


# A view that looks at who is reading


def _renders_nothing_personal(request: HttpRequest) -> None:
    Outlet.objects.get()


def _reads_the_session(request: HttpRequest) -> None:
    request.session.get("colour")


def _reads_the_user(request: HttpRequest) -> None:
    assert request.user.is_anonymous


def _makes_a_token(request: HttpRequest) -> None:
    get_token(request)


def _shows_messages(request: HttpRequest) -> None:
    assert list(messages.get_messages(request)) == []


VIEWS = [_renders_nothing_personal, _reads_the_session, _reads_the_user, _makes_a_token, _shows_messages]


def _page(act: Callable[[HttpRequest], None]) -> View:
    @public
    @cached_page
    def view(request: HttpRequest) -> HttpResponse:
        act(request)
        return render(request, "400.html")

    return view


@public
@cached_page
def _sets_a_cookie(request: HttpRequest) -> HttpResponse:
    response = render(request, "400.html")
    response.set_cookie("colour", "green")
    return response


urlpatterns = [
    *(route(f"{act.__name__}/", _page(act)) for act in VIEWS),
    route("_sets_a_cookie/", _sets_a_cookie),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", [*(act.__name__ for act in VIEWS), "_sets_a_cookie"])
def test_no_page_is_stored_of_a_view_that_looks_at_who_is_reading(name: str, client: Client, db: None) -> None:
    is_stored = name == "_renders_nothing_personal"
    assert client.get(f"/{name}/").templates
    assert (not client.get(f"/{name}/").templates) is is_stored
    assert bool(PAGE_CACHE.pages) is is_stored


@pytest.mark.parametrize("path", ["/", "/latest/", "/sections/kashmir/", "/authors/nuzhat-kralwari/", "/feed/", None])
def test_a_change_is_seen_at_once(path: str | None, edition: Edition) -> None:
    client, path = Client(), path or edition.get_absolute_url()
    assert b"Snow came late" not in client.get(path).content
    article = edition.article
    article.headline = "Snow came late"
    article.save()
    workflow.publish(article, by=None, expected=article.status, kind="correction", note="It came late.")
    assert b"Snow came late" in client.get(path).content
    Outlet.objects.update(name="The Other Ledger")
    assert b"The Other Ledger" in client.get(path).content


def test_what_comes_and_goes_again_leaves_the_page_as_it_was(edition: Edition, moderator) -> None:
    client, path = Client(), edition.get_absolute_url()
    before = client.get(path).content
    now = timezone.now()
    comment = Comment(
        article=edition.article,
        edition_number=1,
        commenter=commenter_by_email("a@example.org"),
        name="Farhat",
        body="I was there.",
        confirmed_at=now,
    )
    transitions.add_comment(comment, Comment.Status.PENDING)
    assert client.get(path).content == before
    transitions.change_status(comment, "approved", by=moderator, expected="pending", revision=1)
    assert b"I was there." in client.get(path).content
    transitions.change_status(comment, "rejected", by=moderator, expected="approved", revision=1, reason="abuse")
    assert client.get(path).content == before


def test_a_banner_ends_to_the_moment(edition: Edition, monkeypatch) -> None:
    client, now = Client(), timezone.now()
    Banner.objects.create(text="The pass is closed", starts_at=now, ends_at=now + timedelta(seconds=20))
    assert b"The pass is closed" in client.get("/").content
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=21))
    assert b"The pass is closed" not in client.get("/").content


def test_the_time_of_day_is_at_most_a_minute_old(edition: Edition, monkeypatch) -> None:
    client, now = Client(), timezone.now()
    client.get("/")
    page = PAGE_CACHE.get("/")
    assert page is not None
    assert page.expires_at <= now + timedelta(minutes=1, seconds=5)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=2))
    assert b"Today" not in client.get("/").content


def test_only_whole_pages_that_only_read_are_stored(client: Client, edition: Edition) -> None:
    for path in ("/articles/nowhere/", "/latest/?before=1-1", "/accounts/login/"):
        client.get(path)
    assert not PAGE_CACHE.pages


def test_whoever_takes_no_gzip_gets_none(edition: Edition) -> None:
    plain, packed = Client(), Client(headers={"Accept-Encoding": "gzip"})
    for _ in range(2):
        assert b"Snow came early" in plain.get("/").content
        assert packed.get("/")["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in plain.get("/")["Vary"]


def test_a_browser_that_has_the_page_is_told_so(client: Client, edition: Edition) -> None:
    etag = client.get("/")["ETag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
