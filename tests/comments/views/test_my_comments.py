"""A writer reads, changes and deletes their own comments."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Edition
from comments import data_export
from comments.models import Comment, Follow, Policy, Restriction
from comments.moderation import transitions
from comments.posting import confirm, post
from comments.posting.identity import commenter_of
from comments.posting.post import Reply
from newsroom.models import User
from newsroom.privacy.data_export import ExportSection
from tests.comments.conftest import Write, known_client, token, trusted


def _edit(client: Client, comment: Comment, body: str, revision: int = 1) -> int:
    data = {"body": body, "revision": revision, **token(client)}
    return int(client.post(f"/comments/{comment.public_id}/edit/", data).status_code)


def test_a_writer_changes_a_comment_within_ten_minutes_and_it_waits_again(write: Write, moderator: User) -> None:
    comment = write(status="approved")
    device = known_client()
    assert _edit(device, comment, "I walked that road twice.") == 302
    comment.refresh_from_db()
    assert (comment.status, comment.html, comment.revision) == ("pending", "<p>I walked that road twice.</p>", 2)
    assert comment.edited_at is not None
    assert _edit(device, comment, "From another window.", revision=1) == 409
    assert _edit(device, comment, "", revision=2) == 422


def test_a_trusted_writers_change_is_seen_at_once(write: Write, edition: Edition, client: Client) -> None:
    trusted()
    comment = write(status="approved")
    assert _edit(known_client(), comment, "Better words.") == 302
    assert "Better words." in client.get(edition.get_absolute_url()).content.decode()


@pytest.mark.parametrize("why", ["late", "answered", "rejected"])
def test_after_that_it_stays_as_it_is(write: Write, why: str) -> None:
    comment = write(status="rejected" if why == "rejected" else "approved")
    if why == "late":
        Comment.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    if why == "answered":
        write("An answer.", status="approved", parent=comment)
    device = known_client()
    assert _edit(device, comment, "Changed.") == 409
    comment.refresh_from_db()
    assert comment.body == "I walked that road."


def test_the_writer_of_spam_does_not_learn_that_it_was_found(write: Write) -> None:
    comment = write(status="spam")
    device = known_client()
    page = device.get("/comments/mine/").content.decode()
    assert "Waiting for a moderator." in page
    assert "spam" not in page.lower()
    assert _edit(device, comment, "Other words.") == 302
    comment.refresh_from_db()
    assert (comment.status, comment.body) == ("spam", "Other words.")


def test_a_writer_deletes_for_good_at_any_time(write: Write, edition: Edition, client: Client) -> None:
    comment = write(status="approved")
    Comment.objects.update(created_at=timezone.now() - timedelta(days=400))
    device = known_client()
    assert b"Delete for good" in device.get(f"/comments/{comment.public_id}/delete/").content
    device.post(f"/comments/{comment.public_id}/delete/", token(device))
    comment.refresh_from_db()
    assert (comment.status, comment.body, comment.html, comment.name) == ("deleted", "", "", "")
    assert "I walked" not in client.get(edition.get_absolute_url()).content.decode()
    assert device.get(f"/comments/{comment.public_id}/delete/").status_code == 404


def test_a_deletion_sent_again_is_one(write: Write) -> None:
    """The response to the first may have been lost on its way."""
    comment = write(status="approved")
    device, other = known_client(), known_client("zoya@example.org", "Zoya")
    for _ in range(2):
        page = device.post(f"/comments/{comment.public_id}/delete/", token(device), follow=True)
        assert page.redirect_chain == [("/comments/mine/", 302)]
        assert "Your comment is deleted." in page.content.decode()
    assert other.post(f"/comments/{comment.public_id}/delete/", token(other)).status_code == 404
    assert comment.events.filter(to_status="deleted").count() == 1


@pytest.mark.parametrize("way", ["edit", "delete"])
def test_nobody_else_touches_it(write: Write, reader: User, way: str) -> None:
    comment = write()
    stranger, other, signed_in = Client(), known_client("other@example.org"), Client()
    signed_in.force_login(reader)
    for client in (stranger, other, signed_in):
        address = f"/comments/{comment.public_id}/{way}/"
        assert client.get(address).status_code == 404
        assert client.post(address, token(client)).status_code == 404
        assert client.post(address, {"body": "Mine!", "revision": 1, **token(client)}).status_code == 403
        nowhere = client.post(address.replace(str(comment.public_id), str(uuid4())), {"body": "Mine!", **token(client)})
        assert nowhere.status_code == 403
    comment.refresh_from_db()
    assert comment.body == "I walked that road."


def test_a_removed_writer_sees_why(write: Write, moderator: User) -> None:
    comment = write()
    transitions.change_status(comment, "rejected", by=moderator, expected="pending", revision=1, reason="off_topic")
    Restriction.objects.create(commenter=comment.commenter, kind="hold", reason="Please stay with the report.")
    page = known_client().get("/comments/mine/").content.decode()
    assert "A moderator says: it does not belong to this report." in page
    assert "what you write waits for a moderator." in page
    assert "Please stay with the report." in page


def test_a_writer_whom_the_rules_rejected_does_not_read_that_a_moderator_did(write: Write) -> None:
    write(status="rejected")
    page = known_client().get("/comments/mine/").content.decode()
    assert "Our rules have sorted it out." in page
    assert "A moderator says" not in page


@pytest.mark.parametrize("why", ["banned", "closed"])
def test_nothing_is_changed_where_nothing_may_be_written(write: Write, why: str) -> None:
    comment = write(status="approved")
    if why == "banned":
        Restriction.objects.create(commenter=comment.commenter, kind="ban")
        words = "A moderator has decided that you cannot comment here."
    else:
        Policy.objects.update(mode="closed")
        words = "Comments on this report are closed."
    device = known_client()
    data = {"body": "Changed.", "revision": 1, **token(device)}
    page = device.post(f"/comments/{comment.public_id}/edit/", data).content.decode()
    assert words in page
    assert "Changed." in page
    comment.refresh_from_db()
    assert comment.body == "I walked that road."


def test_what_the_rules_quoted_goes_with_the_text(write: Write) -> None:
    comment = write()
    hit = {"rule": "terms", "verdict": "HOLD", "reason": "listed words: road", "words": ["road"]}
    comment.events.update(hits=[hit])
    device = known_client()
    device.post(f"/comments/{comment.public_id}/delete/", token(device))
    assert "road" not in str(list(comment.events.values_list("hits", flat=True)))


def test_writers_read_no_headline_that_is_not_published(write: Write, reader: User, edition: Edition) -> None:
    comment = write()
    Comment.objects.update(commenter=commenter_of(reader))
    Follow.objects.create(comment=comment, commenter=comment.commenter)
    Follow.objects.update(commenter=commenter_of(reader))
    unconfirmed = post.post(Reply(body="Hello.", name="G", email="g@example.org"), edition=edition, writer=None)
    article = edition.article
    article.headline = "What nobody may know before noon"
    article.save()
    client = Client()
    client.force_login(reader)
    pages = [
        client.get("/comments/mine/").content.decode(),
        client.get("/account/").content.decode(),
        client.get(f"/comments/confirm/{confirm.CONFIRMATION_LINK.token(unconfirmed.commenter)}/").content.decode(),
        str([chapter.rows for chapter in data_export.comments(reader) if isinstance(chapter, ExportSection)]),
    ]
    for page in pages:
        assert edition.headline in page
        assert article.headline not in page


def test_nothing_typed_is_lost_when_the_session_has_ended(write: Write, reader: User, edition: Edition) -> None:
    comment = write()
    Comment.objects.update(commenter=commenter_of(reader))
    device = Client(enforce_csrf_checks=True)
    device.force_login(reader)
    sent = {"body": "Typed for long.", "revision": 1, **token(device)}
    device.cookies.pop("sessionid")
    page = device.post(f"/comments/{comment.public_id}/edit/", sent)
    assert page.status_code == 403
    assert "Typed for long." in page.content.decode()
    device.force_login(reader)  # in another window: the form's token was given out before
    page = device.post(f"/comments/{comment.public_id}/edit/", {**sent, "csrfmiddlewaretoken": "x" * 32})
    assert page.status_code == 403
    assert "Please save once more." in page.content.decode()
    assert "Typed for long." in page.content.decode()
    comment.refresh_from_db()
    assert comment.body == "I walked that road."
    device.logout()
    device.cookies["somebody"] = "1"  # the answer above has taken it back
    page = device.post(f"{edition.get_absolute_url()}comments/", sent)
    assert page.status_code == 422
    assert "You are no longer signed in." in page.content.decode()
    assert "Typed for long." in page.content.decode()
    stranger = Client().post(f"{edition.get_absolute_url()}comments/", sent)
    assert "no longer signed in" not in stranger.content.decode()
