"""A thread as everybody sees it."""

import gzip
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Edition
from articles.publishing import workflow
from comments.models import Comment, Policy, Thread
from comments.moderation import transitions
from comments.posting import edit, identity
from newsroom.models import User
from tests.comments.conftest import Write, known_client, token


def _page(client: Client, edition: Edition, path: str = "") -> str:
    response = client.get(f"{edition.get_absolute_url()}{path}")
    assert response.status_code == 200, path
    assert "set-cookie" not in {name.lower() for name in response.headers}
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()
    return str(response.content.decode())


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"no (\d+);", page)]


@pytest.fixture
def many(edition: Edition) -> list[Comment]:
    """A thread of 45 comments, two at each moment, and twelve answers to the first."""
    writer = identity.commenter_by_email("x@example.org")
    start = timezone.now() - timedelta(days=1)
    shared = {"article": edition.article, "edition_number": 1, "commenter": writer, "name": "G", "status": "approved"}
    roots = Comment.objects.bulk_create(
        Comment(
            **shared,
            body=f"no {number};",
            html=f"<p>no {number};</p>",
            created_at=start + timedelta(minutes=number // 2),
            published_at=start,
            answers=12 if number == 0 else 0,
        )
        for number in range(45)
    )
    Comment.objects.bulk_create(
        Comment(
            **shared,
            root=roots[0],
            parent=roots[0],
            html=f"<p>no {100 + number};</p>",
            created_at=start + timedelta(minutes=number),
            published_at=start,
        )
        for number in range(12)
    )
    return roots


def test_the_first_page_is_in_the_article_and_the_others_go_on_by_key(
    edition: Edition, many: list[Comment], client: Client
) -> None:
    article = _page(client, edition)
    assert numbers(article) == [0, 100, 101, 102, *range(1, 20)]
    assert "All 12 replies" in article
    seen: list[int] = []
    query: str | None = "comments/"
    while query:
        page = _page(client, edition, query)
        seen += numbers(page)
        further = re.search(r'href="\?(after=[^"]+)"', page)
        query = f"comments/?{further[1]}" if further else None
    assert seen == [0, 100, 101, 102, *range(1, 45)]


def test_the_newest_first(edition: Edition, many: list[Comment], client: Client) -> None:
    seen: list[int] = []
    query: str | None = "comments/?order=newest"
    while query:
        page = _page(client, edition, query)
        seen += numbers(page)
        further = re.search(r'href="\?(order=newest&amp;before=[^"]+)"', page)
        query = f"comments/?{further[1].replace('&amp;', '&')}" if further else None
    assert seen == [*range(44, 0, -1), 0, 100, 101, 102]


def test_all_answers_to_one_stand_on_its_own_page(edition: Edition, many: list[Comment], client: Client) -> None:
    assert numbers(_page(client, edition, f"comments/{many[0].public_id}/")) == [0, *range(100, 112)]


def test_a_permanent_link_leads_to_where_the_comment_stands(
    edition: Edition, many: list[Comment], client: Client
) -> None:
    for comment in Comment.objects.all():
        response = client.get(f"/comments/{comment.public_id}/")
        assert response.status_code == 302
        address, _, mark = response["Location"].partition("#")
        assert f'id="{mark}"' in client.get(address).content.decode(), comment.html
        assert not response.cookies
    hidden = many[7]
    Comment.objects.filter(pk=hidden.pk).update(status="pending", published_at=None)
    assert client.get(f"/comments/{hidden.public_id}/").status_code == 404


@pytest.mark.parametrize("query", ["?from=x", "?from=", "?after=1", "?before=9-9-9&order=newest", "?after=%00"])
def test_a_page_that_cannot_be_is_a_404(edition: Edition, many: list[Comment], client: Client, query: str) -> None:
    assert client.get(f"{edition.get_absolute_url()}comments/{query}").status_code == 404


def test_where_answers_stand_the_place_of_what_is_gone_is_kept(
    write: Write, edition: Edition, client: Client, moderator: User
) -> None:
    root = write("The first words.", status="approved", name="Rahi")
    answer = write("An answer.", status="approved", parent=root, name="Mir")
    write("To the answer.", status="approved", parent=answer, name="Zoya")
    alone = write("Nobody answers me.", status="approved")
    edit.delete(root)
    edit.delete(alone)
    answer.refresh_from_db()
    transitions.change_status(answer, "rejected", by=moderator, expected="approved", revision=1)

    page = _page(client, edition)
    assert "The writer has deleted this comment." in page
    assert "This comment was taken away by a moderator." in page
    assert "in reply to a comment that was taken away" in page
    for gone in ("The first words.", "Rahi", "An answer.", "Mir", "Nobody answers me."):
        assert gone not in page
    assert "To the answer." in page


def test_a_deeper_answer_says_whom_it_answers(write: Write, edition: Edition, client: Client) -> None:
    root = write(status="approved")
    answer = write("An answer.", status="approved", parent=root, name="Mir")
    write("To the answer.", status="approved", parent=answer, name="Zoya")
    page = _page(client, edition)
    assert re.search(rf'in reply to <a href="/comments/{answer.public_id}/"[^>]*><bdi>Mir</bdi>', page)
    assert page.count("in reply to") == 1


def test_what_was_written_before_an_update_says_so(write: Write, edition: Edition, client: Client) -> None:
    write("Before.", status="approved")
    assert "written before the" not in _page(client, edition)
    newer = workflow.publish(edition.article, by=None)
    later = write("After.", status="approved")
    Comment.objects.filter(pk=later.pk).update(edition_number=newer.number)
    for path in ("", "comments/"):
        page = _page(client, newer, path)
        assert page.count("written before the") == 1
        assert re.search(r"written before the update of <time [^>]*>today, \d\d:\d\d</time>", page)


def test_badges_of_staff_author_and_supporter(write: Write, edition: Edition, client: Client) -> None:
    for badge in ("staff", "author", "supporter"):
        Comment.objects.filter(pk=write(badge, status="approved").pk).update(badge=badge)
    page = _page(client, edition)
    for words in ("Newsroom", "Author of this report", "Supporter"):
        assert f'<p class="badge">{words}</p>' in page


def test_picks_stand_on_top_while_they_are_approved(write: Write, edition: Edition, client: Client) -> None:
    comment = write("Well said.", status="approved")
    transitions.pick(comment, picked=True, by=None)
    assert "Picked by the newsroom" in _page(client, edition)
    transitions.change_status(comment, "pending", by=None, expected="approved", revision=1)
    assert "Picked by the newsroom" not in _page(client, edition)
    with pytest.raises(transitions.Conflict):
        transitions.pick(comment, picked=True, by=None)


@pytest.mark.parametrize(
    ("policy", "thread", "days_old", "open_"),
    [
        ({}, {}, 0, True),
        ({"mode": "closed"}, {}, 0, False),
        ({"mode": "closed"}, {"mode": "post"}, 0, True),
        ({"mode": "closed"}, {"always_open": True}, 0, True),
        ({}, {"mode": "closed"}, 0, False),
        ({"close_after_days": 14}, {}, 13, True),
        ({"close_after_days": 14}, {}, 15, False),
        ({"close_after_days": 14}, {"close_after_days": 30}, 15, True),
        ({"close_after_days": 14}, {"always_open": True}, 400, True),
    ],
)
def test_open_or_closed(
    edition: Edition,
    client: Client,
    policy: dict[str, object],
    thread: dict[str, object],
    days_old: int,
    open_: bool,
) -> None:
    Policy.objects.update(**policy)
    Thread.objects.update_or_create(article=edition.article, defaults=thread)
    Edition.objects.update(first_published_at=timezone.now() - timedelta(days=days_old))
    assert ("Comments on this report are closed." not in _page(client, edition)) is open_
    guest = known_client()
    data = {"body": "Too late?", **token(guest)}
    response = guest.post(f"{edition.get_absolute_url()}comments/", data)
    assert response.status_code == (302 if open_ else 403)
    if not open_:
        assert "Too late?" in response.content.decode()


def test_an_article_costs_three_queries_and_little_data(edition: Edition, write: Write, client: Client) -> None:
    root = None
    for number in range(20):
        words = " ".join(f"word{(number * 37 + at * at) % 503}" for at in range(45))
        root = write(f"{words}\n\nhttps://example.org/{number}", status="approved")
    for _ in range(3):
        write("An answer that is not long.", status="approved", parent=root)
    with CaptureQueriesContext(connection) as queries:
        page = _page(client, edition)
    assert len(queries) == 3
    assert len(gzip.compress(page.encode(), 6)) < 14_000


def test_the_thread_is_read_from_indexes_whatever_its_size(edition: Edition, many: list[Comment]) -> None:
    """Even with 20,000 comments on one article, no page's query plan reads more than a page of rows."""
    writer = identity.commenter_by_email("x@example.org")
    start = timezone.now() - timedelta(days=90)
    Comment.objects.bulk_create(
        (
            Comment(
                article=edition.article,
                edition_number=1,
                commenter=writer,
                name="G",
                html="<p>Words.</p>",
                status="approved" if number % 10 else "spam",
                created_at=start + timedelta(minutes=number),
                published_at=start if number % 10 else None,
                root=many[number % 45] if number % 3 else None,
                parent=many[number % 45] if number % 3 else None,
            )
            for number in range(20_000)
        ),
        batch_size=5_000,
    )
    middle = Comment.objects.roots().shown().order_by("created_at")[5_000]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
    client = Client()
    address = edition.get_absolute_url()
    for path in (
        address,
        f"{address}comments/",
        f"{address}comments/?order=newest",
        f"{address}comments/?from={middle.public_id}",
        f"{address}comments/{many[1].public_id}/",
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        for query in queries:
            if "comments_comment" in query["sql"]:
                assert _most_rows(query["sql"]) <= 120, path


def _most_rows(sql: str) -> int:
    """Return the largest number of rows that a step of the plan has read or filtered out."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()[0]

    def of(node: dict[str, object]) -> int:
        rows = float(str(node["Actual Rows"])) * int(str(node["Actual Loops"]))
        rows += int(str(node.get("Rows Removed by Filter", 0))) * int(str(node["Actual Loops"]))
        below = node.get("Plans", [])
        assert isinstance(below, list)
        return max([int(rows), *(of(child) for child in below)])

    return of(plan["Plan"])


def test_only_the_writer_is_shown_what_waits(write: Write, edition: Edition) -> None:
    write("I wait.")
    write("I am spam.", status="spam")
    assert {row["html"] for row in known_client().get("/overlay/").json()["own"]} == {
        "<p>I wait.</p>",
        "<p>I am spam.</p>",
    }
    assert "I wait." not in _page(Client(), edition)
    assert known_client("other@example.org").get("/overlay/").json()["own"] == []


def test_nobody_is_invited_to_answer_where_comments_are_closed(write: Write, edition: Edition, client: Client) -> None:
    comment = write("A root.", status="approved")
    pages = [f"{edition.get_absolute_url()}{path}" for path in ("", "comments/", f"comments/{comment.public_id}/")]
    answer = f"/comments/{comment.public_id}/reply/"
    for page in pages:
        assert answer in client.get(page).content.decode()
    assert 'name="body"' in client.get(answer).content.decode()
    Policy.objects.update(mode="closed")
    for page in pages:
        assert answer not in client.get(page).content.decode()
    told = client.get(answer).content.decode()
    assert "Comments on this report are closed." in told
    assert 'name="body"' not in told
