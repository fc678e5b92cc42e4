"""The checklist before publishing, and the place in the form that each check leads to."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django.asserts import assertContains

from articles.models import Article, Edition, Figure, Photo, Related, Text, Topic
from articles.publishing import checklist, versions, workflow
from newsroom.models import User
from tests.articles.support import signed_in
from tests.factories import make_article


def _found(article: Article) -> list[str]:
    article.refresh_from_db()
    return [check.words for check in checklist.publication_checks(article, versions.blocks_of(article))]


def test_a_good_article_has_no_findings(edition: Edition) -> None:
    edition.article.topics.add(Topic.objects.create(name="Roads", slug="roads"))
    assert _found(edition.article) == []


def test_all_that_is_missing_stands_in_one_list_and_what_must_be_first(draft: Article, photo: Photo) -> None:
    Article.objects.update(headline="H" * 90, standfirst="S" * 250)
    Photo.objects.update(alt="", credit=" ")
    draft.authors.clear()
    Figure.objects.create(parent=draft, region="body", ordering=20, photo=photo)
    Text.objects.create(parent=draft, region="body", ordering=30, content="<p> </p>")
    assert _found(draft) == [
        "Name at least one author.",
        "The photo in the figure has no alt text and no credit.",
        "There is no lead photo.",
        "The standfirst has 250 characters; more than 200 are much on a phone.",
        "No topic is chosen: readers find it by its section alone.",
        "The headline has 90 characters. Search engines and shared links cut it after 70: give them a shorter one.",
        "This text is empty, and is left out.",
    ]
    with pytest.raises(ValidationError) as refused:
        workflow.publish(draft, by=None)
    assert len(refused.value.messages) == 2
    Article.objects.update(search_headline="Short")
    assert len(_found(draft)) == 6


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://example.org/a?b=1&amp;c=2#d", ""),
        ("mailto:desk@example.org", ""),
        ("/corrections/", ""),
        ("/articles/out/", ""),
        ("/articles/not-out/", "This link leads to no report that was published: /articles/not-out/"),
        ("{site}/articles/not-out/", "This link leads to no report that was published: {site}/articles/not-out/"),
        ("/articles/preview/abc/", "This link is a preview, which ends: /articles/preview/abc/"),
        ("{site}/admin/x/", "This link leads into the admin: {site}/admin/x/"),
        ("https://intranet/x", "This link is no address on the web: https://intranet/x"),
        ("http://", "This link is no address on the web: http://"),
        ("http://[::", "This link is no address: http://[::"),
        ("mailto:desk", "This link is no e-mail address: mailto:desk"),
        ("example.org", "This link is no whole address: example.org"),
    ],
)
def test_a_bad_link_is_named(edition: Edition, draft: Article, address: str, words: str, settings: object) -> None:
    site = "http://testserver.example"
    settings.SITE_URL = site  # type: ignore[attr-defined]
    Edition.objects.update(slug="out")
    text = draft.articles_text_set.first()
    assert text is not None
    Text.objects.filter(pk=text.pk).update(content=f'<p><a href="{address.format(site=site)}">there</a></p>')
    found = [line for line in _found(draft) if line.startswith("This link")]
    assert found == ([words.format(site=site)] if words else [])


def test_each_item_leads_to_its_place_in_the_form(editor: User, draft: Article) -> None:
    other = make_article(draft.section, draft.authors.get(), headline="Not out")
    Related.objects.create(parent=draft, region="body", ordering=20, article=other)
    Text.objects.create(parent=draft, region="body", ordering=30, content="")
    page = signed_in(editor).get(f"/admin/articles/article/{draft.pk}/change/").content.decode()
    listed = re.search(r'class="checklist".*?</section>', page, re.DOTALL)
    assert listed
    places = re.findall(r'href="#([^"]+)"', listed[0])
    assert places == ["id_lead_photo", "id_topics", "articles_related_set-0", "articles_text_set-1"]
    assert all(f'id="{place}"' in page for place in places)


def test_a_related_article_is_left_out_while_it_is_not_on_the_site(
    draft: Article, editor: User, client: Client
) -> None:
    other = make_article(draft.section, draft.authors.get(), headline="Another report")
    Related.objects.create(parent=draft, region="body", ordering=20, article=other)
    assert "Another report" not in workflow.publish(draft, by=editor).body
    workflow.publish(other, by=editor)
    edition = workflow.publish(draft, by=editor)
    assertContains(client.get(edition.get_absolute_url()), f'<a href="/articles/{other.slug}/">Another report</a>')
