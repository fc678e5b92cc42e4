"""Random sequences of everything that several people can do, compared with a model as simple as a list on paper."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from articles.models import Article, Author, Edition, Section
from articles.publishing import workflow
from comments import reporting
from comments.models import Comment, ModerationEvent, Thread
from comments.moderation import rules, transitions
from comments.posting import confirm as confirmation
from comments.posting import edit as editing
from comments.posting import post
from comments.posting.identity import KnownWriter, commenter_by_email
from comments.posting.post import Reply
from comments.thread import first_page
from newsroom.models import User
from tests.comments.conftest import confirmed_guest
from tests.factories import make_article

WRITERS = ["a", "b", "c"]
MODERATORS = ["one@example.org", "two@example.org"]


@dataclass
class Paper:
    """A comment in the model. `steps`: the number of events that there must be."""

    writer: str
    status: str
    parent: int | None
    seen: bool = False
    steps: int = 1
    undoable: tuple[str, str, int] | None = None  # moderator, status before, event


class Conversation(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        article: Article = make_article(
            Section.objects.get_or_create(name="K", slug="k")[0], Author.objects.get_or_create(name="A", slug="a")[0]
        )
        self.edition: Edition = workflow.publish(article, by=None)
        # Each run has people of its own, so that no limit and no record of an earlier one counts.
        self.people = {name: f"{name}-{article.pk}@example.org" for name in WRITERS}
        self.staff = {
            email: User.objects.get_or_create(email=email, defaults={"is_staff": True})[0] for email in MODERATORS
        }
        self.paper: dict[int, Paper] = {}

    # What people do

    @rule(writer=st.sampled_from(WRITERS), known=st.booleans(), answering=st.integers(0, 20))
    def submit(self, writer: str, known: bool, answering: int) -> None:
        parent = self._nth(answering) if answering % 2 and self.paper else None
        Comment.objects.filter(article=self.edition.article_id).update(created_at="2026-01-01T00:00Z")
        address = self.people[writer]
        identity = KnownWriter(confirmed_guest(address), writer) if known else None
        reply = Reply(
            body=f"Comment {len(self.paper)} of {self.edition.article_id}",
            name=writer,
            email=address,
            parent=Comment.objects.get(pk=parent) if parent else None,
        )
        if parent and self.paper[parent].status != "approved":
            with pytest.raises(rules.Refused):
                post.post(reply, edition=self.edition, writer=identity)
            return
        comment = post.post(reply, edition=self.edition, writer=identity)
        status = "pending" if known else "unconfirmed"
        self.paper[comment.pk] = Paper(writer, status, parent)
        again = post.post(reply, edition=self.edition, writer=identity)
        assert again.pk == comment.pk

    @rule(writer=st.sampled_from(WRITERS), some=st.integers(0, 20))
    def confirm(self, writer: str, some: int) -> None:
        waiting = [pk for pk, row in self.paper.items() if row.writer == writer and row.status == "unconfirmed"]
        chosen = waiting[: some % 3]
        confirmation.confirm_comments(commenter_by_email(self.people[writer]), [*chosen, 0])
        for pk in chosen:
            self._step(pk, "pending")

    @precondition(lambda self: self.paper)
    @rule(
        which=st.integers(0, 20),
        to=st.sampled_from(["approved", "rejected", "spam"]),
        by=st.sampled_from(MODERATORS),
        late=st.booleans(),
    )
    def moderate(self, which: int, to: str, by: str, late: bool) -> None:
        """Decide about a comment; with `late`, from a page that shows it as it was before."""
        pk = self._nth(which)
        row = self.paper[pk]
        comment = Comment.objects.get(pk=pk)
        shown = ("spam" if row.status == "pending" else "pending") if late else row.status
        possible = to in transitions.DECISIONS[row.status] or (to == row.status == "approved" and comment.reports > 0)
        try:
            event = transitions.change_status(
                comment, to, by=self.staff[by], expected=shown, revision=comment.revision, reason="other"
            )
        except (transitions.Conflict, ValueError):
            assert late or not possible
            return
        assert not late
        # More leads from one status to another than a moderator is offered: the model follows the door.
        before = row.status
        if to == "approved" and before in ("spam", "rejected") and comment.confirmed_at is None:
            to = "unconfirmed"  # its writer is still to say that it is theirs
        self._step(pk, to)
        row.undoable = (by, before, event.pk)

    @precondition(lambda self: self.paper)
    @rule(which=st.integers(0, 20), by=st.sampled_from(MODERATORS))
    def undo(self, which: int, by: str) -> None:
        pk = self._nth(which)
        row = self.paper[pk]
        event = ModerationEvent.objects.filter(comment=pk).latest("pk")
        try:
            transitions.undo(event, by=self.staff[by])
        except transitions.Conflict:
            assert row.undoable is None or row.undoable[0] != by or row.undoable[2] != event.pk
            return
        assert row.undoable is not None
        assert row.undoable[0] == by
        self._step(pk, row.undoable[1])

    @precondition(lambda self: self.paper)
    @rule(which=st.integers(0, 20))
    def edit(self, which: int) -> None:
        pk = self._nth(which)
        row = self.paper[pk]
        Comment.objects.filter(pk=pk).update(created_at="2126-01-01T00:00Z")
        comment = Comment.objects.get(pk=pk)
        try:
            editing.edit(comment, comment.body + " and more", revision=comment.revision)
        except editing.TooLate:
            answered = any(other.status == "approved" for other in self._below(pk))
            assert row.status not in ("pending", "approved", "spam") or answered
        else:
            self._step(pk, "pending" if row.status == "approved" else row.status)

    @precondition(lambda self: self.paper)
    @rule(which=st.integers(0, 20))
    def delete(self, which: int) -> None:
        pk = self._nth(which)
        if self.paper[pk].status == "deleted":
            with pytest.raises(ValueError, match="does not go"):
                editing.delete(Comment.objects.get(pk=pk))
            return
        editing.delete(Comment.objects.get(pk=pk))
        self._step(pk, "deleted")

    @precondition(lambda self: self.paper)
    @rule(which=st.integers(0, 20), who=st.sampled_from(WRITERS))
    def report(self, which: int, who: str) -> None:
        pk = self._nth(which)
        row = self.paper[pk]
        if row.status != "approved":
            return
        writer = KnownWriter(confirmed_guest(self.people[who]), who)
        before = set(Comment.objects.get(pk=pk).complaints.values_list("commenter", flat=True))
        reporting.report(Comment.objects.get(pk=pk), reason="abuse", note="", writer=writer, network="")
        if writer.commenter.pk not in before and self._open_reports(pk) >= reporting.REPORTS_TO_HIDE:
            self._step(pk, "pending")

    # What must hold

    @invariant()
    def everything_agrees(self) -> None:
        rows = Comment.objects.filter(article=self.edition.article_id).in_bulk()
        assert rows.keys() == self.paper.keys(), "a comment was lost or doubled"
        approved = [pk for pk, row in self.paper.items() if row.status == "approved"]
        thread = Thread.objects.filter(pk=self.edition.article_id).first()
        assert (thread.approved if thread else 0) == len(approved)
        for pk, row in self.paper.items():
            assert rows[pk].status == row.status
            assert rows[pk].answers == sum(other.status == "approved" for other in self._below(pk))
            assert rows[pk].reports == self._open_reports(pk)
            assert ModerationEvent.objects.filter(comment=pk).count() == row.steps
            last = ModerationEvent.objects.filter(comment=pk).latest("pk")
            assert (last.to_status, last.revision) == (row.status, rows[pk].revision)
        page = first_page(self.edition)
        shown = {comment.pk: comment for comment in page.comments}
        roots = [pk for pk, row in self.paper.items() if row.parent is None]
        visible = {
            pk
            for pk in roots
            if self.paper[pk].status == "approved"
            or (self.paper[pk].seen and any(other.status == "approved" for other in self._below(pk)))
        }
        assert shown.keys() == visible
        for comment in shown.values():
            assert comment.is_approved == (self.paper[comment.pk].status == "approved")

    def _nth(self, number: int) -> int:
        return list(self.paper)[number % len(self.paper)]

    def _step(self, pk: int, to: str) -> None:
        row = self.paper[pk]
        row.status, row.undoable = to, None
        row.seen = row.seen or to == "approved"
        row.steps += 1

    def _root(self, pk: int) -> int:
        parent = self.paper[pk].parent
        return pk if parent is None else self._root(parent)

    def _below(self, pk: int) -> list[Paper]:
        """Return the number of approved answers: of a root those of its whole thread, else the direct ones."""
        if self.paper[pk].parent is None:
            return [row for other, row in self.paper.items() if other != pk and self._root(other) == pk]
        return [row for row in self.paper.values() if row.parent == pk]

    def _open_reports(self, pk: int) -> int:
        return Comment.objects.get(pk=pk).complaints.filter(answered_by=None).count()


@pytest.mark.django_db
def test_counts_visibility_and_events_always_agree() -> None:
    run_state_machine_as_test(
        Conversation,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a failing run is short enough to be read as it is
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
