"""What a writer, a reporter of comments and a follower do on their private pages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from articles.models import Edition
from articles.publishing import workflow
from comments import data_export, notifications, retention
from comments.models import Comment, Commenter, Follow, Policy, Report, Restriction
from comments.moderation import transitions
from comments.posting import confirm, post
from comments.posting.identity import commenter_of
from comments.posting.post import Reply
from comments.tasks import announce
from newsroom.models import User
from newsroom.privacy.data_export import ExportSection
from tests.comments.conftest import Write, confirmed_guest, known_client, token, trusted


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


def test_the_change_of_what_is_spam_tells_nobody_that_it_is(write: Write) -> None:
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


def test_the_overlay_asks_two_questions_of_its_own(
    reader: User, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """After the two that say who is signed in; a guest is known by one, and nobody by none."""
    signed_in = Client()
    signed_in.force_login(reader)
    for device, questions in ((signed_in, 4), (known_client(), 2), (Client(), 0)):
        with django_assert_num_queries(questions):
            assert device.get("/overlay/").status_code == 200


def test_a_deletion_sent_again_is_one(write: Write) -> None:
    """The answer to the first may have been lost on its way."""
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


def test_a_writer_whom_the_rules_rejected_is_not_told_that_a_moderator_did(write: Write) -> None:
    write(status="rejected")
    page = known_client().get("/comments/mine/").content.decode()
    assert "Our rules have sorted it out." in page
    assert "A moderator says" not in page


def test_a_reader_reports_with_a_reason(write: Write) -> None:
    comment = write(status="approved")
    client = Client(enforce_csrf_checks=True)
    address = f"/comments/{comment.public_id}/report/"
    assert client.post(address, {"reason": "abuse"}).status_code == 403
    assert client.post(address, token(client)).status_code == 422
    assert client.post(address, {"reason": "abuse", "note": "x" * 401, **token(client)}).status_code == 422
    for _ in range(2):
        response = client.post(address, {"reason": "abuse", "note": "He means me.", **token(client)})
        assert "A moderator will look at it." in response.content.decode()
    report = Report.objects.get()
    assert (report.reason, report.note, len(report.network), report.commenter) == ("abuse", "He means me.", 64, None)
    comment.refresh_from_db()
    assert comment.reports == 1
    hidden = write("Hidden.")
    assert client.get(f"/comments/{hidden.public_id}/report/").status_code == 404


def test_a_network_reports_so_many_an_hour(write: Write) -> None:
    client = Client()
    codes = []
    for number in range(11):
        comment = write(f"Number {number}.", status="approved")
        codes.append(client.post(f"/comments/{comment.public_id}/report/", {"reason": "abuse"}).status_code)
    assert codes == [200] * 10 + [429]


@pytest.fixture
def followed(write: Write) -> Comment:
    comment = write("Tell me.", status="approved")
    Commenter.objects.update(email="haseena@example.org")
    Follow.objects.create(comment=comment, commenter=comment.commenter)
    return comment


def _announced() -> list[int]:
    """What the worker is to announce, and not before a minute has passed."""
    jobs = ProcrastinateJob.objects.filter(task_name="comments.tasks.announce")
    for job in jobs:
        assert job.scheduled_at is not None
        assert job.scheduled_at > timezone.now() + timedelta(seconds=50)
    return [job.args["comment"] for job in jobs]


def test_whoever_follows_is_told_of_an_approved_answer_once(write: Write, followed: Comment, moderator: User) -> None:
    answer = write("An answer.", parent=followed, name="Mir")
    assert _announced() == []
    transitions.change_status(answer, "approved", by=moderator, expected="pending", revision=1)
    assert _announced() == [answer.pk]
    announce(answer.pk)
    announce(answer.pk)

    (message,) = mail.outbox
    assert message.to == ["haseena@example.org"]
    assert f"/comments/{answer.public_id}/" in message.body
    assert "An answer." not in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Unsubscribe"].startswith("<http://testserver/comments/unfollow/")


@pytest.mark.parametrize("case", ["undone", "own", "parent hidden", "withdrawn"])
def test_nobody_is_told(case: str, write: Write, followed: Comment, edition: Edition) -> None:
    answer = write("An answer.", status="approved", parent=followed, name="Haseena" if case == "own" else "Mir")
    if case == "undone":
        transitions.change_status(answer, "pending", by=None, expected="approved", revision=1)
    if case == "parent hidden":
        transitions.change_status(followed, "rejected", by=None, expected="approved", revision=1)
    if case == "withdrawn":
        Edition.objects.update(live=False)
    announce(answer.pk)
    assert mail.outbox == []


def test_one_click_ends_it_without_cookie_or_token(followed: Comment) -> None:
    address = f"/comments/unfollow/{notifications.UNFOLLOW_LINK.token(followed.follow)}/"
    mail_program = Client(enforce_csrf_checks=True)
    assert b"Stop this mail?" in mail_program.get(address).content
    assert Follow.objects.exists()
    response = mail_program.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert not Follow.objects.exists()
    assert Commenter.objects.get(pk=followed.commenter_id).email == ""
    assert b"No more mail" in mail_program.post(address).content
    assert Client().get("/comments/unfollow/x/").status_code == 200


def test_a_guest_who_wants_mail_gives_the_address_again(edition: Edition) -> None:
    device = known_client()
    address = f"{edition.get_absolute_url()}comments/"
    asked = device.post(address, {"body": "Tell me.", "follow": "on", **token(device)})
    assert "Please enter the address to which answers are to be mailed." in asked.content.decode()
    device.post(address, {"body": "Tell me.", "follow": "on", "email": "haseena@example.org", **token(device)})
    follow = Follow.objects.get()
    assert follow.commenter == confirmed_guest("haseena@example.org")
    assert follow.commenter.email == "haseena@example.org"


def test_an_answer_is_written_on_a_page_of_its_own(write: Write, edition: Edition) -> None:
    parent = write("What was asked.", status="approved")
    device = known_client("other@example.org", "Mir")
    page = device.get(f"/comments/{parent.public_id}/reply/").content.decode()
    assert "What was asked." in page
    assert f'name="parent" value="{parent.public_id}"' in page
    data = {"body": "I can tell you.", "parent": parent.public_id, **token(device)}
    device.post(f"{edition.get_absolute_url()}comments/", data)
    answer = Comment.objects.latest("pk")
    assert (answer.parent, answer.root) == (parent, parent)

    transitions.change_status(parent, "rejected", by=None, expected="approved", revision=1)
    late = device.post(f"{edition.get_absolute_url()}comments/", {**data, "body": "And more."})
    assert late.status_code == 403
    assert "And more." in late.content.decode()


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


def test_a_comment_cannot_be_reported_once_its_article_is_withdrawn(
    write: Write, edition: Edition, editor: User
) -> None:
    comment = write(status="approved")
    address = f"/comments/{comment.public_id}/report/"
    assert Client().get(address).status_code == 200
    workflow.withdraw(edition.article, by=editor, expected="published", reason="Wrong.")
    assert Client().get(address).status_code == 404


def test_the_thread_of_a_former_address(write: Write, edition: Edition, editor: User) -> None:
    """A link leads on, a reply goes to the report's address of now, and after a withdrawal nothing typed is lost."""
    root = write(status="approved")
    former = f"/articles/{edition.slug}/comments/"
    article = edition.article
    article.slug = "moved-on"
    article.save()
    workflow.publish(article, by=None)
    response = Client().get(f"{former}?order=newest")
    assert (response.status_code, response["Location"]) == (301, "/articles/moved-on/comments/?order=newest")
    response = Client().get(f"{former}{root.public_id}/")
    assert (response.status_code, response["Location"]) == (301, f"/articles/moved-on/comments/{root.public_id}/")
    device = known_client("zoya@example.org", "Zoya")
    sent = {"body": "From an open page.", **token(device)}
    assert device.post(former, sent)["Location"] == "/articles/moved-on/#comment-received"
    workflow.withdraw(article, by=editor, expected="published", reason="Wrong.")
    assert Client().get(former).status_code == 410
    response = device.post(former, {**sent, "body": "Typed for long."})
    assert response.status_code == 410
    assert "Typed for long." in response.content.decode()
    assert "has been withdrawn" in response.content.decode()
    assert Client().post("/articles/never/comments/", sent).status_code == 404
    assert Client().get("/articles/never/comments/").status_code == 404


