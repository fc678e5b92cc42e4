"""The one door through which a comment comes in, changes its status, or its text.

Each step checks in its UPDATE that the comment still stands where the decision was made (status and revision of the
text), writes the event, keeps the counts and enqueues the mail, all in one transaction.

Locks are taken in one order everywhere: the writer, where one is locked at all, the comments concerned by id, then the
article's thread. A parent is always older than its answers, so nobody ever waits for somebody who waits for them.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from comments.models import Comment, Follow, ModerationEvent, Report, Thread
from comments.text import comment_html, fingerprint
from newsroom.http import surrogate_keys
from newsroom.http.purge import purge_on_commit
from newsroom.models import User

Status = Comment.Status
# Where each status can lead to; an undoing leads back to where it was. What a moderator may decide is in DECISIONS.
STEPS: dict[str, tuple[str, ...]] = {
    Status.UNCONFIRMED: (Status.PENDING, Status.APPROVED, Status.REJECTED, Status.SPAM, Status.DELETED),
    Status.PENDING: (Status.APPROVED, Status.REJECTED, Status.SPAM, Status.DELETED),
    Status.APPROVED: (Status.APPROVED, Status.PENDING, Status.REJECTED, Status.SPAM, Status.DELETED),
    Status.REJECTED: (Status.UNCONFIRMED, Status.PENDING, Status.APPROVED, Status.SPAM, Status.DELETED),
    Status.SPAM: (Status.UNCONFIRMED, Status.PENDING, Status.APPROVED, Status.REJECTED, Status.DELETED),
    Status.DELETED: (),
}
DECISIONS: dict[str, tuple[str, ...]] = {
    Status.UNCONFIRMED: (Status.SPAM,),
    Status.PENDING: (Status.APPROVED, Status.REJECTED, Status.SPAM),
    Status.APPROVED: (Status.REJECTED, Status.SPAM),
    Status.REJECTED: (Status.APPROVED, Status.SPAM),
    Status.SPAM: (Status.APPROVED, Status.REJECTED),
    Status.DELETED: (),
}
UNDO_FOR = timedelta(seconds=60)
UNDONE = "undone"
PICKED, UNPICKED, RESTRICTED = "picked", "no longer picked", "restricted"
NO_DECISIONS = (UNDONE, PICKED, UNPICKED, RESTRICTED)
ANNOUNCE = "comments.tasks.announce"  # by name: the task stands above this module


class Conflict(Exception):
    """The comment no longer stands where the decision was made: somebody else decided, or its writer changed it."""


@transaction.atomic(savepoint=False)
def add_comment(comment: Comment, to: str, *, hits: Sequence[dict[str, Any]] = ()) -> None:
    """Keep a new comment in its first status, with what the rules found."""
    comment.status = to
    comment.html = comment_html(comment.body)
    comment.fingerprint = fingerprint(comment.body)
    if to == Status.APPROVED:
        comment.published_at = timezone.now()
    comment.save(force_insert=True)
    _write_down(comment, "", to, by=None, reason="", note="", hits=hits)
    _count(comment, "", to)
    _drop(comment, "", to)


@transaction.atomic
def change_status(
    comment: Comment,
    to: str,
    *,
    by: User | None,
    expected: str,
    revision: int,
    reason: str = "",
    note: str = "",
    hits: Sequence[dict[str, Any]] = (),
    body: str | None = None,
) -> ModerationEvent:
    """Move the comment from `expected` to where that leads (`leads_to`).

    With `body`, its text is replaced in the same step, and may stay there.

    Raises Conflict, and ValueError for a step that does not exist.
    """
    if reason != UNDONE:
        to = leads_to(comment, to, expected=expected)
    stays = body is not None and to == expected
    if to not in STEPS.get(expected, ()) and not stays and reason != UNDONE:
        raise ValueError(f"A comment does not go from {expected} to {to}.")
    lock(comment)
    now = timezone.now()
    changes: dict[str, Any] = {"status": to, "leased_by": None, "leased_until": None}
    if to != expected:
        changes["status_at"] = now
    if body is not None:
        changes |= {"body": body, "html": comment_html(body), "fingerprint": fingerprint(body), "edited_at": now}
        changes["revision"] = revision + 1
    if to == Status.DELETED:
        changes |= {"body": "", "html": "", "name": "", "fingerprint": "", "network": "", "badge": ""}
    before = Comment.objects.filter(pk=comment.pk, status=expected, revision=revision)
    if to == expected == Status.APPROVED and body is None:
        before = before.filter(reports__gt=0)  # kept, in answer to a report: once
    if not before.update(**changes):
        raise Conflict(comment.pk)
    if to == Status.APPROVED:
        Comment.objects.filter(pk=comment.pk, published_at=None).update(published_at=now)
    if to == Status.DELETED:
        Follow.objects.filter(comment=comment).delete()
        comment.events.update(hits=[])  # they repeat words of the text
    comment.status, comment.revision = to, changes.get("revision", revision)
    event = _write_down(comment, expected, to, by=by, reason=reason, note=note, hits=hits)
    if by is not None and reason != UNDONE:
        _answer_reports(comment, event)
    _count(comment, expected, to)
    _drop(comment, expected, to)
    return event


def leads_to(comment: Comment, to: str, *, expected: str) -> str:
    """Where a decision leads: what its writer never confirmed is not brought back, but waits for that."""
    brought_back = to == Status.APPROVED and expected in (Status.SPAM, Status.REJECTED)
    return Status.UNCONFIRMED if brought_back and comment.confirmed_at is None else to


@transaction.atomic
def undo(event: ModerationEvent, *, by: User) -> None:
    """Take back one's own decision within 60 s, as if it had not been made. Raises Conflict."""
    comment = event.comment
    lock(comment)  # pressed twice at once, the second finds what the first has written
    last = comment.events.order_by("-pk").first()
    if last != event or event.by != by or not may_undo(event, by):
        raise Conflict(comment.pk)
    if event.from_status == event.to_status:  # a report was answered, and the comment kept
        _write_down(comment, event.to_status, event.to_status, by=by, reason=UNDONE, note="", hits=())
    else:
        change_status(
            comment, event.from_status, by=by, expected=event.to_status, revision=event.revision, reason=UNDONE
        )
    reopened = Report.objects.filter(answered_by=event).update(answered_by=None)
    Comment.objects.filter(pk=comment.pk).update(reports=F("reports") + reopened)


