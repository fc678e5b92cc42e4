"""Autosaves: who sees them, and how they are restored."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from articles.admin.autosave import new_key
from articles.models import Article, Autosave
from articles.publishing import autosave
from newsroom.models import User
from tests.articles.support import saved_form, signed_in

ADD = "/admin/articles/article/add/"
KEEP_NEW = "/admin/articles/article/autosave/"


def _typed(article: Article, **changes: Any) -> dict[str, Any]:
    article.refresh_from_db()
    opened = article.updated_at.isoformat()
    return saved_form(article, autosave_key=new_key(), saved_seen=opened, **changes)


def test_an_autosave_is_offered_to_its_writer_alone_continued_and_saved(
    draft: Article, editor: User, reporter: User
) -> None:
    Article.objects.update(created_by=reporter)
    page = f"/admin/articles/article/{draft.pk}/change/"
    own = signed_in(reporter)
    typed = _typed(draft, headline="Half a thought \u0000\U0001f984 اردو", csrfmiddlewaretoken="x")
    kept = own.post(f"/admin/articles/article/{draft.pk}/autosave/", typed)
    assert set(kept.json()) == {"at", "others"}
    assert "csrf" not in Autosave.objects.get().form
    draft.refresh_from_db()
    assert draft.headline == "Snow came early"

    seen = signed_in(editor).get(page)
    assertContains(seen, "Rubiya is writing here just now.")
    assertNotContains(seen, "Continue with it")
    assert signed_in(editor).post(f"/admin/articles/article/unsaved/{typed['autosave_key']}/").status_code == 404

    assertContains(own.get(page), "Continue with it")
    again = own.post(f"/admin/articles/article/unsaved/{typed['autosave_key']}/")
    assertContains(again, "Half a thought")
    assertContains(again, "It is not saved yet: Save keeps it.")
    draft.refresh_from_db()
    assert draft.headline == "Snow came early"

    own.post(page, {**typed, "headline": "A whole thought", "_continue": 1})
    draft.refresh_from_db()
    assert draft.headline == "A whole thought"
    assert not Autosave.objects.exists()


def test_if_somebody_saved_meanwhile_that_is_said_too(draft: Article, editor: User, reporter: User) -> None:
    Article.objects.update(created_by=reporter)
    typed = _typed(draft, headline="Mine")
    signed_in(reporter).post(f"/admin/articles/article/{draft.pk}/autosave/", typed)
    signed_in(editor).post(f"/admin/articles/article/{draft.pk}/change/", _typed(draft, headline="Theirs", _continue=1))
    again = signed_in(reporter).post(f"/admin/articles/article/unsaved/{typed['autosave_key']}/")
    assertContains(again, "It is not saved yet")
    assertContains(again, "Tariq (Changed Headline.) saved this article")


def test_a_new_article_is_autosaved_before_it_is_complete_and_can_be_discarded(reporter: User) -> None:
    own = signed_in(reporter)
    key = new_key()
    own.post(KEEP_NEW, {"autosave_key": key, "headline": "On the bus"})
    own.post(KEEP_NEW, {"autosave_key": key, "headline": "On the night bus"})
    assert Autosave.objects.count() == 1
    assertContains(own.get(ADD), "Continue with it")
    again = own.post(f"/admin/articles/article/unsaved/{key}/")
    assertContains(again, 'value="On the night bus"')
    assertContains(own.post(f"/admin/articles/article/unsaved/{key}/", {"discard": 1}, follow=True), "Discarded.")
    assert not Autosave.objects.exists()


def test_nobody_writes_where_they_may_not_nor_over_anothers(
    draft: Article, reporter: User, editor: User, moderator: User, reader: User
) -> None:
    keep = f"/admin/articles/article/{draft.pk}/autosave/"
    typed = _typed(draft)
    assert signed_in(reporter).post(keep, typed).status_code == 404  # not their own
    assert signed_in(moderator).post(keep, typed).status_code == 403
    assert signed_in(moderator).post(KEEP_NEW, typed).status_code == 403
    assert signed_in(reader).post(keep, typed).status_code == 302
    assert signed_in(editor).get(keep).status_code == 404
    assert not Autosave.objects.exists()
    signed_in(editor).post(keep, typed)
    assert signed_in(reporter).post(KEEP_NEW, {**typed, "headline": "Mine now"}).status_code == 400
    assert "Mine" not in Autosave.objects.get().form
    for key in ("", "x", "../../etc", "A" * 32, "0" * 33):
        assert signed_in(editor).post(KEEP_NEW, {"autosave_key": key}).status_code == 400


def test_it_ends_after_a_month(draft: Article, editor: User) -> None:
    signed_in(editor).post(f"/admin/articles/article/{draft.pk}/autosave/", _typed(draft))
    autosave.delete_expired(timezone.now() + timedelta(days=29))
    assert Autosave.objects.exists()
    autosave.delete_expired(timezone.now() + timedelta(days=31))
    assert not Autosave.objects.exists()
