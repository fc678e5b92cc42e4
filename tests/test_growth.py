"""No page becomes slower as the archive grows: tests of Postgres's plans on an archive of some thousand articles."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

import articles.admin.article
import comments.admin
import newsroom.admin.people
from articles import context_processors
from articles.models import Article, Edition, EditionTopic, Section
from articles.search import results
from articles.views import article
from comments import thread
from comments.models import Comment, Thread
from comments.moderation import context
from newsroom.admin.base import BoundedPaginator
from newsroom.db.prepared_queries import PreparedQuery
from newsroom.models import User
from tests.bench import growth

ARTICLES, COMMENTS, READERS = 3_000, 3_000, 200
GROWING = (
    *(
        "articles_article",
        "articles_edition",
        "articles_editiontopic",
        "articles_editionauthor",
        "articles_articleevent",
    ),
    *("articles_morestories", "articles_text", "comments_comment", "comments_commenter", "comments_moderationevent"),
    *("comments_thread", "newsroom_user", "account_emailaddress", "subscriptions_ledgerentry"),
    *("subscriptions_stripeevent", "subscriptions_checkout", "subscriptions_subscription", "subscriptions_donation"),
)
MOST = 700  # rows: more than any page needs of one table, and far fewer than there are


@pytest.fixture(scope="module")
def archive(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the archive once; it goes with its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_sample_data", articles=ARTICLES, comments=COMMENTS, readers=READERS, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def somebody(archive: None, db: None) -> User:
    """Return a client who may see all pages."""
    person = User.objects.create_superuser("bench@example.org", "a-good-password")
    TOTP.activate(person, "A" * 32)  # the desk asks for a second step
    return person


@pytest.fixture(autouse=True)
def _small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limits, so that this small archive is larger than they are."""
    monkeypatch.setattr(results, "SAMPLE_SIZE", 100)
    monkeypatch.setattr(results, "FREQUENT_HITS", 10)
    monkeypatch.setattr(results, "MAX_RANKED", 60)
    monkeypatch.setattr(BoundedPaginator, "MAX_COUNT", 200)
    for module in (newsroom.admin.people, articles.admin.article):
        monkeypatch.setattr(module, "MAX_SEARCH_RESULTS", 50)
    monkeypatch.setattr(comments.admin, "MAX_SEARCHED", 500)


def _plans(client: Client, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each query of a page with each node of its plan."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    for query in asked.captured_queries:
        if not query["sql"].lstrip("( \n").startswith(("SELECT", "WITH")) or "FOR NO KEY UPDATE" in query["sql"]:
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + query["sql"])
            plan = cursor.fetchone()[0]
        steps = [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
        while steps:
            step = steps.pop()
            steps += step.get("Plans", [])
            yield query["sql"], step


def _read(step: dict[str, Any]) -> float:
    """Return the rows that a node of the plan has read."""
    removed = sum(step.get(f"Rows Removed by {what}", 0) for what in ("Filter", "Index Recheck", "Join Filter"))
    return float((step["Actual Rows"] + removed) * step["Actual Loops"])


@pytest.mark.parametrize("name", growth.pages(ARTICLES))
def test_no_public_page_goes_through_a_table_that_grows(name: str, archive: None, db: None) -> None:
    for sql, step in _plans(Client(), growth.pages(ARTICLES)[name]):
        if step.get("Relation Name") in GROWING and step["Actual Loops"]:
            assert step["Node Type"] != "Seq Scan", sql
            assert _read(step) <= MOST, (step["Node Type"], step["Relation Name"], sql)


@pytest.mark.parametrize(
    "name",
    [
        "queue: held",
        "queue: spam",
        "articles",
        "articles, searched",
        "comments",
        "comments, searched",
        "editions",
        "ledger",
    ],
)
def test_the_desks_lists_read_no_more_than_they_show(name: str, somebody: User) -> None:
    client = Client()
    client.force_login(somebody)
    for sql, step in _plans(client, growth.private_pages(ARTICLES)[name]):
        if step.get("Relation Name") in GROWING and step["Actual Loops"]:
            assert _read(step) <= MOST, (step["Node Type"], step["Relation Name"], sql)


@pytest.mark.parametrize(
    "prepared",
    [
        context_processors.SITE_CHROME_QUERY,
        article.EDITION_BY_SLUG,
        thread.FIRST_PAGE_QUERY,
        *context.CONTEXT_QUERIES.values(),
    ],
)
def test_what_is_planned_once_can_be_read_from_indexes(prepared: PreparedQuery, archive: None, db: None) -> None:
    """The plan is made without the values, so it holds for all."""
    _, _, sql, names = prepared.compiled
    numbers = iter(range(1, len(names) + 1))
    text = re.sub("%s", lambda _: f"${next(numbers)}", sql).replace("%%", "%")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # or what is small here would be read whole
        cursor.execute("EXPLAIN (GENERIC_PLAN) " + text)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = on")
    assert not re.findall(rf"Seq Scan on ({'|'.join(GROWING)})\b", plan)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("people, searched", "person_name"),
        ("articles, searched", "article_in_work"),
        ("desk", "ledger_warnings"),
        ("publisher's desk", "subscription_changes"),
        ("publisher's desk", "ledger_sums"),
    ],
)
def test_the_desk_asks_for_what_an_index_holds(name: str, index: str, somebody: User) -> None:
    """Postgres would read so few rows in sequence, unless a setting makes that expensive."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    client = Client()
    client.force_login(somebody)
    assert index in {step.get("Index Name") for _, step in _plans(client, growth.private_pages(ARTICLES)[name])}


def test_the_archive_agrees_with_itself(archive: None, db: None) -> None:
    """Stored counts match the rows, and lists hold live editions alone."""
    approved = Comment.objects.approved().order_by().values("article").annotate(number=Count("pk"))
    kept = Thread.objects.exclude(approved=0).values_list("article", "approved")
    assert dict(approved.values_list("article", "number")) == dict(kept)
    roots = Comment.objects.roots().annotate(number=Count("thread", filter=Q(thread__status="approved")))
    assert not roots.exclude(answers=F("number")).exists()
    assert Comment.objects.count() == COMMENTS
    assert Article.objects.count() == ARTICLES
    listed = EditionTopic.objects.filter(listed_at__isnull=False)
    assert not listed.exclude(edition__live=True).exists()
    assert set(listed.values_list("edition")) == set(
        EditionTopic.objects.filter(edition__live=True).values_list("edition")
    )
    assert Edition.objects.live().filter(search__isnull=True).count() == 0
    assert Section.objects.filter(name__startswith="Invented").count() == Section.objects.count()