def test_what_the_rules_quoted_goes_with_the_text(write: Write) -> None:
    comment = write()
    hit = {"rule": "terms", "verdict": "HOLD", "reason": "listed words: road", "words": ["road"]}
    comment.events.update(hits=[hit])
    device = known_client()
    device.post(f"/comments/{comment.public_id}/delete/", token(device))
    assert "road" not in str(list(comment.events.values_list("hits", flat=True)))


def test_a_rejected_comment_is_not_followed_once_that_cannot_be_undone(write: Write, editor: User) -> None:
    comment = write()
    Follow.objects.create(comment=comment, commenter=comment.commenter)
    Commenter.objects.update(email="haseena@example.org")
    transitions.change_status(comment, "rejected", by=editor, expected="pending", revision=1)
    retention.delete_expired()
    assert Follow.objects.exists()
    retention.delete_expired(timezone.now() + timedelta(minutes=2))
    assert not Follow.objects.exists()
    assert Commenter.objects.get().email == ""


def test_an_answer_to_what_is_held_does_not_tell_who_wrote_it(write: Write, edition: Edition) -> None:
    held = write(name="Secretive")
    device = known_client("zoya@example.org", "Zoya")
    sent = {"body": "To you.", "parent": held.public_id, **token(device)}
    page = device.post(f"{edition.get_absolute_url()}comments/", sent).content.decode()
    assert "no longer there" in page
    assert "Secretive" not in page


def test_one_second_is_one_second() -> None:
    assert "again in 1 second." in str(post.TooFast(timezone.now()))


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


def test_a_writer_changes_a_comment_where_it_stands_while_that_is_possible(write: Write) -> None:
    """The page's script is told of what waits, and of what can still be changed; of others' and older ones nothing."""

    def told() -> list[tuple[str, list[str]]]:
        return [(row["html"], list(row["ways"])) for row in known_client().get("/overlay/").json()["own"]]

    seen = write("Seen.", status="approved")
    write("Not mine.", status="approved", name="Mir")
    write("It waits.")
    assert told() == [("<p>It waits.</p>", ["Change", "Delete"]), ("", ["Change", "Delete"])]
    answer = write("An answer.", status="approved", parent=seen, name="Mir")
    assert told()[1] == ("", ["Delete"])
    Comment.objects.exclude(pk=answer.pk).update(created_at=timezone.now() - timedelta(minutes=11))
    assert told() == [("<p>It waits.</p>", ["Delete"])]
