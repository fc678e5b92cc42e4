"""The mail about an answer: once, to whoever follows, and not before it can no longer be undone."""

from datetime import timedelta

import pytest
from django.core import mail, signing
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from articles.models import Edition
from comments import erasure, notifications
from comments.models import Comment
from comments.moderation import transitions
from comments.posting import confirm
from comments.tasks import send_reply_notification
from newsroom.models import User
from tests.comments.conftest import Write, no_mail_server


def _announced() -> list[int]:
    """Return the comments whose mail is enqueued; it must wait for about a minute."""
    jobs = ProcrastinateJob.objects.filter(task_name="comments.tasks.announce")
    for job in jobs:
        assert job.scheduled_at is not None
        assert job.scheduled_at > timezone.now() + timedelta(seconds=50)
    return [job.args["comment"] for job in jobs]


def test_whoever_follows_gets_one_mail_about_an_approved_answer(
    write: Write, followed: Comment, moderator: User
) -> None:
    answer = write("An answer.", parent=followed, name="Mir")
    assert _announced() == []
    transitions.change_status(answer, "approved", by=moderator, expected="pending", revision=1)
    assert _announced() == [answer.pk]
    send_reply_notification(answer.pk)
    send_reply_notification(answer.pk)

    (message,) = mail.outbox
    assert message.to == ["haseena@example.org"]
    assert f"/comments/{answer.public_id}/" in message.body
    assert "An answer." not in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Unsubscribe"].startswith("<http://testserver/comments/unfollow/")


@pytest.mark.parametrize("case", ["undone", "own", "parent hidden", "withdrawn"])
def test_no_mail_goes_about_what_does_not_concern_the_follower(
    case: str, write: Write, followed: Comment, edition: Edition
) -> None:
    answer = write("An answer.", status="approved", parent=followed, name="Haseena" if case == "own" else "Mir")
    if case == "undone":
        transitions.change_status(answer, "pending", by=None, expected="approved", revision=1)
    if case == "parent hidden":
        transitions.change_status(followed, "rejected", by=None, expected="approved", revision=1)
    if case == "withdrawn":
        Edition.objects.update(live=False)
    send_reply_notification(answer.pk)
    assert mail.outbox == []


def test_the_mail_goes_once_after_the_mail_server_was_away(write: Write, followed: Comment, settings: Settings) -> None:
    answer = write("An answer.", status="approved", parent=followed, name="Mir")
    with no_mail_server(settings), pytest.raises(ConnectionRefusedError):
        send_reply_notification(answer.pk)
    send_reply_notification(answer.pk)
    Comment.objects.update(announced_at=None)  # as if the worker had died before it noted that
    send_reply_notification(answer.pk)
    (message,) = mail.outbox
    assert message.subject == "An answer to your comment on “Snow came early”"
    assert message.extra_headers["Message-ID"].startswith("<email.")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_links_in_mails_of_earlier_versions_work(followed: Comment) -> None:
    guest = followed.commenter
    stop = signing.dumps(followed.follow.pk, salt="comments.follow")
    confirmation = signing.dumps(guest.pk, salt="comments.confirm")
    leaving = signing.dumps([guest.pk, True], salt="comments.leaving")
    assert notifications.UNFOLLOW_LINK.open(stop) == followed.follow
    assert confirm.CONFIRMATION_LINK.open(confirmation) == guest
    assert erasure.ERASURE_LINK.open_with(leaving) == (guest, [True])
