"""RSS, held to the specification's rules (RSS 2.0, RSS Advisory Board's profile)."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, ArticleEvent, Author, Edition, Figure, Section, Text, Topic
from articles.publishing import workflow
from newsroom.models import Outlet, User
from tests.factories import make_article, make_photo

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
MEDIA = "{http://search.yahoo.com/mrss/}"


def _feed(client: Client, path: str = "/feed/") -> ElementTree.Element:
    """The feed's channel, once it has been found to be as it must be."""
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert len(channel.findall(name)) == 1, name
        assert channel.findtext(name), name
    link = channel.find(ATOM_LINK)
    assert link is not None
    assert link.attrib == {"rel": "self", "type": "application/rss+xml", "href": f"http://testserver{path}"}
    image = channel.find("image")
    assert image is not None
    assert [each.tag for each in image] == ["url", "title", "link"]
    assert (image.findtext("title"), image.findtext("link")) == (channel.findtext("title"), channel.findtext("link"))
    guids = [item.findtext("guid") for item in channel.iter("item")]
    assert len(guids) == len(set(guids))
    for item in channel.iter("item"):
        for name in ("title", "link", "description", "pubDate", "guid", CONTENT):
            assert len(item.findall(name)) == 1, name
            assert item.findtext(name), name
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo
        assert not re.search(r"""(?:src|href)=["'](?!https?://|mailto:)""", item.findtext(CONTENT) or "")
    return channel


def _titles(channel: ElementTree.Element) -> list[str | None]:
    return [item.findtext("title") for item in channel.iter("item")]


def test_an_item_has_the_full_text_its_names_and_its_pictures(edition: Edition, client: Client) -> None:
    article = edition.article
    article.topics.add(Topic.objects.create(name="Snow & ice", slug="snow"))
    article.authors.add(Author.objects.create(name="Ishrat", slug="ishrat"))
    Figure.objects.create(parent=article, region="body", ordering=30, photo=make_photo())
    link = '<p>See <a href="/corrections/">corrections</a> and <a href="https://x.example/?a=1&amp;b=2">this</a>.</p>'
    Text.objects.create(parent=article, region="body", ordering=40, content=link)
    workflow.publish(article, by=None, kind=Edition.Kind.CORRECTION, note="It was noon.")

    channel = _feed(client)
    (item,) = channel.iter("item")
    assert item.findtext("title") == "Snow came early"
    assert item.findtext("link") == f"http://testserver{edition.get_absolute_url()}"
    assert item.findtext("description") == "What the first snow did."
    assert [each.text for each in item.findall("category")] == ["Kashmir", "Snow & ice"]
    assert [each.text for each in item.findall(CREATOR)] == ["Nuzhat Kralwari", "Ishrat"]
    assert item.findtext(LANGUAGE) == "en"
    content = item.findtext(CONTENT) or ""
    assert content.startswith('<div lang="en" dir="ltr">')
    assert "The road was closed by noon." in content
    assert "We walked." in content
    assert 'href="http://testserver/corrections/"' in content
    assert 'href="https://x.example/?a=1&amp;b=2"' in content
    assert len(re.findall(r'<img src="http://testserver/media/[^"]+" [^>]*alt="A teal field"', content)) == 2
    assert "A. Person" in content
    assert "It was noon." in content
    assert not re.search("srcset|class=|<picture|<source|loading=", content)
    media = item.find(f"{MEDIA}content")
    assert media is not None
    assert media.get("url", "").startswith("http://testserver/media/")
    assert media.findtext(f"{MEDIA}description") == "A teal field"


