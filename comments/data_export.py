"""What is held about a person's part in the conversation (newsroom/privacy/data_export.py)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import F, Prefetch

from articles.models import with_published_headline
from comments.erasure import writer_of
from comments.models import Comment, Commenter, ModerationEvent, Report, Restriction
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
    rows: list[dict[str, object]] = [{"decision": str(each), "reason": each.told, "at": each.at} for each in decisions]
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
        "Fingerprints of your address, and for 30 days of the network that you wrote from",
        "They are kept in place of the address and the network. They say nothing without this site's key.",
    )
    yield Withheld(
        "Who decided about your comments, their notes, and what our rules looked at",
        "Moderators are protected from those who threaten them, and rules that are known to all stop nobody.",
    )
    yield Withheld(
        "Comments that wait for a click on the link in a mail",
        "Nobody has confirmed that they are yours. They are gone after seven days.",
    )


def _comment(one: Any) -> dict[str, object]:
    """`one`: a comment with the headline that readers know its report by."""
    told = next((event.told for event in one.events.all()), "") if one.shown_status == Comment.Status.REJECTED else ""
    return {
        "on": one.headline,
        "address": _address(one) if one.is_approved else "",
        "name": one.name,
        "badge": one.get_badge_display(),
        "text": one.body,
        "written_at": one.created_at,
        "changed_at": one.edited_at,
        "state": STATES[Comment.Status(one.shown_status)],
        "a_moderator_says_it": told,
    }


def _follow(one: Any) -> dict[str, object]:
    """`one`: a wish for mail, with the same headline."""
    return {"comment": _address(one.comment), "on": one.headline, "since": one.created_at}


def _address(comment: Comment) -> str:
    return f"{settings.SITE_URL}{comment.get_absolute_url()}"
