"""The steps of an article from draft to withdrawn, and what readers see after each."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from articles.models import Article, ArticleEvent, Author, Edition, PreviewLink, Section, Text
from articles.publishing import previews, workflow
from articles.publishing.workflow import Conflict
from articles.tasks import delete_expired_drafts, notify
from comments.models import Comment
from comments.moderation import transitions
from comments.posting.identity import commenter_by_email
from newsroom.models import User
from tests.articles.support import saved_form, signed_in
from tests.factories import make_article

Status = Article.Status


def _notify_all() -> None:
    for event in ArticleEvent.objects.order_by("pk"):
        notify(event.pk)


def _press(user: User, article: Article, button: str, **more: object) -> str:
    """Press a button below the article's form, and return the page that follows."""
    article.refresh_from_db()
    page = f"/admin/articles/article/{article.pk}/change/"
    response = signed_in(user).post(page, saved_form(article, **{button: "1"}, **more), follow=True)
    return str(response.content.decode())


def test_a_reporter_submits_editors_get_mail_and_send_it_back_with_a_note(
    draft: Article, reporter: User, editor: User, publisher: User
) -> None:
    Article.objects.update(created_by=reporter)
    assert "Submitted. The desk has been told." in _press(reporter, draft, "_submit", remark="Please by six.")
    _notify_all()
    (told,) = mail.outbox
    assert told.to == [editor.email]
    assert "Please by six." in told.body

    assert "Please say what is to be done" in _press(editor, draft, "_send_back", remark="")
    page = _press(editor, draft, "_send_back", remark="Who closed the road?")
    assert "Sent back." in page
    assert "Who closed the road?" in page
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    mail.outbox.clear()
    notify(draft.events.latest("pk").pk)
    assert mail.outbox[0].to == [reporter.email]
    assert "Who closed the road?" in mail.outbox[0].body


def test_the_reporter_gets_mail_when_it_is_published_and_nobody_about_their_own_step(
    draft: Article, reporter: User, editor: User
) -> None:
    Article.objects.update(created_by=reporter)
    workflow.publish(draft, by=editor)
    _notify_all()
    assert [message.to for message in mail.outbox] == [[reporter.email]]
    mail.outbox.clear()
    Article.objects.update(created_by=editor)
    workflow.publish(draft, by=editor)
    notify(draft.events.latest("pk").pk)
    assert mail.outbox == []


def test_a_step_is_written_down_and_taken_only_from_where_it_was_decided(draft: Article, editor: User) -> None:
    workflow.submit(draft, by=editor, expected=Status.DRAFT)
    with pytest.raises(Conflict):
        workflow.submit(draft, by=editor, expected=Status.DRAFT)
    with pytest.raises(Conflict):
        workflow.publish(draft, by=editor, expected=Status.DRAFT)
    assert not Edition.objects.exists()
    steps = list(draft.events.values_list("from_status", "to_status", "by"))
    assert steps == [("draft", "in_review", editor.pk)]


def test_somebody_elses_step_meanwhile_is_said_and_nothing_is_lost(draft: Article, editor: User) -> None:
    form = saved_form(draft, _publish="1", headline="Snow came at last")
    workflow.submit(draft, by=editor, expected=Status.DRAFT)
    response = signed_in(editor).post(f"/admin/articles/article/{draft.pk}/change/", form, follow=True)
    assertContains(response, "somebody took another step with this article meanwhile")
    draft.refresh_from_db()
    assert draft.headline == "Snow came at last"
    assert not Edition.objects.exists()


def test_a_scheduled_article_is_published_once_as_it_was_saved_last(
    draft: Article, editor: User, client: Client
) -> None:
    at = timezone.now() + timedelta(hours=2)
    workflow.schedule(draft, by=editor, expected=Status.DRAFT, at=at)
    Text.objects.update(content="<p>Changed after scheduling.</p>")

    assert workflow.publish_due(at - timedelta(seconds=1)) == 0
    assert client.get(f"/articles/{draft.slug}/").status_code == 404
    assert workflow.publish_due(at) == 1
    assert workflow.publish_due(at) == 0
    assertContains(client.get(f"/articles/{draft.slug}/"), "Changed after scheduling.")
    assert draft.events.latest("pk").note == "As scheduled."


def test_a_worker_that_was_down_publishes_late_and_says_so(draft: Article, editor: User) -> None:
    at = timezone.now() + timedelta(hours=2)
    workflow.schedule(draft, by=editor, expected=Status.DRAFT, at=at)
    workflow.publish_due(at + timedelta(minutes=47))
    assert draft.events.latest("pk").note == "Scheduled, and 47 minutes late: the worker was down."
    assert Edition.objects.count() == 1


