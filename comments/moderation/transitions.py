"""Adds comments, and changes their status and text. No other module does.

Each step checks in its UPDATE that the comment still has the status and the revision that the decision was about. It
stores the event, updates the counts, purges pages and enqueues the mail, all in one transaction.

All code takes locks in one order, so there are no deadlocks: the writer, if it is locked at all, the comments by id,
then the article's thread. A parent is always older than its answers.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from comments.models import Comment, Follow, ModerationEvent, Report, Thread
from comments.models.comment import REFUSED
from comments.text import comment_html, fingerprint
from newsroom.http import surrogate_keys
from newsroom.http.purge import purge_on_commit
from newsroom.models import User

Status = Comment.Status
# The statuses that each can change to. An undo, which restores the status before, is not in it.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    Status.UNCONFIRMED: (Status.PENDING, Status.APPROVED, Status.REJECTED, Status.SPAM, Status.DELETED),
    Status.PENDING: (Status.APPROVED, Status.REJECTED, Status.SPAM, Status.DELETED),
    Status.APPROVED: (Status.APPROVED, Status.PENDING, Status.REJECTED, Status.SPAM, Status.DELETED),
    Status.REJECTED: (Status.UNCONFIRMED, Status.PENDING, Status.APPROVED, Status.SPAM, Status.DELETED),
    Status.SPAM: (Status.UNCONFIRMED, Status.PENDING, Status.APPROVED, Status.REJECTED, Status.DELETED),
    Status.DELETED: (),
}
# Those of them that a moderator may decide on.
DECISIONS: dict[str, tuple[str, ...]] = {
    Status.UNCONFIRMED: (Status.SPAM,),
    Status.PENDING: (Status.APPROVED, Status.REJECTED, Status.SPAM),
    Status.APPROVED: (Status.REJECTED, Status.SPAM),
    Status.REJECTED: (Status.APPROVED, Status.SPAM),
    Status.SPAM: (Status.APPROVED, Status.REJECTED),
    Status.DELETED: (),
}
UNDO_PERIOD = timedelta(minutes=1)
UNDONE = "undone"
PICKED, UNPICKED, RESTRICTED = "picked", "no longer picked", "restricted"
NO_DECISIONS = (UNDONE, PICKED, UNPICKED, RESTRICTED)  # reasons of events that cannot be undone
ANNOUNCE_TASK = "comments.tasks.announce"  # by name: the task stands above this module


class Conflict(Exception):
    """The decision was about another status or text: somebody else has decided, or the writer has changed it."""


@transaction.atomic(savepoint=False)
def add_comment(comment: Comment, to: str, *, hits: Sequence[dict[str, Any]] = ()) -> None:
    """Store a new comment in its first status, with what the rules found."""
    comment.status = to
    comment.html = comment_html(comment.body)
    comment.fingerprint = fingerprint(comment.body)
    if to == Status.APPROVED:
        comment.published_at = timezone.now()
    comment.save(force_insert=True)
    _store_event(comment, "", to, by=None, reason="", note="", hits=hits)
    _update_counts(comment, "", to)
    _purge_thread(comment, "", to)


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
    """Change the status from `expected` to what `to` means for this comment (`resolve_target`).

    `body` replaces the text in the same step; the status may then stay the same.

    Raises Conflict, and ValueError for a step that does not exist.
    """
    if reason != UNDONE:
        to = resolve_target(comment, to, expected=expected)
    stays = body is not None and to == expected
    if to not in TRANSITIONS.get(expected, ()) and not stays and reason != UNDONE:
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
        before = before.filter(reports__gt=0)  # approved again, in answer to reports: once
    if not before.update(**changes):
        raise Conflict(comment.pk)
    if to == Status.APPROVED:
        Comment.objects.filter(pk=comment.pk, published_at=None).update(published_at=now)
    if to == Status.DELETED:
        Follow.objects.filter(comment=comment).delete()
        comment.events.update(hits=[])  # they quote the text
    comment.status, comment.revision = to, changes.get("revision", revision)
    event = _store_event(comment, expected, to, by=by, reason=reason, note=note, hits=hits)
    if by is not None and reason != UNDONE:
        _answer_reports(comment, event)
    _update_counts(comment, expected, to)
    _purge_thread(comment, expected, to)
    return event


def resolve_target(comment: Comment, to: str, *, expected: str) -> str:
    """Return the status that a decision leads to: an unconfirmed comment cannot be approved, but waits again."""
    restored = to == Status.APPROVED and expected in REFUSED
    return Status.UNCONFIRMED if restored and comment.confirmed_at is None else to


@transaction.atomic
def undo(event: ModerationEvent, *, by: User) -> None:
    """Take back one's own decision within UNDO_PERIOD. Raises Conflict."""
    comment = event.comment
    lock(comment)  # of two presses at once the second finds the event of the first
    last = comment.events.order_by("-pk").first()
    if last != event or event.by != by or not may_undo(event, by):
        raise Conflict(comment.pk)
    if event.from_status == event.to_status:  # reports were answered, and the comment stayed
        _store_event(comment, event.to_status, event.to_status, by=by, reason=UNDONE, note="", hits=())
    else:
        change_status(
            comment, event.from_status, by=by, expected=event.to_status, revision=event.revision, reason=UNDONE
        )
    reopened = Report.objects.filter(answered_by=event).update(answered_by=None)
    Comment.objects.filter(pk=comment.pk).update(reports=F("reports") + reopened)


