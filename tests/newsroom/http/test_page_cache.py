"""Pages that are kept are never older than the database."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Banner, Edition
from articles.publishing import workflow
from comments.models import Comment
from comments.moderation import transitions
from comments.posting.identity import commenter_by_email
from newsroom.http.page_cache import PAGE_CACHE
from newsroom.models import Outlet


@pytest.fixture
def client() -> Client:
    return Client(headers={"Accept-Encoding": "gzip"})


def test_a_second_reader_gets_the_same_page(client: Client, edition: Edition, monkeypatch) -> None:
    first = client.get(edition.get_absolute_url())
    monkeypatch.setattr(Edition.objects, "live", None)  # it is not put together again
    second = client.get(edition.get_absolute_url())
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second.headers == first.headers


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


def test_the_time_of_day_is_at_most_a_minute_old(edition: Edition, monkeypatch, django_assert_max_num_queries) -> None:
    client, now = Client(), timezone.now()
    client.get("/")
    page = PAGE_CACHE.get("/")
    assert page is not None
    assert page.until <= now + timedelta(minutes=1, seconds=5)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=2))
    assert b"Today" not in client.get("/").content


def test_only_whole_pages_that_read_alone_are_kept(client: Client, edition: Edition) -> None:
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
