from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from articles.models import Edition
from comments import reporting
from comments.models import Comment, Follow, ModerationEvent, Thread
from comments.moderation import transitions
from comments.posting import edit
from newsroom.http.purge import PURGE
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


def test_only_a_published_comment_has_a_publication_time_and_it_keeps_its_first(write: Write, moderator: User) -> None:
    held, published = write("Held."), write("Published.", status="approved")
    assert (held.published_at, published.published_at is not None) == (None, True)
    _decide(held, "rejected", moderator)
    held.refresh_from_db()
    assert held.published_at is None
    _decide(held, "approved", moderator)
    held.refresh_from_db()
    first = held.published_at
    assert first is not None
    assert timezone.now() - first < timedelta(minutes=1)
    for to in ("spam", "approved"):
        _decide(held, to, moderator)
    held.refresh_from_db()
    assert held.published_at == first


def test_a_new_comment_is_written_down_with_what_the_rules_found(edition: Edition) -> None:
    hit = {"rule": "links", "verdict": "HOLD", "reason": "2 links", "words": []}
    comment = Comment(
        article=edition.article, edition_number=1, commenter=confirmed_guest("x@example.org"), name="H", body="Words."
    )
    transitions.add_comment(comment, "pending", hits=[hit])
    event = ModerationEvent.objects.get()
    assert (event.comment, event.from_status, event.to_status, event.by) == (comment, "", "pending", None)
    assert (event.reason, event.note, event.hits, event.revision) == ("", "", [hit], 1)
    assert not Thread.objects.filter(approved__gt=0).exists()
    comment.refresh_from_db()
    assert "Words." in comment.html
    assert comment.fingerprint


def test_a_decision_ends_the_lease_and_says_who_why_and_when(write: Write, moderator: User) -> None:
    comment = write()
    began = timezone.now()
    Comment.objects.update(
        leased_by=moderator, leased_until=began + timedelta(minutes=5), status_at=began - timedelta(days=1)
    )
    event = _decide(comment, "rejected", moderator, reason="abuse", note="Again.")
    assert (event.reason, event.note, event.hits, event.revision) == ("abuse", "Again.", [], 1)
    comment.refresh_from_db()
    assert (comment.leased_by, comment.leased_until) == (None, None)
    assert comment.status_at >= began


def test_a_kept_comment_keeps_the_time_of_its_status(write: Write, moderator: User) -> None:
    comment = write(status="approved")
    long_ago = timezone.now() - timedelta(days=1)
    Comment.objects.update(status_at=long_ago, reports=1)
    _decide(comment, "approved", moderator)
    comment.refresh_from_db()
    assert (comment.status_at, comment.reports) == (long_ago, 0)


def test_a_deleted_comment_leaves_no_word_and_no_follower(write: Write, edition: Edition) -> None:
    comment = write(status="approved")
    Follow.objects.create(comment=comment, commenter=confirmed_guest("else@example.org"))
    Comment.objects.update(network="n" * 64, badge="supporter")
    ModerationEvent.objects.update(hits=[{"rule": "terms", "words": ["walked"]}])
    _decide(comment, "deleted")
    comment.refresh_from_db()
    left = (comment.body, comment.html, comment.name, comment.fingerprint, comment.network, comment.badge)
    assert left == ("",) * 6
    assert not Follow.objects.exists()
    assert all(event.hits == [] for event in comment.events.all())


def test_an_unconfirmed_comment_is_not_brought_back_but_waits_for_its_writer(write: Write, moderator: User) -> None:
    comment = write(status="spam")
    _decide(comment, "rejected", moderator)
    Comment.objects.update(confirmed_at=None)
    _decide(comment, "approved", moderator)
    comment.refresh_from_db()
    assert comment.status == "unconfirmed"


def test_an_undone_decision_is_not_possible_from_the_sixtieth_second_on_nor_a_pick(
    write: Write, moderator: User
) -> None:
    comment = write()
    event = _decide(comment, "approved", moderator)
    assert transitions.may_undo(event, moderator)
    event.at = timezone.now() - timedelta(seconds=58)
    assert transitions.may_undo(event, moderator)
    event.at = timezone.now() - timedelta(seconds=60)
    assert not transitions.may_undo(event, moderator)
    transitions.pick(comment, picked=True, by=moderator)
    picked = comment.events.latest("pk")
    assert (picked.from_status, picked.to_status, picked.by) == ("approved", "approved", moderator)
    assert not transitions.may_undo(picked, moderator)
    transitions.pick(comment, picked=True, by=moderator)
    assert comment.events.latest("pk") == picked
    transitions.pick(comment, picked=False, by=moderator)
    comment.refresh_from_db()
    assert comment.picked_at is None
    with pytest.raises(transitions.Conflict):
        transitions.pick(write("Held."), picked=True, by=moderator)


def test_followers_are_told_of_an_answer_a_minute_after_it_was_published(write: Write, moderator: User) -> None:
    root = write(status="approved")
    first = write("Nobody follows yet.", parent=root)
    _decide(first, "approved", moderator)
    assert not ProcrastinateJob.objects.filter(task_name=transitions.ANNOUNCE_TASK).exists()
    Follow.objects.create(comment=root, commenter=confirmed_guest("else@example.org"))
    answer = write("To you.", parent=root)
    assert not ProcrastinateJob.objects.filter(task_name=transitions.ANNOUNCE_TASK).exists()
    _decide(answer, "approved", moderator)
    job = ProcrastinateJob.objects.get(task_name=transitions.ANNOUNCE_TASK)
    assert job.args == {"comment": answer.pk}
    assert job.scheduled_at is not None
    assert timedelta(seconds=50) < job.scheduled_at - timezone.now() <= timedelta(seconds=60)
    _decide(answer, "rejected", moderator)
    assert ProcrastinateJob.objects.filter(task_name=transitions.ANNOUNCE_TASK).count() == 1


def test_only_what_readers_see_otherwise_is_purged(write: Write, moderator: User, cached: None) -> None:
    def purges() -> int:
        return ProcrastinateJob.objects.filter(task_name=PURGE).count()

    comment = write()
    _decide(comment, "spam", moderator)
    before = purges()
    _decide(comment, "rejected", moderator)
    assert purges() == before
    _decide(comment, "approved", moderator)
    assert purges() == before + 1
    assert ProcrastinateJob.objects.filter(task_name=PURGE).latest("id").args["keys"] == [
        f"article-{comment.article_id}"
    ]
    _decide(comment, "pending", moderator)
    assert purges() == before + 2


def test_from_a_status_that_does_not_exist_there_is_no_step(write: Write) -> None:
    with pytest.raises(ValueError, match="does not go"):
        transitions.change_status(write(), "approved", by=None, expected="made-up", revision=1)


def test_each_new_text_has_the_next_revision(write: Write, moderator: User) -> None:
    comment = write()
    for revision in (1, 2):
        edit.edit(comment, f"Text {revision}.", revision=revision)
        comment.refresh_from_db()
        assert comment.revision == revision + 1
    event = _decide(comment, "approved", moderator)
    assert event.revision == 3


def test_an_answered_report_leaves_those_about_other_comments(write: Write, moderator: User) -> None:
    first, other = (write(f"Number {number}.", status="approved") for number in range(2))
    for comment in (first, other):
        reporting.report(comment, reason="abuse", note="", writer=None, network="x" * 64)
    event = _decide(first, "approved", moderator)
    other.refresh_from_db()
    assert other.reports == 1
    assert other.complaints.get().answered_by is None
    assert first.complaints.get().answered_by == event