def may_undo(event: ModerationEvent, by: User) -> bool:
    """Whether this was a decision of theirs, less than 60 s ago."""
    return (
        event.by_id == by.pk
        and bool(event.from_status)
        and event.reason not in NO_DECISIONS
        and timezone.now() < event.at + UNDO_FOR
    )


@transaction.atomic
def pick(comment: Comment, *, picked: bool, by: User | None) -> None:
    """Put an approved comment on top of its thread, or no longer. Raises Conflict."""
    lock(comment)
    before = Comment.objects.approved().filter(pk=comment.pk)
    if before.filter(picked_at__isnull=picked).update(picked_at=timezone.now() if picked else None):
        note_down(comment, PICKED if picked else UNPICKED, by=by)
        purge_on_commit(surrogate_keys.article(comment.article_id))
    elif not before.exists():
        raise Conflict(comment.pk)


@transaction.atomic
def take_name_off(comments: QuerySet[Comment], *, name: str) -> None:
    """Of what everybody goes on reading after its writer has left: `name` stands there instead, without a badge."""
    lock_all(comments)
    articles = list(comments.values_list("article", flat=True).distinct())
    comments.update(name=name, badge="", network="")
    purge_on_commit(*(surrogate_keys.article(article) for article in articles))


def note_down(comment: Comment, reason: str, *, by: User | None, note: str = "") -> None:
    """What a moderator did about a comment that leaves its status as it is."""
    comment.refresh_from_db(fields=["status", "revision"])
    _write_down(comment, comment.status, comment.status, by=by, reason=reason, note=note, hits=())


def lock(comment: Comment) -> None:
    """Hold the comment and what stands above it, in the one order, until the transaction ends."""
    _lock_in_order({comment.pk, *_above(comment)})


def lock_all(comments: QuerySet[Comment]) -> None:
    """The same for many, before the first of them is changed."""
    rows = comments.values_list("pk", "parent_id", "root_id")
    _lock_in_order({pk for row in rows for pk in row if pk is not None})


def _above(comment: Comment) -> set[int]:
    """Its parent and its root."""
    return {pk for pk in (comment.parent_id, comment.root_id) if pk is not None}


def _lock_in_order(concerned: set[int]) -> None:
    rows = Comment.objects.filter(pk__in=concerned).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))


def _write_down(
    comment: Comment,
    before: str,
    to: str,
    *,
    by: User | None,
    reason: str,
    note: str,
    hits: Sequence[dict[str, Any]],
) -> ModerationEvent:
    return ModerationEvent.objects.create(
        comment=comment,
        revision=comment.revision,
        from_status=before,
        to_status=to,
        by=by,
        reason=reason,
        note=note,
        hits=list(hits),
    )


def _answer_reports(comment: Comment, event: ModerationEvent) -> None:
    Report.objects.filter(comment=comment, answered_by=None).update(answered_by=event)
    Comment.objects.filter(pk=comment.pk, reports__gt=0).update(reports=0)


def _count(comment: Comment, before: str, to: str) -> None:
    """Keep the counts, and have those who follow told."""
    change = (to == Status.APPROVED) - (before == Status.APPROVED)
    if not change:
        return
    if above := _above(comment):
        _lock_in_order(above)
        Comment.objects.filter(pk__in=above).update(answers=F("answers") + change)
    Thread.objects.get_or_create(pk=comment.article_id)
    Thread.objects.filter(pk=comment.article_id).update(approved=F("approved") + change)
    if change > 0 and comment.parent_id is not None and Follow.objects.filter(comment=comment.parent_id).exists():
        app.configure_task(ANNOUNCE, schedule_in={"seconds": UNDO_FOR.seconds}).defer(comment=comment.pk)


def _drop(comment: Comment, before: str, to: str) -> None:
    """Readers see something else in the article's thread now: a comment more or less, another text, a tombstone."""
    if Status.APPROVED in (before, to) or comment.answers:
        purge_on_commit(surrogate_keys.article(comment.article_id))
