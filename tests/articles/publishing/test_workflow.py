import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Article, Author, Edition, Figure, Photo, PullQuote, Section, Text, Topic
from articles.publishing import workflow
from newsroom.models import User
from tests.factories import make_article


def test_publishing_freezes_the_working_copy_into_edition_one(draft: Article, editor: User) -> None:
    edition = workflow.publish(draft, by=editor)

    assert (edition.number, edition.live, edition.headline) == (1, True, "Snow came early")
    assert edition.body == "<p>The road was closed by noon.</p>\n"
    assert edition.text == "The road was closed by noon."
    assert edition.published_by == editor
    assert edition.first_published_at == edition.published_at
    draft.refresh_from_db()
    assert draft.status == Article.Status.PUBLISHED


def test_what_is_saved_afterwards_changes_nothing_for_readers_until_it_is_published(
    edition: Edition, author: Author, client: Client
) -> None:
    article = edition.article
    elsewhere = Section.objects.create(name="Weather", slug="weather")
    before = client.get(f"/articles/{article.slug}/").content

    article.headline = "Snow came late"
    article.section = elsewhere
    article.save()
    article.topics.add(Topic.objects.create(name="Snow", slug="snow"))
    article.authors.set([Author.objects.create(name="Somebody Else", slug="else")])
    text = Text.objects.get(parent=article)
    text.content = "<p>It was all different.</p>"
    text.save()

    assert client.get(f"/articles/{article.slug}/").content == before
    assert article.headline not in client.get("/").content.decode()
    assert article.headline not in client.get("/topics/snow/").content.decode()

    workflow.publish(article, by=None)
    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert "Snow came late" in page
    assert "It was all different." in page
    assert "Somebody Else" in page
    assert "Snow came late" in client.get("/topics/snow/").content.decode()
    assert "Snow came late" not in client.get(f"/authors/{author.slug}/").content.decode()


def test_a_second_edition_keeps_the_first_publication_and_replaces_the_live_one(edition: Edition) -> None:
    second = workflow.publish(edition.article, by=None)

    edition.refresh_from_db()
    assert not edition.live
    assert second.number == 2
    assert second.first_published_at == edition.first_published_at
    assert second.published_at > edition.published_at
    assert list(Edition.objects.live()) == [second]


def test_an_article_without_author_or_text_is_not_published(section: Section) -> None:
    article = Article.objects.create(headline="Empty", slug="empty", standfirst="Nothing.", section=section)

    with pytest.raises(ValidationError) as refused:
        workflow.publish(article, by=None)

    assert refused.value.messages == ["Name at least one author.", "The body has no text yet."]
    assert not Edition.objects.exists()


def test_blocks_are_rendered_in_their_order(draft: Article, photo: Photo) -> None:
    PullQuote.objects.create(
        parent=draft, region="body", ordering=5, quote="First <b>of</b> all", attribution="A judge"
    )
    Figure.objects.create(parent=draft, region="body", ordering=20, photo=photo, caption="Teal & nothing else")

    body = workflow.publish(draft, by=None).body

    assert body.index("First &lt;b&gt;of&lt;/b&gt; all") < body.index("The road was closed") < body.index("<picture>")
    assert "Teal &amp; nothing else" in body
    assert 'alt="A teal field"' in body
    assert "640w.webp 640w" in body


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>Plain</p><script>alert(1)</script>", "<p>Plain</p>"),
        ('<p onclick="x()" style="color:red" class="y">Plain</p>', "<p>Plain</p>"),
        ('<a href="javascript:alert(1)">link</a>', "<a>link</a>"),
        (
            '<p><a href="https://example.org/" target="_blank">link</a></p>',
            '<p><a href="https://example.org/">link</a></p>',
        ),
        (
            "<h1>Title</h1><p><b>bold</b> <i>italic</i></p>",
            "<h2>Title</h2><p><strong>bold</strong> <em>italic</em></p>",
        ),
        ("<p>&nbsp;</p><p>Text</p><p></p>", "<p>Text</p>"),
        ('<p>A<img src="https://tracker.example/1.gif">B</p>', "<p>AB</p>"),
        ('<iframe src="https://x.example">x</iframe><p>after</p>', "<p>after</p>"),
        ("<p>N\0UL</p>", "<p>NUL</p>"),
    ],
)
def test_a_text_keeps_only_what_an_article_may_contain_however_it_is_saved(
    draft: Article, written: str, kept: str
) -> None:
    block = Text.objects.create(parent=draft, region="body", ordering=99, content=written)

    block.refresh_from_db()
    assert block.content == kept


def test_a_new_edition_of_an_old_article_does_not_move_up(section: Section, author: Author) -> None:
    old = workflow.publish(make_article(section, author, headline="Old"), by=None)
    workflow.publish(make_article(section, author, headline="New"), by=None)

    workflow.publish(old.article, by=None)

    assert [edition.headline for edition in Edition.objects.live().newest()] == ["New", "Old"]
