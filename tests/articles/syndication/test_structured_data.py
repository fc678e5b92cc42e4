"""JSON-LD, descriptions and share cards of pages."""

import json
import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article, Author, Edition, Text, Topic
from articles.photos.processing import largest_jpeg
from articles.publishing import previews, workflow
from comments.models import Comment, Commenter
from devtools.demo.articles import content
from newsroom.models import Channel, User


class _Head(HTMLParser):
    """The page's `<meta>`, `<link>` and JSON-LD, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.links: list[dict[str, str | None]] = []
        self.data: dict[str, Any] = {}
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.meta[name] = given.get("content") or ""
        if tag == "link":
            self.links.append(given)
        self._inside = tag == "script" and given.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._inside:
            document = json.loads(data)
            assert document["@context"] == "https://schema.org"
            self.data |= {thing["@type"]: thing for thing in document["@graph"]}
            self._inside = False

    @property
    def canonical(self) -> list[str | None]:
        return [link["href"] for link in self.links if link.get("rel") == "canonical"]


def _head(client: Client, path: str) -> _Head:
    return _Head(client.get(path).content.decode())


def test_an_article_says_all_that_google_documents(edition: Edition, client: Client) -> None:
    article = edition.article
    article.topics.add(Topic.objects.create(name="Snow", slug="snow"))
    article.authors.add(Author.objects.create(name="Ishrat", slug="ishrat"))
    Channel.objects.all().delete()
    Channel.objects.create(name="WhatsApp", invitation="x", address="https://whatsapp.com/channel/x")
    second = workflow.publish(article, by=None, kind=Edition.Kind.CORRECTION, note="It was noon, not one.")

    address = f"http://testserver{edition.get_absolute_url()}"
    data = _head(client, edition.get_absolute_url()).data
    news = data["NewsArticle"]
    assert news["headline"] == "Snow came early"
    assert news["mainEntityOfPage"] == address
    assert news["datePublished"] == edition.first_published_at.isoformat(timespec="seconds")
    assert news["dateModified"] == second.published_at.isoformat(timespec="seconds")
    assert news["author"] == [
        {"@type": "Person", "name": "Nuzhat Kralwari", "url": "http://testserver/authors/nuzhat-kralwari/"},
        {"@type": "Person", "name": "Ishrat", "url": "http://testserver/authors/ishrat/"},
    ]
    assert news["articleSection"] == "Kashmir"
    assert news["keywords"] == ["Snow"]
    assert news["inLanguage"] == "en"
    assert news["isAccessibleForFree"] is True
    assert news["image"]["url"].startswith("http://testserver/media/photos/")
    assert (news["image"]["width"], news["image"]["height"]) == (640, 366)
    assert news["image"]["creditText"] == "A. Person"
    assert [(each["@type"], each["text"]) for each in news["correction"]] == [
        ("CorrectionComment", "It was noon, not one.")
    ]
    publisher = news["publisher"]
    assert publisher["@type"] == "NewsMediaOrganization"
    assert publisher["name"] == "The Valley Ledger"
    assert publisher["correctionsPolicy"] == "http://testserver/corrections-policy/"
    assert publisher["publishingPrinciples"] == publisher["ethicsPolicy"] == "http://testserver/ethics/"
    assert publisher["sameAs"] == ["https://whatsapp.com/channel/x"]
    assert publisher["logo"]["url"] == "http://testserver/static/img/icon-512.png"

    crumbs = data["BreadcrumbList"]["itemListElement"]
    assert [(each["position"], each["name"], each["item"]) for each in crumbs] == [
        (1, "The Valley Ledger", "http://testserver/"),
        (2, "Kashmir", "http://testserver/sections/kashmir/"),
        (3, "Snow came early", address),
    ]


def test_what_is_empty_is_not_said(draft: Article, client: Client) -> None:
    edition = workflow.publish(draft, by=None)
    news = _head(client, edition.get_absolute_url()).data["NewsArticle"]
    assert not {"correction", "keywords"} & news.keys()
    assert not {"sameAs", "email"} & news["publisher"].keys()


def test_a_headline_cannot_leave_its_script(draft: Article, client: Client) -> None:
    draft.headline = "</script><script>alert(1)</script> <!-- & \u2028 'x' \"y\""
    draft.save()
    edition = workflow.publish(draft, by=None)
    response = client.get(edition.get_absolute_url())
    assertNotContains(response, "<script>alert")
    head = _Head(response.content.decode())
    assert head.data["NewsArticle"]["headline"] == draft.headline
    assert head.meta["og:title"] == draft.headline


def test_an_article_has_a_card_for_sharing(edition: Edition, client: Client) -> None:
    head = _head(client, edition.get_absolute_url())
    address = f"http://testserver{edition.get_absolute_url()}"
    assert head.canonical == [address]
    assert head.meta["og:url"] == address
    assert head.meta["og:type"] == "article"
    assert head.meta["og:site_name"] == "The Valley Ledger"
    assert head.meta["og:title"] == "Snow came early"
    assert head.meta["description"] == head.meta["og:description"] == "What the first snow did."
    assert edition.lead_photo is not None
    assert head.meta["og:image"] == f"http://testserver{largest_jpeg(edition.lead_photo)[0]}"
    assert head.meta["og:image:alt"] == "A teal field"
    assert head.meta["article:section"] == "Kashmir"
    assert head.meta["twitter:card"] == "summary_large_image"
    assert head.meta["robots"] == "max-image-preview:large"


def test_an_urdu_article_says_its_language(draft: Article, client: Client) -> None:
    draft.language, draft.headline = "ur", "برف جلدی آئی"
    draft.save()
    head = _head(client, workflow.publish(draft, by=None).get_absolute_url())
    assert head.meta["og:locale"] == "ur_IN"
    assert head.data["NewsArticle"]["inLanguage"] == "ur"
    assert head.data["NewsArticle"]["headline"] == "برف جلدی آئی"


def test_what_is_for_supporters_first_is_said_to_be_so(draft: Article, client: Client) -> None:
    draft.supporters_first, draft.search_headline = 24, "Early snow"
    draft.save()
    head = _head(client, workflow.publish(draft, by=None).get_absolute_url())
    assert head.data["NewsArticle"]["isAccessibleForFree"] is False
    assert head.data["NewsArticle"]["hasPart"][0]["cssSelector"] == ".prose"
    assert head.data["NewsArticle"]["headline"] == head.meta["og:title"] == "Early snow"


def test_a_preview_has_no_structured_data(draft: Article, editor: User, client: Client) -> None:
    head = _head(client, previews.path_of(previews.give_link(draft, by=editor, for_whom="")))
    assert head.meta["robots"] == "noindex"
    assert not head.data
    assert not head.canonical


def test_the_front_page_is_the_outlet_and_its_search(edition: Edition, client: Client) -> None:
    data = _head(client, "/").data
    assert data["NewsMediaOrganization"]["@id"] == data["WebSite"]["publisher"]["@id"]
    search = data["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert search == "http://testserver/search/?q={search_term_string}"
    assert client.get(search.removeprefix("http://testserver").format(search_term_string="snow")).status_code == 200


def test_lists_say_where_they_stand_and_an_author_who_it_is(edition: Edition, client: Client) -> None:
    Author.objects.update(role="Reporter", bio="Writes about roads.")
    for path in ("/sections/kashmir/", "/authors/nuzhat-kralwari/"):
        head = _head(client, path)
        assert head.canonical == [f"http://testserver{path}"]
        assert head.data["BreadcrumbList"]["itemListElement"][-1]["item"] == f"http://testserver{path}"
    person = head.data["ProfilePage"]["mainEntity"]
    assert (person["name"], person["jobTitle"], person["description"]) == (
        *("Nuzhat Kralwari", "Reporter", "Writes about roads."),
    )


def test_an_article_is_shared_by_plain_links(edition: Edition, client: Client) -> None:
    page = client.get(edition.get_absolute_url())
    escaped = f"http%3A%2F%2Ftestserver{edition.get_absolute_url()}".replace("/", "%2F")
    assertContains(page, f'"https://wa.me/?text=Snow%20came%20early%20{escaped}"')
    assertContains(page, f'"https://t.me/share/url?url={escaped}&amp;text=Snow%20came%20early"')
    assertContains(page, f'"mailto:?subject=Snow%20came%20early&amp;body={escaped}"')
    assertContains(page, f'<a href="http://testserver{edition.get_absolute_url()}" data-copy>Copy link</a>')
    hosts = re.findall(r'(?:src|srcset)="(?:https?:)?//', page.content.decode())
    assert hosts == []


def test_a_long_article_with_twenty_comments_stays_light(edition: Edition, client: Client) -> None:
    told = max(content.ARTICLES, key=lambda article: len(str(article.blocks)))
    for place, block in enumerate(block for block in told.blocks if isinstance(block, content.Text)):
        Text.objects.create(parent=edition.article, region="body", ordering=30 + place, content=block.html)
    for name in ("Roads", "Snow", "Schools"):
        edition.article.topics.add(Topic.objects.create(name=name, slug=name.lower()))
    workflow.publish(edition.article, by=None, kind=Edition.Kind.CORRECTION, note="It was noon, not one.")
    writer = Commenter.objects.create(email_hash="x")
    words = " ".join(article.standfirst for article in content.ARTICLES if article.language == "en").split()
    for number in range(20):
        body = " ".join(words[number * 40 : number * 40 + 40])
        Comment.objects.create(
            article=edition.article, edition_number=1, commenter=writer, name="G", body=body, status="approved"
        )
    page = client.get(edition.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert client.get(edition.get_absolute_url()).content.decode().count('class="comment-body"') == 20
    assert len(page.content) <= 14 * 1024


def test_the_latest_are_listed_by_day_to_a_clear_end(edition: Edition, client: Client) -> None:
    response = client.get("/latest/")
    assertContains(response, edition.headline)
    assertContains(response, timezone.localdate().strftime("%Y-%m-%d"))
    assertContains(response, "That is all so far.")