def test_what_can_no_longer_be_published_at_its_time_goes_back_to_the_desk(draft: Article, editor: User) -> None:
    at = timezone.now() + timedelta(hours=2)
    workflow.schedule(draft, by=editor, expected=Status.DRAFT, at=at)
    draft.authors.clear()
    assert workflow.publish_due(at) == 0
    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW
    assert "Name at least one author." in draft.events.latest("pk").note
    _notify_all()
    assert [message.to for message in mail.outbox] == [[editor.email]]


def test_scheduling_wants_a_moment_to_come(draft: Article, editor: User) -> None:
    assert "Please say on which day" in _press(editor, draft, "_schedule")
    past = {"publish_on_0": "2020-01-01", "publish_on_1": "10:00"}
    assert "This moment has passed." in _press(editor, draft, "_schedule", **past)
    soon = {"publish_on_0": "2099-01-01", "publish_on_1": "10:00"}
    assert "It will be published on 1 January 2099 at 10:00." in _press(editor, draft, "_schedule", **soon)


def test_a_live_article_is_edited_unseen_and_published_as_a_correction(
    edition: Edition, editor: User, client: Client
) -> None:
    article = edition.article
    assert "A correction says in public" in _press(editor, article, "_publish", kind="correction", note="")
    note = "The road was closed at one, not at noon."
    assert "Published as edition 2." in _press(editor, article, "_publish", kind="correction", note=note)

    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert ">Correction</h2>" in page
    assert note in page
    assertContains(client.get("/corrections/"), note)
    history = client.get(f"/articles/{article.slug}/history/")
    assertContains(history, "First published")
    assertContains(history, note)


def test_a_new_slug_is_public_with_its_edition_and_the_old_address_leads_there(
    edition: Edition, editor: User, client: Client
) -> None:
    article = edition.article
    old = edition.get_absolute_url()
    article.slug = "the-snow"
    article.save()
    assert client.get(old).status_code == 200
    assert client.get("/articles/the-snow/").status_code == 404
    workflow.publish(article, by=editor)
    assertRedirects(client.get(old), "/articles/the-snow/", status_code=301)
    article.slug = "snow-again"
    article.save()
    workflow.publish(article, by=editor)
    assertRedirects(client.get(old), "/articles/snow-again/", status_code=301)


def test_no_other_article_takes_an_address_that_readers_know(
    edition: Edition, editor: User, section: Section, author: Author
) -> None:
    Article.objects.filter(pk=edition.article_id).update(slug="moved-on")
    other = make_article(section, author, headline="Another")
    page = _press(editor, other, "_publish", slug=edition.slug)
    assert "Another article was published under this slug." in page
    Article.objects.filter(pk=other.pk).update(slug=edition.slug)
    other.refresh_from_db()
    with pytest.raises(ValidationError, match="Another article was published"):
        workflow.publish(other, by=editor)


def test_a_withdrawn_article_leaves_a_page_that_says_why_and_can_come_back(
    edition: Edition, editor: User, client: Client
) -> None:
    article = edition.article
    assert "Please say why." in _press(editor, article, "_withdraw", note="")
    assert "Withdrawn." in _press(editor, article, "_withdraw", note="The report rested on one source.")

    response = client.get(edition.get_absolute_url())
    assertContains(response, "The report rested on one source.", status_code=410)
    assert "Snow came early" not in client.get("/").content.decode()
    assert "Snow came early" not in client.get("/sections/kashmir/").content.decode()
    assert client.get("/authors/nuzhat-kralwari/").content.decode().count("Snow came early") == 0
    with pytest.raises(ValidationError, match="It is not on the site"):
        workflow.withdraw(article, by=editor, expected=Status.PUBLISHED, reason="Again")

    article.refresh_from_db()
    workflow.publish(article, by=editor)
    assertContains(client.get(edition.get_absolute_url()), "Snow came early")


def test_a_preview_shows_the_working_copy_to_whoever_has_the_link_until_it_ends(
    edition: Edition, editor: User, client: Client
) -> None:
    Article.objects.update(headline="Not out yet")
    path = previews.path_of(previews.give_link(edition.article, by=editor, for_whom="The lawyer"))
    response = client.get(path)
    assertContains(response, "Not out yet")
    assertContains(response, "This is a preview.")
    assert response["Cache-Control"] == "private, no-store"
    assert "Leave a Reply" not in response.content.decode()
    assert "The lawyer" not in response.content.decode()
    assert client.get(path[:-3] + "x/").status_code == 410
    PreviewLink.objects.update(ends_at=timezone.now())
    assert client.get(path).status_code == 410


