from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import popularity
from articles.models import Author, Edition, MostRead, Reads, Section, Topic
from articles.publishing import workflow
from comments.models import Comment, Commenter
from tests.factories import make_article


@pytest.fixture(autouse=True)
def _fresh_read_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popularity, "READ_LIMIT", popularity.ReadLimit())


@pytest.fixture
def reports(section: Section, author: Author) -> list[Edition]:
    """Return four with a topic each, so old that their publication weighs nothing."""
    return [
        workflow.publish(
            make_article(section, author, Topic.objects.create(name=name, slug=name.lower()), headline=f"About {name}"),
            by=None,
            at=timezone.now() - timedelta(days=9),
        )
        for name in ("Roads", "Snow", "Schools", "Bread")
    ]


def _read(edition: Edition, count: int, hours_ago: int = 0) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
    Reads.objects.create(article=edition.article, hour=hour, count=count)


def _most_read(client: Client) -> list[str]:
    return [edition.headline for edition in client.get("/").context["site_chrome"]["most_read"]]


def _hot(client: Client) -> list[str]:
    return [topic.name for topic in client.get("/").context["site_chrome"]["hot_topics"]]


def test_a_read_is_counted_without_a_cookie(edition: Edition, client: Client) -> None:
    response = client.post(f"{edition.get_absolute_url()}read/")
    assert response.status_code == 204
    assert not response.cookies
    client.post(f"{edition.get_absolute_url()}read/")
    assert Reads.objects.get().count == 2
    stored = {field.name for field in Reads._meta.get_fields()}
    assert stored == {"id", "article", "hour", "count"}


def test_a_read_of_an_article_that_is_not_on_the_site_is_not_counted(edition: Edition, client: Client) -> None:
    assert client.post("/articles/unknown/read/").status_code == 204
    assert client.get(f"{edition.get_absolute_url()}read/").status_code == 405
    workflow.withdraw(edition.article, by=None, expected="published", reason="Wrong.")  # type: ignore[arg-type]
    client.post(f"{edition.get_absolute_url()}read/")
    assert not Reads.objects.exists()


@pytest.mark.parametrize(
    ("one", "another"),
    [("192.0.2.7", "192.0.2.8"), ("2001:db8:1:2::7", "2001:db8:1:3::7"), ("2001:db8::7", "2001:db8:0:1::7")],
)
def test_one_network_adds_no_more_than_the_limit(one: str, another: str, edition: Edition, client: Client) -> None:
    address = f"{edition.get_absolute_url()}read/"
    for _ in range(popularity.ReadLimit.LIMIT + 15):
        client.post(address, REMOTE_ADDR=one)
    assert Reads.objects.get().count == popularity.ReadLimit.LIMIT
    client.post(address, REMOTE_ADDR=another)
    assert Reads.objects.get().count == popularity.ReadLimit.LIMIT + 1


def test_a_household_is_one_network_whichever_of_its_addresses_it_uses(edition: Edition, client: Client) -> None:
    for number in range(popularity.ReadLimit.LIMIT + 15):
        client.post(f"{edition.get_absolute_url()}read/", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert Reads.objects.get().count == popularity.ReadLimit.LIMIT


def test_compressed_addresses_of_one_household_are_one_network(edition: Edition, client: Client) -> None:
    for number in range(popularity.ReadLimit.LIMIT + 15):
        client.post(f"{edition.get_absolute_url()}read/", REMOTE_ADDR=f"2001:db8::{number:x}:0:0:1")
    assert Reads.objects.get().count == popularity.ReadLimit.LIMIT


def test_the_read_limit_stores_no_address_ends_with_the_hour_and_is_bounded() -> None:
    limit = popularity.ReadLimit()
    hour = timezone.now()
    assert limit.allow("192.0.2.7", "a", hour)
    assert not [pair for pair in limit.counts if b"192" in pair or pair == b"a"]
    key = limit.key
    assert limit.allow("192.0.2.7", "a", hour + timedelta(hours=1))
    assert limit.key != key
    assert len(limit.counts) == 1
    limit.MAX_PAIRS = 2
    allowed = [limit.allow(f"192.0.2.{number}", "a", hour + timedelta(hours=1)) for number in range(20, 25)]
    assert allowed == [True, False, False, False, False]


def test_most_read_weighs_what_is_fresh_more(reports: list[Edition], client: Client) -> None:
    roads, snow, schools, bread = reports
    _read(roads, 100, hours_ago=40)
    _read(snow, 30, hours_ago=1)
    _read(schools, 20)
    _read(bread, 900, hours_ago=60)  # too long ago
    popularity.recalculate(timezone.now())
    assert _most_read(client) == ["About Snow", "About Schools", "About Roads"]
    assert not Reads.objects.filter(article=bread.article).exists()


def test_two_articles_make_no_list_and_a_withdrawn_one_is_not_listed(reports: list[Edition], client: Client) -> None:
    for edition, count in zip(reports, (4, 3), strict=False):
        _read(edition, count)
    popularity.recalculate(timezone.now())
    assert _most_read(client) == []
    assert "Most read" not in client.get("/").content.decode()
    _read(reports[2], 2)
    popularity.recalculate(timezone.now())
    assert _most_read(client) == ["About Roads", "About Snow", "About Schools"]
    workflow.withdraw(reports[0].article, by=None, expected="published", reason="Wrong.")  # type: ignore[arg-type]
    assert _most_read(client) == ["About Snow", "About Schools"]
    assert MostRead.objects.count() == 3


def test_topics_are_hot_by_reads_by_replies_and_by_what_appears(
    reports: list[Edition], section: Section, author: Author, client: Client
) -> None:
    roads, snow, schools, _ = reports
    _read(roads, 12)
    _read(snow, 1)
    writer = Commenter.objects.create(email_hash="x")
    for status in ("approved", "approved", "approved", "spam"):
        Comment.objects.create(
            article=snow.article, edition_number=1, commenter=writer, name="G", body="x", status=status
        )
    Comment.objects.create(
        article=schools.article, edition_number=1, commenter=writer, name="G", body="x", status="spam"
    )
    fresh = Topic.objects.create(name="Fresh", slug="fresh")
    workflow.publish(make_article(section, author, fresh, headline="New"), by=None)
    popularity.recalculate(timezone.now())
    assert _hot(client) == ["Fresh", "Snow", "Roads"]


def test_editors_pin_and_hide(reports: list[Edition], client: Client) -> None:
    for edition in reports:
        _read(edition, 50)
    Topic.objects.filter(name="Snow").update(hidden=True, pinned=True)
    Topic.objects.filter(name="Schools").update(pinned=True)
    popularity.recalculate(timezone.now())
    assert _hot(client) == ["Schools", "Bread", "Roads"]


def test_a_topic_cools(reports: list[Edition], client: Client) -> None:
    _read(reports[0], 50)
    popularity.recalculate(timezone.now())
    assert _hot(client) == ["Roads"]
    popularity.recalculate(timezone.now() + timedelta(days=3))
    assert _hot(client) == []
