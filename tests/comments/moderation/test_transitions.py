from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Edition
from comments import reporting
from comments.models import Comment, ModerationEvent, Thread
from comments.moderation import transitions
from comments.posting import edit
from newsroom.models import User
from tests.comments.conftest import Write, confirmed_guest, known


def _decide(comment: Comment, to: str, by: User | None = None, **more: object) -> ModerationEvent:
    comment.refresh_from_db()
    return transitions.change_status(
        comment,
        to,
        by=by,
        expected=comment.status,
        revision=comment.revision,
        **more,  # type: ignore[arg-type]
    )


def test_a_decision_is_made_once_and_written_down(write: Write, moderator: User) -> None:
    comment = write()
    transitions.change_status(comment, "approved", by=moderator, expected="pending", revision=1)

    event = ModerationEvent.objects.latest("pk")
    assert (event.comment, event.from_status, event.to_status, event.by) == (comment, "pending", "approved", moderator)
    with pytest.raises(transitions.Conflict):
        transitions.change_status(comment, "spam", by=moderator, expected="pending", revision=1)
    comment.refresh_from_db()
    assert comment.status == "approved"
    assert comment.events.count() == 2


def test_a_decision_about_a_text_that_was_changed_is_not_made(write: Write, moderator: User) -> None:
    comment = write()
    edit.edit(comment, "Something quite different.", revision=1)
    with pytest.raises(transitions.Conflict):
        transitions.change_status(comment, "approved", by=moderator, expected="pending", revision=1)
    assert not Comment.objects.approved().exists()


@pytest.mark.parametrize(
    ("expected", "to"),
    [
        ("pending", "pending"),
        ("pending", "unconfirmed"),
        ("deleted", "approved"),
        ("deleted", "pending"),
        ("pending", "x"),
    ],
)
def test_only_steps_that_exist_are_made(write: Write, expected: str, to: str) -> None:
    with pytest.raises(ValueError, match="does not go"):
        transitions.change_status(write(), to, by=None, expected=expected, revision=1)


def test_counts_follow_each_step(write: Write, edition: Edition) -> None:
    root = write(status="approved")
    answer = write("To you.", parent=root)
    deeper = write("To the answer.", status="approved", parent=answer)

    def counts() -> tuple[int, int, int]:
        root.refresh_from_db()
        answer.refresh_from_db()
        return Thread.objects.get(pk=edition.article_id).approved, root.answers, answer.answers

    assert counts() == (2, 1, 1)
    _decide(answer, "approved")
    assert counts() == (3, 2, 1)
    _decide(deeper, "rejected")
    assert counts() == (2, 1, 0)
    edit.delete(root)
    assert counts() == (1, 1, 0)


def test_a_decision_can_be_undone_for_a_minute_by_whoever_made_it(write: Write, moderator: User, editor: User) -> None:
    comment = write()
    event = _decide(comment, "spam", moderator)
    with pytest.raises(transitions.Conflict):
        transitions.undo(event, by=editor)
    transitions.undo(event, by=moderator)
    comment.refresh_from_db()
    assert comment.status == "pending"
    with pytest.raises(transitions.Conflict):
        transitions.undo(event, by=moderator)

    late = _decide(comment, "approved", moderator)
    ModerationEvent.objects.filter(pk=late.pk).update(at=timezone.now() - timedelta(seconds=61))
    late.refresh_from_db()
    with pytest.raises(transitions.Conflict):
        transitions.undo(late, by=moderator)
    _decide(comment, "rejected", moderator)
    _decide(comment, "approved", moderator)
    assert Comment.objects.approved().count() == 1


def test_nothing_is_undone_after_its_writer_changed_the_text(write: Write, moderator: User) -> None:
    comment = write()
    event = _decide(comment, "approved", moderator)
    edit.edit(comment, "Another text.", revision=1)
    with pytest.raises(transitions.Conflict):
        transitions.undo(event, by=moderator)


def test_three_confirmed_readers_take_a_comment_off_the_page_and_a_moderator_answers_them(
    write: Write, moderator: User
) -> None:
    comment = write(status="approved")

    def report(email: str) -> None:
        writer = known(confirmed_guest(email))
        reporting.report(comment, reason="abuse", note="", writer=writer, network="")
        comment.refresh_from_db()

    for network in "abcdefgh":
        reporting.report(comment, reason="abuse", note="", writer=None, network=network * 64)
    report("a@example.org")
    report("a@example.org")
    report("b@example.org")
    assert (comment.status, comment.reports) == ("approved", 10)
    report("c@example.org")
    assert comment.status == "pending"
    event = _decide(comment, "approved", moderator)
    comment.refresh_from_db()
    assert comment.reports == 0
    transitions.undo(event, by=moderator)
    comment.refresh_from_db()
    assert (comment.status, comment.reports) == ("pending", 11)
    _decide(comment, "approved", moderator)
    report("d@example.org")
    assert (comment.status, comment.reports) == ("approved", 1)


def test_a_report_is_answered_by_keeping_the_comment_once(write: Write, moderator: User) -> None:
    comment = write(status="approved")
    reporting.report(comment, reason="abuse", note="", writer=None, network="x" * 64)
    event = _decide(comment, "approved", moderator)
    with pytest.raises(transitions.Conflict):
        _decide(comment, "approved", moderator)
    transitions.undo(event, by=moderator)
    comment.refresh_from_db()
    assert (comment.status, comment.reports) == ("approved", 1)


@pytest.mark.parametrize("who", ["reader", "reporter", "publisher"])
@pytest.mark.parametrize("way", ["", "decide/", "decide-all/", "undo/", "pick/", "restrict/"])
def test_nobody_else_comes_near_the_queue(write: Write, who: str, way: str, request: pytest.FixtureRequest) -> None:
    comment = write()
    client = Client()
    client.force_login(request.getfixturevalue(who))
    address = f"/admin/comments/queue/{way}"
    data = {"comment": comment.pk, "to": "approved", "expected": "pending", "revision": 1}
    response = client.post(address, data) if way else client.get(address)
    assert response.status_code == (302 if who == "reader" else 403)
    comment.refresh_from_db()
    assert comment.status == "pending"