def test_each_link_is_made_for_somebody_listed_and_ended_alone(edition: Edition, editor: User, reporter: User) -> None:
    Article.objects.update(created_by=reporter)
    page = f"/admin/articles/article/{edition.article_id}/preview/"
    own, desk = signed_in(reporter), signed_in(editor)
    own.post(page, {"for_whom": "The lawyer\0"})
    desk.post(page, {"for_whom": "x" * 500})
    theirs, mine = PreviewLink.objects.order_by("pk")
    assert (theirs.for_whom, theirs.made_by, len(mine.for_whom)) == ("The lawyer", reporter, 80)
    assertContains(desk.get(page), previews.path_of(theirs))
    assertContains(desk.get(page), f"made by {reporter.name}")

    assert own.post(page, {"end": mine.pk}).status_code == 403
    for odd in ("", "x", "0", "9" * 30, "-1"):
        assert desk.post(page, {"end": odd}).status_code == 302
    assert PreviewLink.objects.open().count() == 2
    desk.post(page, {"end": theirs.pk})
    assert list(PreviewLink.objects.open()) == [mine]
    assert Client().get(previews.path_of(theirs)).status_code == 410
    assert Client().get(previews.path_of(mine)).status_code == 200
    assertContains(desk.get(page), "ended ")
    ended = PreviewLink.objects.get(pk=theirs.pk).ends_at
    desk.post(page, {"end": theirs.pk})  # the same click again
    assert PreviewLink.objects.get(pk=theirs.pk).ends_at == ended


def test_the_page_of_the_preview_makes_no_link(edition: Edition, editor: User, moderator: User) -> None:
    page = f"/admin/articles/article/{edition.article_id}/preview/"
    shown = signed_in(editor).get(f"{page}page/")
    assertContains(shown, "This is a preview.")
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assertContains(signed_in(editor).get(page), f'src="{page}page/"')
    assert not PreviewLink.objects.exists()
    assert signed_in(moderator).get(f"{page}page/").status_code in (302, 403, 404)
    assert Client().get(f"{page}page/").status_code == 302


def test_moderators_see_no_working_copies(draft: Article, edition: Edition, moderator: User) -> None:
    Article.objects.filter(pk=edition.article_id).update(headline="A change that is not out")
    client = signed_in(moderator)
    for article in (draft, edition.article):
        for page in ("change/", "preview/", "preview/page/", "history/", "delete/"):
            response = client.get(f"/admin/articles/article/{article.pk}/{page}")
            assert response.status_code in (302, 403, 404), page
    assert client.get("/admin/articles/article/").status_code == 403
    assert "/admin/articles/article/" not in client.get("/admin/").content.decode()
    comment = Comment(article=edition.article, edition_number=1, commenter=commenter_by_email("a@b.example"), body="x")
    transitions.add_comment(comment, "pending")
    for page in ("/admin/comments/comment/", f"/admin/comments/comment/{comment.pk}/change/", "/admin/comments/queue/"):
        shown = client.get(page).content.decode()
        assert edition.headline in shown, page
        assert "A change that is not out" not in shown, page
    found = client.get("/admin/autocomplete/?app_label=comments&model_name=thread&field_name=article&term=")
    assert [each["id"] for each in found.json()["results"]] == [str(edition.article_id)]


def test_links_are_forgotten_a_month_after_their_end(edition: Edition, editor: User) -> None:
    for days in (29, 31):
        link = previews.give_link(edition.article, by=editor, for_whom=f"{days}")
        PreviewLink.objects.filter(pk=link.pk).update(ends_at=timezone.now() - timedelta(days=days))
    delete_expired_drafts(0)
    assert [link.for_whom for link in PreviewLink.objects.all()] == ["29"]


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_send_back", "_withdraw"])
def test_a_reporter_takes_none_of_the_editors_steps(edition: Edition, reporter: User, button: str) -> None:
    Article.objects.update(created_by=reporter)
    article = edition.article
    later = {"publish_on_0": "2099-01-01", "publish_on_1": "10:00"}
    response = signed_in(reporter).post(
        f"/admin/articles/article/{article.pk}/change/",
        saved_form(article, **{button: "1"}, note="x", remark="x", **later),
    )
    assert response.status_code == 403
    article.refresh_from_db()
    assert (article.status, Edition.objects.count()) == ("published", 1)


