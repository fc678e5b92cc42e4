"""Versions of an article: saved, compared, restored and deleted."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import (
    Article,
    Author,
    Edition,
    Embed,
    FactBox,
    Figure,
    Gallery,
    Photo,
    PullQuote,
    Related,
    Section,
    Text,
    Topic,
    Version,
)
from articles.publishing import diff, versions, workflow
from newsroom.models import User
from tests.articles.support import saved_form, signed_in
from tests.factories import make_article, make_photo


@pytest.fixture
def full(edition: Edition, section: Section, author: Author) -> Article:
    """Return a published article with a block of each kind."""
    article = edition.article
    other = make_article(section, author, headline="The other one")
    workflow.publish(other, by=None)
    place = {"parent": article, "region": "body"}
    Figure.objects.create(photo=make_photo(), caption="A field", ordering=30, **place)
    Gallery.objects.create(title="Fields", photo_ids=[make_photo().pk, make_photo().pk], ordering=40, **place)
    FactBox.objects.create(title="In figures", content="<p>Nine.</p>", ordering=50, **place)
    Embed.objects.create(url="https://youtu.be/aqz-KE-bpKQ", title="A film", ordering=60, **place)
    Related.objects.create(article=other, ordering=70, **place)
    return article


def test_each_kind_of_block_is_published_and_comes_back_as_it_was(full: Article, editor: User) -> None:
    first = workflow.publish(full, by=editor)
    for words in ("A field", "Fields", "In figures", "Nine.", "A film", "Read also"):
        assert words in first.body
    assert "The other one" not in first.text
    before = versions.source_of(full)
    assert [block["kind"] for block in before["blocks"]] == [
        "text",
        "pullquote",
        "figure",
        "gallery",
        "factbox",
        "embed",
        "related",
    ]

    full.headline = "Changed"
    full.save()
    for kind in (Text, Gallery, Embed):
        kind.objects.filter(parent=full).delete()
    assert versions.restore(first.version, by=editor) == []

    full.refresh_from_db()
    assert versions.source_of(full) == before
    assert full.editions.count() == 2  # readers saw nothing of it
    kept = full.versions.first()
    assert kept is not None
    assert [v.source["headline"] for v in full.versions.all()[:2]] == ["Snow came early", "Changed"]


def test_what_cannot_come_back_is_said_and_the_rest_does(full: Article, editor: User, photo: Photo) -> None:
    first = workflow.publish(full, by=editor)
    gone = Figure.objects.get(parent=full).photo
    Figure.objects.filter(parent=full).delete()
    gone.delete()
    Article.objects.filter(pk=full.pk).update(lead_photo=None)
    photo.delete()
    missing = versions.restore(first.version, by=editor)
    assert missing == [
        "The lead photo is no longer in the library.",
        "The figure at place 3: its photo is gone.",
    ]
    assert PullQuote.objects.filter(parent=full).exists()


def test_saving_keeps_a_version_and_saving_the_same_again_keeps_none(draft: Article, editor: User) -> None:
    own = signed_in(editor)
    page = f"/admin/articles/article/{draft.pk}/change/"
    for headline in ("One", "One", "Two"):
        draft.refresh_from_db()
        own.post(page, saved_form(draft, headline=headline, _continue=1))
    assert [version.source["headline"] for version in draft.versions.all()] == ["Two", "One"]
    draft.refresh_from_db()
    own.post(page, saved_form(draft, _publish=1))
    assert [version.edition and version.edition.number for version in draft.versions.all()] == [1, None]


def test_a_name_that_was_taken_out_can_be_deleted_at_once_and_is_after_a_month(
    draft: Article, editor: User, reporter: User
) -> None:
    Article.objects.update(created_by=reporter)
    draft.refresh_from_db()
    versions.save_version(draft, by=editor)
    workflow.publish(draft, by=editor)
    Article.objects.update(headline="With a source's name")
    draft.refresh_from_db()
    versions.save_version(draft, by=editor)
    page = f"/admin/articles/article/{draft.pk}/forget/"
    assert signed_in(reporter).post(page).status_code == 403
    assert signed_in(editor).get(page).status_code == 404
    versions.delete_expired(timezone.now() + timedelta(days=29))
    assert draft.versions.count() == 2
    assertContains(signed_in(editor).post(page, follow=True), "1 saved versions are deleted. Editions stay.")
    assert [version.edition_id is not None for version in draft.versions.all()] == [True]
    versions.save_version(draft, by=editor)
    versions.delete_expired(timezone.now() + timedelta(days=31))
    assert [version.edition_id is not None for version in draft.versions.all()] == [True]


def _read(lines: list[diff.Line]) -> list[str]:
    marks = {"added": "+", "removed": "-", "same": ""}
    return [
        f"{line.kind} {line.label}".strip() + ": " + "|".join(f"{marks[s.kind]}{s.text}" for s in line.spans)
        for line in lines
    ]


def test_a_difference_reads_like_one(draft: Article, section: Section, topic: Topic) -> None:
    text = draft.articles_text_set.get()
    text.content = (
        "".join(f"<p>Paragraph {n} stays as it is.</p>" for n in "abcde") + "<p>The road was closed by noon.</p>"
    )
    text.save()
    old = versions.source_of(draft)
    draft.headline = "Snow came late"
    draft.topics.add(topic)
    text.content = (
        text.content.replace("closed by noon", 'open by <a href="https://example.org/">noon</a>')
        + "<p>Quite another matter.</p>"
    )
    text.save()
    PullQuote.objects.create(parent=draft, region="body", ordering=5, quote="Oh.")
    new = versions.source_of(draft)
    assert _read(diff.compare(old, new)) == [
        "changed Headline: Snow came |-early|+late",
        "changed Topics: +Roads",
        "added: +Pull quote: “Oh.”",
        "same: Paragraph a stays as it is.",
        "skipped: 3 paragraphs are the same.",
        "same: Paragraph e stays as it is.",
        "changed: The road was |-closed|+open| by noon|+ [https://example.org/]|.",
        "added: +Quite another matter.",
    ]
    assert diff.compare(new, new) == [diff.Line("skipped", [diff.Span("same", "8 paragraphs are the same.")])]


@pytest.fixture
def topic(db: None) -> Topic:
    return Topic.objects.create(name="Roads", slug="roads")


def test_the_history_shows_versions_and_steps_and_restores_by_post_alone(
    full: Article, editor: User, reporter: User, publisher: User, client: Client
) -> None:
    workflow.publish(full, by=editor)
    version = Version.objects.get(edition__number=1, article=full)
    page = f"/admin/articles/article/{full.pk}/history/"
    shown = signed_in(editor).get(page)
    assertContains(shown, "Edition 1 → Edition 2")
    assertContains(shown, "Draft → Published")
    for odd in ("?old=x&new=y", "?old=0", "?new=999999", f"?old={version.pk}&new={version.pk}", "?old=%00"):
        assert signed_in(editor).get(page + odd).status_code == 200
    restore = f"/admin/articles/article/{full.pk}/restore/{version.pk}/"
    assertNotContains(signed_in(publisher).get(page), "Go back to this")
    assert signed_in(publisher).post(restore).status_code == 403
    assert signed_in(reporter).post(restore).status_code == 404
    assert signed_in(editor).get(restore).status_code == 404
    assert client.get(page).status_code == 302
    assertContains(signed_in(editor).post(restore, follow=True), "Readers see nothing of it until you publish.")


def test_a_photo_in_a_gallery_is_not_deleted_and_one_that_went_all_the_same_is_missed(
    full: Article, editor: User
) -> None:
    kept = workflow.publish(full, by=editor).version
    gallery = Gallery.objects.get(parent=full)
    gone = gallery.photo_ids[0]
    page = signed_in(editor).post(f"/admin/articles/photo/{gone}/delete/", {"post": "yes"}, follow=True)
    assertContains(page, "Gallery of")
    assert Photo.objects.filter(pk=gone).exists()
    Photo.objects.filter(pk=gone).delete()
    assert versions.restore(kept, by=editor) == ["The gallery at place 4: 1 of its photos is gone."]


def test_who_saves_after_a_restore_puts_theirs_in_its_place_and_doubles_nothing(draft: Article, editor: User) -> None:
    versions.save_version(draft, by=editor)
    typed = saved_form(draft, saved_seen=draft.updated_at.isoformat(), _continue=1)
    typed["articles_text_set-0-content"] = "<p>What the other one typed.</p>"
    text = draft.articles_text_set.get()
    text.content = "<p>Changed.</p>"
    text.save()
    version = draft.versions.last()
    assert version is not None
    versions.restore(version, by=editor)
    assert (
        "saved this article"
        in signed_in(editor).post(f"/admin/articles/article/{draft.pk}/change/", typed).content.decode()
    )
    draft.refresh_from_db()
    typed["saved_seen"] = draft.updated_at.isoformat()
    signed_in(editor).post(f"/admin/articles/article/{draft.pk}/change/", typed)
    assert [block.content for block in draft.articles_text_set.all()] == ["<p>What the other one typed.</p>"]


def test_deleting_versions_takes_a_former_headline_out_of_the_log_too(
    draft: Article, editor: User, reporter: User
) -> None:
    own = signed_in(editor)
    page = f"/admin/articles/article/{draft.pk}/"
    for headline in ("What Bilal told us", "What we were told"):
        draft.refresh_from_db()
        own.post(f"{page}change/", saved_form(draft, headline=headline, _continue=1))
    own.post(f"{page}autosave/", saved_form(draft, autosave_key="0" * 32))
    assertContains(own.post(f"{page}forget/", follow=True), "Tariq has typed something here that is not saved.")
    assert not LogEntry.objects.filter(object_repr__contains="Bilal").exists()
