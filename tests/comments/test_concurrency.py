"""Two requests about the same comment at the same time: one waits for the other, and there is no deadlock."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from comments import erasure, reporting
from comments.models import Comment, Commenter, ModerationEvent, Restriction
from comments.moderation import transitions
from comments.posting import confirm as confirmation
from comments.posting.identity import KnownWriter, commenter_of
from newsroom.models import User
from tests.comments.conftest import Write, confirmed_guest, known_client, token
from tests.concurrency import closing, until_waiting

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@contextmanager
def _while_held(row: Comment | Commenter, *works: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
    """Lock the row, start all of `works`, and enter when they wait for it."""
    with ThreadPoolExecutor(len(works)) as pool, transaction.atomic():
        type(row).objects.select_for_update(no_key=True).get(pk=row.pk)
        begun = [pool.submit(closing, work) for work in works]
        until_waiting(*begun)
        yield begun


def test_a_complaint_and_a_decision_do_not_wait_for_each_other(write: Write) -> None:
    """The third report hides an answer: it locks the parent first, as a decision does."""
    root = write("What was asked.", status="approved", name="Zoya")
    answer = write("The answer.", status="approved", parent=root)
    complain = [
        partial(
            reporting.report,
            answer,
            reason="abuse",
            note="",
            writer=KnownWriter(confirmed_guest(f"{number}@example.org"), "Somebody"),
            network="",
        )
        for number in range(3)
    ]
    complain[0]()
    complain[1]()
    with _while_held(root, complain[2]) as (third,):
        Comment.objects.select_for_update(no_key=True, nowait=True).get(pk=answer.pk)  # free for who holds the root
    assert third.result() is None
    answer.refresh_from_db()
    assert (answer.status, answer.reports, answer.complaints.count()) == ("pending", 3, 3)


def test_a_complaint_about_what_is_rejected_meanwhile_is_no_more_than_that(write: Write, moderator: User) -> None:
    comment = write(status="approved")
    complain = partial(reporting.report, comment, reason="abuse", note="", writer=None, network="n" * 64)
    with _while_held(comment, complain) as (complaint,):
        rejected = Comment.objects.get(pk=comment.pk)
        transitions.change_status(rejected, "rejected", by=moderator, expected="approved", revision=1, reason="abuse")
    assert complaint.result() is None
    comment.refresh_from_db()
    assert (comment.reports, comment.complaints.count()) == (0, 0)


def test_a_decision_is_taken_back_once(write: Write, moderator: User) -> None:
    """Approving a reported comment again changes no status: only the events say whether it was undone."""
    comment = write(status="approved")
    reporting.report(comment, reason="abuse", note="", writer=None, network="n" * 64)
    kept = transitions.change_status(comment, "approved", by=moderator, expected="approved", revision=1)
    undo = [partial(transitions.undo, ModerationEvent.objects.get(pk=kept.pk), by=moderator) for _ in range(2)]
    with _while_held(comment, *undo) as both:
        pass
    assert [type(work.exception()) for work in both].count(transitions.Conflict) == 1
    assert comment.events.filter(reason=transitions.UNDONE).count() == 1
    comment.refresh_from_db()
    assert comment.reports == 1


def test_a_deletion_pressed_twice_is_one(write: Write) -> None:
    comment = write(status="approved")
    delete = [
        partial(device.post, f"/comments/{comment.public_id}/delete/", token(device), follow=True)
        for device in (known_client(), known_client())
    ]
    with _while_held(comment, *delete) as both:
        pass
    for work in both:
        assert "Your comment is deleted." in work.result().content.decode()


def test_a_confirmation_pressed_twice_is_one_and_the_device_is_known(write: Write) -> None:
    """Of two quick clicks the browser shows the response to the second, and stores its cookie."""
    comment = write(status="unconfirmed")
    Comment.objects.update(confirmed_at=None)
    link = f"/comments/confirm/{confirmation.CONFIRMATION_LINK.token(comment.commenter)}/"
    devices = [Client(), Client()]
    confirm = [partial(device.post, link, {"comment": str(comment.public_id)}) for device in devices]
    with _while_held(comment, *confirm) as both:
        pass
    assert [work.result()["Location"] for work in both] == ["/comments/mine/"] * 2
    assert [device.get("/overlay/").json()["guest"] for device in devices] == ["Haseena"] * 2
    assert comment.events.filter(reason="confirmed").count() == 1


def test_a_confirmation_holds_what_is_answered_first(write: Write) -> None:
    """A decision about the same answer takes the locks in the same order."""
    root = write("What was asked.", status="approved", name="Zoya")
    answer = write("The answer.", status="unconfirmed", parent=root)
    Comment.objects.filter(pk=answer.pk).update(confirmed_at=None)
    with _while_held(root, partial(confirmation.confirm_comments, answer.commenter, [answer.pk])) as (confirmed,):
        Comment.objects.select_for_update(no_key=True, nowait=True).get(pk=answer.pk)  # free for who holds the root
    assert [comment.pk for comment in confirmed.result()] == [answer.pk]


def test_who_takes_over_what_they_wrote_as_a_guest_holds_the_guest_first(write: Write, reader: User) -> None:
    """Posting with that address locks the guest first too, and then the parent."""
    commenter_of(reader)
    comment = write(status="approved")
    User.objects.filter(pk=reader.pk).update(email="haseena@example.org")
    reader.refresh_from_db()
    with _while_held(comment.commenter, partial(commenter_of, reader)) as (own,):
        Comment.objects.select_for_update(no_key=True, nowait=True).get(pk=comment.pk)  # free for the writer
    comment.refresh_from_db()
    assert comment.commenter == own.result()


def test_a_restriction_waits_for_what_the_writer_sends(write: Write, moderator: User) -> None:
    """Posting locks the writer first, then the parent, which may be the writer's own."""
    comment = write(status="approved")
    desk = Client()
    desk.force_login(moderator)
    data = {"comment": comment.pk, "whom": "person", "kind": "hold", "days": 1}
    with _while_held(comment.commenter, partial(desk.post, "/admin/comments/queue/restrict/", data)) as (restricted,):
        Comment.objects.select_for_update(no_key=True, nowait=True).get(pk=comment.pk)  # free for the writer
    assert restricted.result().status_code == 302
    assert Restriction.objects.get().commenter == comment.commenter


def test_a_guest_who_presses_twice_leaves_once(write: Write) -> None:
    comment = write(status="approved")
    link = f"/comments/leave/{erasure.ERASURE_LINK.token(comment.commenter, True)}/"
    leave = [partial(Client(raise_request_exception=False).post, link) for _ in range(2)]
    with _while_held(comment.commenter, *leave) as both:
        pass
    assert [work.result().status_code for work in both] == [200, 200]
    assert not Commenter.objects.filter(pk=comment.commenter_id).exists()
    comment.refresh_from_db()
    assert (comment.status, comment.body) == ("deleted", "")