def test_who_saves_over_somebody_elses_save_is_warned_and_loses_nothing(
    draft: Article, editor: User, reporter: User
) -> None:
    Article.objects.update(created_by=reporter)
    draft.refresh_from_db()
    page = f"/admin/articles/article/{draft.pk}/change/"
    opened = {"saved_seen": draft.updated_at.isoformat()}
    mine = saved_form(draft, headline="The reporter's headline", _continue=1, **opened)
    theirs = saved_form(draft, headline="The editor's headline", _continue=1, **opened)
    assertContains(signed_in(editor).post(page, theirs, follow=True), "was changed successfully")

    told = signed_in(reporter).post(page, mine)

    assertContains(told, "Tariq (Changed Headline.) saved this article at")
    assertContains(told, "The reporter&#x27;s headline")
    draft.refresh_from_db()
    assert draft.headline == "The editor's headline"
    assertContains(told, f'name="saved_seen" value="{draft.updated_at.isoformat()}"')
    again = {**mine, "saved_seen": draft.updated_at.isoformat()}
    assertContains(signed_in(reporter).post(page, again, follow=True), "was changed successfully")
    draft.refresh_from_db()
    assert draft.headline == "The reporter's headline"


def test_a_text_whose_block_somebody_deleted_meanwhile_is_saved_as_a_new_block(draft: Article, editor: User) -> None:
    Text.objects.create(parent=draft, region="body", ordering=20, content="<p>Second.</p>")
    form = saved_form(draft, _continue=1, **{"articles_text_set-0-content": "<p>Rewritten at length.</p>"})
    Text.objects.filter(content__contains="closed by noon").delete()
    response = signed_in(editor).post(f"/admin/articles/article/{draft.pk}/change/", form, follow=True)
    assertContains(response, "was changed successfully")
    texts = list(Text.objects.filter(parent=draft).order_by("ordering").values_list("content", flat=True))
    assert texts == ["<p>Rewritten at length.</p>", "<p>Second.</p>"]


def test_what_is_scheduled_is_the_desks_alone_to_change(draft: Article, reporter: User, editor: User) -> None:
    """It is published as it is saved then, so a reporter's late change would appear unread."""
    Article.objects.update(created_by=reporter)
    workflow.schedule(draft, by=editor, expected=Status.DRAFT, at=timezone.now() + timedelta(hours=1))
    draft.refresh_from_db()
    page = f"/admin/articles/article/{draft.pk}/change/"
    assertContains(signed_in(reporter).get(page), "The road was closed by noon.")
    changed = saved_form(draft, headline="Something else", _continue=1)
    assert signed_in(reporter).post(page, changed).status_code == 403
    keep = f"/admin/articles/article/{draft.pk}/autosave/"
    assert signed_in(reporter).post(keep, {**changed, "autosave_key": "0" * 32}).status_code == 403
    signed_in(editor).post(page, changed)
    draft.refresh_from_db()
    assert draft.headline == "Something else"


def test_a_scheduled_article_is_given_another_time(draft: Article, editor: User) -> None:
    later = {"publish_on_0": "2099-01-01", "publish_on_1": "10:00"}
    _press(editor, draft, "_schedule", **later)
    shown = signed_in(editor).get(f"/admin/articles/article/{draft.pk}/change/")
    assertContains(shown, 'value="01/01/2099"')
    assert "1 January 2099 at 11:30" in _press(editor, draft, "_schedule", **{**later, "publish_on_1": "11:30"})


def test_a_save_that_waited_for_a_step_does_not_undo_it(draft: Article, editor: User) -> None:
    """The form was read before the article was published, and is saved after."""
    from articles.admin.article import ArticleAdmin

    own = signed_in(editor)
    page = f"/admin/articles/article/{draft.pk}/change/"
    typed = saved_form(draft, _continue=1)
    before = ArticleAdmin.save_model

    def late(self: ArticleAdmin, request: object, obj: Article, form: object, change: bool) -> None:
        workflow.publish(Article.objects.get(pk=draft.pk), by=editor)
        before(self, request, obj, form, change)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ArticleAdmin, "save_model", late)
        own.post(page, typed)
    draft.refresh_from_db()
    assert draft.status == Status.PUBLISHED


def test_a_preview_keeps_the_order_of_the_authors_and_shows_former_corrections(
    edition: Edition, author: Author, editor: User, client: Client
) -> None:
    article = edition.article
    first = Author.objects.create(name="Zahid", slug="zahid")
    article.authors.set([first])
    article.authors.add(author)
    workflow.publish(article, by=editor, kind="correction", note="It was two roads.")
    shown = client.get(previews.path_of(previews.give_link(article, by=editor, for_whom=""))).content.decode()
    assert shown.index("Zahid") < shown.index(author.name)
    assert "It was two roads." in shown
