"""Sitemaps, held to the rules of sitemaps.org and of Google's news sitemaps."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Author, Edition, Page, Section, Topic
from articles.publishing import workflow
from articles.syndication import sitemaps
from newsroom.models import User
from tests.factories import make_article

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def _read(client: Client, path: str, kind: str, row: str) -> list[ElementTree.Element]:
    """The rows of a sitemap, once it has been found to be as it must be."""
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert len(response.content) < 50 * 1024 * 1024
    root = ElementTree.fromstring(response.content)
    assert root.tag == SITEMAP + kind
    rows = list(root)
    assert len(rows) <= 50_000
    for each in rows:
        assert each.tag == SITEMAP + row
        address = each.findtext(f"{SITEMAP}loc") or ""
        assert re.fullmatch(r"http://testserver/\S*", address)
        assert len(address) < 2048
        if (changed := each.findtext(f"{SITEMAP}lastmod")) is not None:
            assert datetime.fromisoformat(changed).tzinfo
    addresses = [each.findtext(f"{SITEMAP}loc") for each in rows]
    assert len(addresses) == len(set(addresses))
    return rows


def _addresses(client: Client, path: str, kind: str = "urlset", row: str = "url") -> list[str]:
    rows = _read(client, path, kind, row)
    return [(each.findtext(f"{SITEMAP}loc") or "").removeprefix("http://testserver") for each in rows]


def _all(client: Client) -> list[str]:
    parts = _addresses(client, "/sitemap.xml", "sitemapindex", "sitemap")
    return [address for part in parts for address in _addresses(client, part)]


def test_all_that_is_public_is_in_them_and_nothing_else(edition: Edition, draft: Article, client: Client) -> None:
    Page.objects.exclude(slug="about").update(published=False)
    Page.objects.filter(slug="about").update(published=True)
    used = Topic.objects.create(name="Snow", slug="snow")
    Topic.objects.create(name="Unused", slug="unused")
    Author.objects.create(name="Nobody", slug="nobody")
    edition.article.topics.add(used)
    workflow.publish(edition.article, by=None)
    found = _all(client)
    assert sorted(found) == sorted(
        [
            *("/", "/about/", "/latest/", "/corrections/", "/support/", "/sections/kashmir/", "/topics/snow/"),
            *("/authors/nuzhat-kralwari/", edition.get_absolute_url()),
        ]
    )
    for path in found:
        assert client.get(path).status_code == 200


def test_more_than_one_holds_are_cut_by_number_and_empty_ranges_left_out(
    section: Section,
    author: Author,
    client: Client,
    editor: User,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(sitemaps, "ARTICLES_PER_SITEMAP", 3)
    editions = [workflow.publish(make_article(section, author, headline=f"R {n}"), by=None) for n in range(10)]
    gone = [edition for edition in editions if edition.article_id // 3 == editions[5].article_id // 3]
    for edition in gone:
        workflow.withdraw(edition.article, by=editor, expected="published", reason="Wrong.")

    parts = _addresses(client, "/sitemap.xml", "sitemapindex", "sitemap")
    assert f"/sitemaps/articles-{gone[0].article_id // 3}.xml" not in parts
    assert client.get(f"/sitemaps/articles-{gone[0].article_id // 3}.xml").status_code == 404
    live = [edition.get_absolute_url() for edition in editions if edition not in gone]
    assert [address for address in _all(client) if address.startswith("/articles/")] == live
    with django_assert_max_num_queries(1):
        client.get("/sitemap.xml")
    with django_assert_max_num_queries(1):
        client.get(parts[1])


@pytest.mark.parametrize("path", ["/sitemaps/articles-9.xml", "/sitemaps/articles-99999999999999999999.xml"])
def test_one_that_does_not_exist_is_a_404(path: str, client: Client, db: None) -> None:
    assert client.get(path).status_code == 404


def test_none_reads_more_than_its_range(section: Section, author: Author, client: Client) -> None:
    first = workflow.publish(make_article(section, author), by=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_article (headline, slug, standfirst, language, section_id, status, publish_as,"
            " publish_note, preview_key, search_headline, supporters_first, created_at, updated_at)"
            " SELECT 'x', 'x-' || n, 'x', 'en', %s, 'published', '', '', '', '', 0, now(), now()"
            " FROM generate_series(1, 60000) n",
            [first.section_id],
        )
        cursor.execute(
            "INSERT INTO articles_edition (article_id, number, kind, note, live, slug, headline, standfirst,"
            " search_headline, language, section_id, body, text, first_published_at, published_at)"
            " SELECT id, 1, 'new', '', true, slug, '', '', '', 'en', section_id, '', '', now(), now()"
            " FROM articles_article WHERE slug LIKE 'x-%'"
        )
        cursor.execute("ANALYZE articles_edition")
        # A range is a sixth of these rows, which may be read either way; of a million there is only one good way.
        cursor.execute("SET LOCAL enable_seqscan = off")
    parts = _addresses(client, "/sitemap.xml", "sitemapindex", "sitemap")
    assert len(_all(client)) > 60_000
    for path in parts[:1], parts[2:3]:
        with CaptureQueriesContext(connection) as queries:
            client.get(path[0])
        with connection.cursor() as cursor:
            for query in queries:
                cursor.execute(f"EXPLAIN {query['sql']}")
                assert "Seq Scan on articles_edition " not in "\n".join(line for (line,) in cursor.fetchall())


def test_the_news_are_those_of_two_days(section: Section, author: Author, client: Client) -> None:
    now = timezone.now()

    def publish(headline: str, hours: int, language: str = "en") -> Edition:
        article = make_article(section, author, headline=headline)
        article.language = language
        article.save()
        return workflow.publish(article, by=None, at=now - timedelta(hours=hours))

    publish("Too old", 49)
    old = publish("Updated, and old", 60)
    workflow.publish(old.article, by=None)
    publish("Two days", 47)
    publish("برف & <b>\x07", 1, "ur")

    rows = _read(client, "/news-sitemap.xml", "urlset", "url")
    assert [row.findtext(f"{NEWS}news/{NEWS}title") for row in rows] == ["برف & <b>", "Two days"]
    news = rows[0].find(f"{NEWS}news")
    assert news is not None
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == "The Valley Ledger"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "ur"
    assert datetime.fromisoformat(news.findtext(f"{NEWS}publication_date") or "") == now - timedelta(hours=1)
