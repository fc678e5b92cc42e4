"""The comments' sections of a person's data export (newsroom/privacy/data_export.py)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import F, Prefetch

from articles.models import with_published_headline
from comments.durations import in_words
from comments.erasure import writer_of
from comments.models import NETWORK_RETENTION, Comment, Commenter, ModerationEvent, Report, Restriction
from comments.posting.confirm import UNCONFIRMED_RETENTION
from newsroom.models import User
from newsroom.privacy.data_export import ExportSection, Withheld

STATES = {
    Comment.Status.PENDING: "waiting for a moderator",
    Comment.Status.APPROVED: "published",
    Comment.Status.REJECTED: "not published",
    Comment.Status.DELETED: "deleted",
}


def comments(person: User) -> Iterator[ExportSection | Withheld]:
    writer = writer_of(person)
    if writer is not None:
        yield from of_writer(writer)
    decisions = ModerationEvent.objects.filter(by=person).order_by("at")
    rows: list[dict[str, object]] = [
        {"decision": str(each), "reason": each.reason_for_writer, "at": each.at} for each in decisions
    ]
    if rows:
        yield ExportSection("decisions", "Your decisions as a moderator", rows)


def of_writer(writer: Commenter) -> Iterator[ExportSection | Withheld]:
    decided = ModerationEvent.objects.exclude(from_status=F("to_status")).order_by("-at", "-pk")
    written = writer.comments.exclude(status=Comment.Status.UNCONFIRMED).order_by("created_at", "pk")
    written = written.annotate(**with_published_headline("article")).prefetch_related(Prefetch("events", decided))
    words = "Your text as you typed it, and what was decided, as you are told it on the page of your comments."
    yield ExportSection("comments", "Comments", [_comment(each) for each in written], words)
    follows = writer.follows.select_related("comment").order_by("created_at")
    rows: list[dict[str, object]] = [
        _follow(each) for each in follows.annotate(**with_published_headline("comment__article"))
    ]
    yield ExportSection("follows", "Comments of whose answers you are told by mail", rows)
    reports = Report.objects.filter(commenter=writer).select_related("comment")
    rows = [
        {
            "comment": _address(each.comment),
            "what_is_wrong_with_it": each.get_reason_display(),
            "note": each.note,
            "sent_at": each.created_at,
            "answered": each.answered_by_id is not None,
        }
        for each in reports
    ]
    yield ExportSection("reports", "Comments that you reported", rows)
    rows = [
        {
            "what": f"you {each.get_kind_display()}" if each.kind == Restriction.Kind.BAN else "what you write waits",
            "since": each.created_at,
            "until": each.until,
            "reason": each.reason,
        }
        for each in Restriction.objects.on(writer)
    ]
    yield ExportSection("restrictions", "What you may not do", rows, "Decided by a moderator.")
    yield Withheld(
        f"Fingerprints of your address, and for {in_words(NETWORK_RETENTION)} of the network that you wrote from",
        "They are kept in place of the address and the network. They say nothing without this site's key.",
    )
    yield Withheld(
        "Who decided about your comments, their notes, and what our rules looked at",
        "Moderators are protected from those who threaten them, and rules that are known to all stop nobody.",
    )
    yield Withheld(
        "Comments that wait for a click on the link in a mail",
        f"Nobody has confirmed that they are yours. They are gone after {in_words(UNCONFIRMED_RETENTION)}.",
    )


def _comment(comment: Any) -> dict[str, object]:
    """Return the row of a comment that is annotated with its article's published headline."""
    rejected = comment.shown_status == Comment.Status.REJECTED
    last = next(iter(comment.events.all()), None) if rejected else None
    return {
        "on": comment.headline,
        "address": _address(comment) if comment.is_approved else "",
        "name": comment.name,
        "badge": comment.get_badge_display(),
        "text": comment.body,
        "written_at": comment.created_at,
        "changed_at": comment.edited_at,
        "state": STATES[Comment.Status(comment.shown_status)],
        "a_moderator_says_it": last.reason_for_writer if last else "",
    }


def _follow(follow: Any) -> dict[str, object]:
    """Return the row of a follow that is annotated likewise."""
    return {"comment": _address(follow.comment), "on": follow.headline, "since": follow.created_at}


def _address(comment: Comment) -> str:
    return f"{settings.SITE_URL}{comment.get_absolute_url()}"
