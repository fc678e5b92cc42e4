from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains

from articles import popularity
from articles.models import Article, Author, Edition, Section, Topic
from articles.publishing import workflow
from comments.models import Comment, Commenter
from newsroom.models import Advertisement, Channel
from tests.factories import make_article


@pytest.fixture
def many(section: Section, author: Author) -> list[Edition]:
    """25 articles of three topics, the first the oldest, each a day apart."""
    topics = [Topic.objects.create(name=name, slug=name.lower()) for name in ("Roads", "Snow", "Schools")]
    now = timezone.now()
    return [
        workflow.publish(
            make_article(section, author, *topics[: index % 4], headline=f"Report {index}"),
            by=None,
            at=now - timedelta(days=25 - index),
        )
        for index in range(25)
    ]


def _headlines(page: str) -> list[str]:
    import re

    return re.findall(r'class="card-headline"[^>]*><a [^>]*>([^<]*)</a>', page)


def test_an_article_page_costs_at_most_three_queries_whatever_there_is(
    many: list[Edition], client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    writer = Commenter.objects.create(email_hash="x")
    for number in range(30):
        Comment.objects.create(
            article=many[7].article, edition_number=1, commenter=writer, name="G", body=str(number), status="approved"
        )
    with django_assert_max_num_queries(3):
        response = client.get(many[7].get_absolute_url())
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/", "/sections/kashmir/", "/topics/roads/", "/authors/nuzhat-kralwari/"])
def test_front_page_and_lists_cost_at_most_four_queries(
    path: str, many: list[Edition], client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/sections/kashmir/", "/support/", "article", "comments"])
def test_a_public_page_is_the_same_for_everyone(path: str, edition: Edition, client: Client, reader: object) -> None:
    path = {"article": edition.get_absolute_url(), "comments": f"{edition.get_absolute_url()}comments/"}.get(path, path)
    anonymous = client.get(path)
    client.force_login(reader)  # type: ignore[arg-type]
    signed_in = client.get(path)

    assert anonymous.content == signed_in.content
    for response in (anonymous, signed_in):
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
        assert response["Cache-Control"] == "public, no-cache"
        assert "csrfmiddlewaretoken" not in response.content.decode()


def test_a_page_that_did_not_change_is_not_sent_again(edition: Edition, client: Client) -> None:
    first = client.get(edition.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    again = client.get(edition.get_absolute_url(), headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_an_article_page_has_every_part(edition: Edition, client: Client) -> None:
    Channel.objects.filter(name="WhatsApp").update(address="https://whatsapp.com/channel/x")
    Advertisement.objects.create(advertiser="A shop", text="Books by the river", url="https://books.example/")
    edition.article.topics.add(Topic.objects.create(name="Snow", slug="snow"))
    workflow.publish(edition.article, by=None)
    popularity.recalculate(timezone.now())
    response = client.get(edition.get_absolute_url())
    for part in (
        "Snow came early",
        "What the first snow did.",
        "Nuzhat Kralwari",
        "Updated",
        'alt="A teal field"',
        "A. Person",
        "We walked.",
        "Support Independent Kashmir Journalism",
        "Your contribution enables unbiased ground reporting",
        "Become a Subscriber",
        "Monthly support for journalism",
        "<strong>$10</strong>/month",
        "Make a Donation",
        "One-time support for special reports",
        "Stay Updated with Global News",
        "Join Now",
        "https://wa.me/?text=Snow%20came%20early",
        "Leave a Reply",
        "Advertisement",
        "Books by the river",
        "Hot Topics",
        "/topics/snow/",
    ):
        assertContains(response, part)


def test_a_list_is_read_page_by_page_without_gap_or_repetition(many: list[Edition], client: Client) -> None:
    first = client.get("/sections/kashmir/")
    second = client.get(f"/sections/kashmir/?{first.context['page'].further}")

    seen = _headlines(first.content.decode()) + _headlines(second.content.decode())
    assert seen == [f"Report {index}" for index in reversed(range(25))]
    assert second.context["page"].further is None


@pytest.mark.parametrize(
    "query", ["before=", "before=1-1", "before=x-y", "before=9" * 30, "before=%00-1", "before=1.5-2"]
)
def test_a_page_that_cannot_be_is_a_404(query: str, many: list[Edition], client: Client) -> None:
    response = client.get(f"/sections/kashmir/?{query}")
    assert response.status_code == 404
    assertContains(response, "There is no page at this address", status_code=404)


@pytest.mark.parametrize(
    "path", ["/articles/unknown/", "/sections/unknown/", "/topics/unknown/", "/authors/unknown/", "/x/"]
)
def test_what_does_not_exist_is_a_404_that_helps(path: str, client: Client, db: None) -> None:
    assertContains(client.get(path), "front page", status_code=404)


def test_a_draft_is_not_to_be_seen(draft: Article, client: Client) -> None:
    assert client.get(f"/articles/{draft.slug}/").status_code == 404


def test_an_empty_outlet_says_so(client: Client, db: None) -> None:
    assertContains(client.get("/"), "Nothing has been published yet")


def test_an_urdu_article_says_that_it_is(draft: Article, client: Client) -> None:
    draft.language = "ur"
    draft.headline = "برف جلدی آئی"
    draft.save()
    edition = workflow.publish(draft, by=None)
    assertContains(
        client.get(edition.get_absolute_url()), '<h1 class="headline" lang="ur" dir="auto">برف جلدی آئی</h1>'
    )