def test_a_section_a_topic_and_an_author_have_their_own(
    section: Section, author: Author, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    snow = Topic.objects.create(name="Snow", slug="snow", description="White.")
    other = Author.objects.create(name="Ishrat", slug="ishrat")
    culture = Section.objects.create(name="Culture", slug="culture")
    now = timezone.now()
    for number in range(25):
        article = make_article(section, author, snow, headline=f"Report {number}")
        workflow.publish(article, by=None, at=now - timedelta(hours=number))
    workflow.publish(make_article(culture, other, headline="A song"), by=None)

    newest = [f"Report {number}" for number in range(20)]
    for path in ("/sections/kashmir/feed/", "/topics/snow/feed/", "/authors/nuzhat-kralwari/feed/"):
        with django_assert_max_num_queries(4):
            client.get(path)
        assert _titles(_feed(client, path)) == newest
    assert _titles(_feed(client)) == ["A song", *newest[:19]]
    assert _feed(client, "/topics/snow/feed/").findtext("title") == "Snow · The Valley Ledger"
    assert _titles(_feed(client, "/authors/ishrat/feed/")) == ["A song"]
    assert client.get("/topics/unknown/feed/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/sections/kashmir/", "/authors/nuzhat-kralwari/"])
def test_pages_name_their_feed(path: str, edition: Edition, client: Client) -> None:
    page = client.get(path).content.decode()
    assert '<link rel="alternate" type="application/rss+xml" title="' in page
    assert f'href="{path}feed/"' in page


def test_an_update_keeps_its_identity_and_a_withdrawn_report_leaves(
    edition: Edition, client: Client, editor: User
) -> None:
    (before,) = _feed(client).iter("item")
    article = edition.article
    article.slug, article.headline = "moved", "A better headline"
    article.save()
    workflow.publish(article, by=editor)
    (after,) = _feed(client).iter("item")
    assert after.findtext("title") == "A better headline"
    assert after.findtext("guid") == before.findtext("guid")
    assert after.findtext("pubDate") == before.findtext("pubDate")

    article.refresh_from_db()
    workflow.withdraw(article, by=editor, expected=article.status, reason="Wrong.")
    assert _titles(_feed(client)) == []


def test_an_urdu_report_says_so(draft: Article, client: Client) -> None:
    draft.language, draft.headline = "ur", "برف جلدی آئی"
    draft.save()
    workflow.publish(draft, by=None)
    (item,) = _feed(client).iter("item")
    assert item.findtext(LANGUAGE) == "ur"
    assert (item.findtext(CONTENT) or "").startswith('<div lang="ur" dir="rtl">')


def test_what_xml_cannot_say_is_left_out(draft: Article, client: Client) -> None:
    draft.headline = "Bell\x07 & <b>\ufffe"
    draft.standfirst = "A\x1b[0m sentence"
    draft.save()
    Outlet.objects.update(name="The \x0bLedger")
    workflow.publish(draft, by=None)
    assert _titles(_feed(client)) == ["Bell & <b>"]


def test_it_carries_what_everybody_may_read_and_says_where_the_rest_is(draft: Article, client: Client) -> None:
    draft.supporters_first = 24
    draft.save()
    for place in range(4):
        words = f"<p>Paragraph {place}.</p>"
        Text.objects.create(parent=draft, region="body", ordering=20 + place, content=words)
    edition = workflow.publish(draft, by=None)
    (item,) = _feed(client).iter("item")
    content = item.findtext(CONTENT) or ""
    assert "closed by noon" in content
    assert "Paragraph 3" not in content
    assert f'<a href="http://testserver{edition.get_absolute_url()}">Read on' in content


def test_it_is_not_sent_again_while_nothing_changed(edition: Edition, client: Client, editor: User) -> None:
    ArticleEvent.objects.update(at=timezone.now() - timedelta(minutes=5))
    first = client.get("/feed/")
    etag, modified = first["ETag"], first["Last-Modified"]
    assert client.get("/feed/", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/feed/", headers={"If-Modified-Since": modified}).status_code == 304
    assert client.get("/feed/", headers={"If-Modified-Since": modified, "If-None-Match": etag}).status_code == 304
    assert not first.cookies

    edition.article.refresh_from_db()
    workflow.withdraw(edition.article, by=editor, expected=edition.article.status, reason="Wrong.")
    assert client.get("/feed/", headers={"If-None-Match": etag}).status_code == 200
    assert client.get("/feed/", headers={"If-Modified-Since": modified}).status_code == 200


def test_an_empty_outlet_has_a_feed_without_items(client: Client, db: None) -> None:
    assert _titles(_feed(client)) == []