def may_undo(event: ModerationEvent, by: User) -> bool:
    """Return True if this was their own decision, and not long ago."""
    return (
        event.by_id == by.pk
        and bool(event.from_status)
        and event.reason not in NO_DECISIONS
        and timezone.now() < event.at + UNDO_PERIOD
    )


@transaction.atomic
def pick(comment: Comment, *, picked: bool, by: User | None) -> None:
    """Put an approved comment on top of its thread, or take it from there. Raises Conflict."""
    lock(comment)
    before = Comment.objects.approved().filter(pk=comment.pk)
    if before.filter(picked_at__isnull=picked).update(picked_at=timezone.now() if picked else None):
        record_action(comment, PICKED if picked else UNPICKED, by=by)
        purge_on_commit(surrogate_keys.article(comment.article_id))
    elif not before.exists():
        raise Conflict(comment.pk)


@transaction.atomic
def anonymize(comments: QuerySet[Comment], *, name: str) -> None:
    """Replace the writer's name by `name`, and remove the badge. The text stays."""
    lock_all(comments)
    articles = list(comments.values_list("article", flat=True).distinct())
    comments.update(name=name, badge="", network="")
    purge_on_commit(*(surrogate_keys.article(article) for article in articles))


def record_action(comment: Comment, reason: str, *, by: User | None, note: str = "") -> None:
    """Store what a moderator did about a comment without changing its status."""
    comment.refresh_from_db(fields=["status", "revision"])
    _store_event(comment, comment.status, comment.status, by=by, reason=reason, note=note, hits=())


def lock(comment: Comment) -> None:
    """Lock the comment, its parent and its root until the transaction ends."""
    _lock_in_order({comment.pk, *_above(comment)})


def lock_all(comments: QuerySet[Comment]) -> None:
    """Do the same for many, before the first of them is changed."""
    rows = comments.values_list("pk", "parent_id", "root_id")
    _lock_in_order({pk for row in rows for pk in row if pk is not None})


def _above(comment: Comment) -> set[int]:
    """Return the ids of its parent and its root."""
    return {pk for pk in (comment.parent_id, comment.root_id) if pk is not None}


def _lock_in_order(pks: set[int]) -> None:
    rows = Comment.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))


def _store_event(
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


def _update_counts(comment: Comment, before: str, to: str) -> None:
    """Update the counts of answers, and enqueue the mail about a newly approved one."""
    change = (to == Status.APPROVED) - (before == Status.APPROVED)
    if not change:
        return
    if above := _above(comment):
        _lock_in_order(above)
        Comment.objects.filter(pk__in=above).update(answers=F("answers") + change)
    Thread.objects.get_or_create(pk=comment.article_id)
    Thread.objects.filter(pk=comment.article_id).update(approved=F("approved") + change)
    if change > 0 and comment.parent_id is not None and Follow.objects.filter(comment=comment.parent_id).exists():
        app.configure_task(ANNOUNCE_TASK, schedule_in={"seconds": UNDO_PERIOD.seconds}).defer(comment=comment.pk)


def _purge_thread(comment: Comment, before: str, to: str) -> None:
    """Purge the article's pages if readers now see another text, a comment more or less, or a tombstone."""
    if Status.APPROVED in (before, to) or comment.answers:
        purge_on_commit(surrogate_keys.article(comment.article_id))
