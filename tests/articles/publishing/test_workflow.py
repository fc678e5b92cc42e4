from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from articles.models import Article, ArticleEvent, Author, Edition, Figure, Photo, PullQuote, Section, Text, Topic
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
    assert client.get("/topics/snow/").status_code == 404

    workflow.publish(article, by=None)
    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert "Snow came late" in page
    assert "It was all different." in page
    assert "Somebody Else" in page
    assert "Snow came late" in client.get("/topics/snow/").content.decode()
    assert client.get(f"/authors/{author.slug}/").status_code == 404


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


def _step(article: Article) -> tuple[str, str, User | None, str]:
    """The newest audit row, of which the desk is told by a task."""
    event = ArticleEvent.objects.filter(article=article).latest("pk")
    assert ProcrastinateJob.objects.filter(task_name=workflow.NOTIFY_TASK).latest("id").args == {"event": event.pk}
    return event.from_status, event.to_status, event.by, event.note


def test_each_step_leaves_an_audit_row_and_a_mail(draft: Article, editor: User) -> None:
    workflow.submit(draft, by=editor, expected="draft", note="Please read.")
    assert _step(draft) == ("draft", "in_review", editor, "Please read.")
    workflow.return_to_draft(draft, by=editor, expected="in_review", note="Who says so?")
    assert _step(draft) == ("in_review", "draft", editor, "Who says so?")
    at = timezone.make_aware(datetime(2126, 1, 2, 3, 4))
    workflow.schedule(draft, by=editor, expected="draft", at=at, kind="correction", note="A name was wrong.")
    assert _step(draft) == ("draft", "scheduled", editor, "For 2126-01-02 03:04.")
    draft.refresh_from_db()
    assert (draft.publish_at, draft.publish_as, draft.publish_note) == (at, "correction", "A name was wrong.")
    workflow.publish(draft, by=editor, expected="scheduled", remark="At last.")
    assert _step(draft) == ("scheduled", "published", editor, "At last.")
    draft.refresh_from_db()
    assert (draft.publish_at, draft.publish_as, draft.publish_note) == (None, "", "")
    workflow.withdraw(draft, by=editor, expected="published", reason="It was not true.")
    assert _step(draft) == ("published", "withdrawn", editor, "It was not true.")
    assert ArticleEvent.objects.count() == 5


def test_a_step_from_where_the_article_no_longer_stands_leaves_everything_as_it_was(
    draft: Article, editor: User
) -> None:
    for expected in ("published", "in_review"):
        with pytest.raises(workflow.Conflict):
            workflow.submit(draft, by=editor, expected=expected)
    with pytest.raises(workflow.Conflict):
        workflow.publish(draft, by=editor, expected="in_review")
    with pytest.raises(ValidationError):
        workflow.withdraw(draft, by=editor, expected="draft", reason="It is not out.")
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not ArticleEvent.objects.exists()
    assert not Edition.objects.exists()


def test_the_first_edition_is_new_and_a_later_one_says_what_it_is(draft: Article, editor: User) -> None:
    first = workflow.publish(draft, by=editor, kind="correction", note="A name was wrong.")
    assert (first.number, first.kind, first.note) == (1, "new", "")
    second = workflow.publish(draft, by=editor, kind="correction", note="A name was wrong.")
    assert (second.number, second.kind, second.note) == (2, "correction", "A name was wrong.")


def test_supporters_read_it_first_from_its_first_publication_on(draft: Article, editor: User) -> None:
    draft.supporters_first = 48
    draft.save()
    first = workflow.publish(draft, by=editor)
    assert first.open_at == first.first_published_at + timedelta(hours=48)
    assert workflow.publish(draft, by=editor).open_at == first.open_at


def test_a_withdrawn_article_is_in_no_list_and_comes_back_with_a_new_edition(draft: Article, editor: User) -> None:
    draft.topics.add(Topic.objects.create(name="Snow", slug="snow"))
    first = workflow.publish(draft, by=editor)
    workflow.withdraw(draft, by=editor, expected="published", reason="It was not true.")
    assert not Edition.objects.filter(live=True).exists()
    for placement in (first.editiontopic_set, first.editionauthor_set):
        assert list(placement.values_list("listed_at", flat=True)) == [None]
    second = workflow.publish(draft, by=editor)
    assert (second.number, second.first_published_at) == (2, first.first_published_at)
    assert second.editiontopic_set.get().listed_at == first.first_published_at


def test_what_is_due_is_published_once_and_says_how_late_it_is(section: Section, author: Author, editor: User) -> None:
    now = timezone.now()
    minutes = {"in a minute": -1, "now": 0, "in time": 1, "late": 2}
    articles = {name: make_article(section, author, headline=name.title()) for name in minutes}
    for name, article in articles.items():
        at = now - timedelta(minutes=minutes[name])
        workflow.schedule(article, by=editor, expected="draft", at=at, kind="correction", note="Why.")
    assert workflow.publish_due(now) == 3
    assert workflow.publish_due(now) == 0
    notes = dict(ArticleEvent.objects.filter(to_status="published").values_list("article__headline", "note"))
    assert notes == {
        "Now": "As scheduled.",
        "In Time": "As scheduled.",
        "Late": "Scheduled, and 2 minutes late: the worker was down.",
    }
    assert Article.objects.get(status="scheduled").headline == "In A Minute"


def test_what_cannot_be_published_as_scheduled_goes_back_to_the_desk_and_holds_up_nothing(
    section: Section, author: Author, editor: User
) -> None:
    now = timezone.now()
    broken, fine = (make_article(section, author, headline=name) for name in ("Broken", "Fine"))
    for minutes, article in ((2, broken), (1, fine)):
        workflow.schedule(article, by=editor, expected="draft", at=now - timedelta(minutes=minutes))
    broken.authors.clear()
    assert workflow.publish_due(now) == 1
    assert _step(fine)[1] == "published"
    event = ArticleEvent.objects.filter(article=broken).latest("pk")
    assert (event.from_status, event.to_status, event.by) == ("scheduled", "in_review", None)
    assert event.note == "It could not be published as scheduled. Name at least one author."


def test_the_lead_photo_is_frozen_with_the_edition_and_only_its_own_articles_lists_change(
    section: Section, author: Author, edition: Edition, photo: Photo
) -> None:
    assert edition.lead_photo
    other = make_article(section, author, headline="Another report")
    first = workflow.publish(other, by=None)
    workflow.publish(other, by=None)
    for each, live in ((edition, True), (first, False)):
        each.refresh_from_db()
        assert each.live is live
        assert (each.editionauthor_set.get().listed_at is not None) is live
