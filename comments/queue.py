"""The moderators' queue: what waits, in whose hands it is, and all that is known about each comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet, Subquery
from django.db.models import OuterRef as Outer
from django.utils import timezone
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

from articles.models import Edition
from comments import moderation
from comments.models import Comment, ModerationEvent, Report
from comments.text import spans
from newsroom.models import User

PAGE = 30
LEASE = timedelta(minutes=10)
Status = Comment.Status
WORDS = {Status.APPROVED: "Approve", Status.REJECTED: "Reject", Status.SPAM: "Spam"}


@dataclass
class Record:
    """What a writer has written so far, as far as it is known to be theirs."""

    all: int = 0
    approved: int = 0
    rejected: int = 0
    since: Any = None


@dataclass
class Card:
    """One comment as the queue shows it. `problem`: why a decision was not made."""

    comment: Comment
    events: list[ModerationEvent]
    complaints: list[Report]
    record: Record
    by: User
    problem: str = ""

    @property
    def last(self) -> ModerationEvent | None:
        return self.events[-1] if self.events else None

    @property
    def undoable(self) -> ModerationEvent | None:
        return self.last if self.last and moderation.may_undo(self.last, self.by) else None

    @property
    def hits(self) -> list[dict[str, Any]]:
        """Of the last time that the rules looked at it."""
        return next((event.hits for event in reversed(self.events) if event.by_id is None and event.hits), [])

    @property
    def decisions(self) -> list[tuple[str, str]]:
        """What can be decided now, (status, word), the likeliest first."""
        if self.comment.confirmed_at is None and self.comment.status in (Status.SPAM, Status.REJECTED):
            return [(Status.APPROVED, "Let it wait for its writer’s address")]
        possible = [(to, WORDS[Status(to)]) for to in moderation.DECISIONS[self.comment.status]]
        if self.comment.is_approved and self.comment.reports:
            return [(Status.APPROVED, "Keep"), *possible]
        return possible

    @property
    def text(self) -> SafeString:
        """The comment, with what the rules found in it marked."""
        words = {word for hit in self.hits for word in hit["words"]}
        body = self.comment.body
        if not words:
            return mark_safe(linebreaks(body, autoescape=True))  # noqa: S308  (escaped by linebreaks)
        marked, end = "", 0
        for start, until in spans(body, words):
            marked += f"{escape(body[end:start])}<mark>{escape(body[start:until])}</mark>"
            end = until
        marked += escape(body[end:])
        return mark_safe(linebreaks(marked))  # noqa: S308  (escaped above)


def views() -> dict[str, tuple[str, QuerySet[Comment]]]:
    """The lists of the queue, (title, rows) by name. The first two are worked off, the others looked at."""
    comments = Comment.objects.all()
    return {
        "held": ("Held", comments.awaiting_moderation()),
        "reported": ("Reported", comments.reported()),
        "spam": ("Spam", comments.filter(status=Status.SPAM)),
        "unconfirmed": ("Unconfirmed", comments.filter(status=Status.UNCONFIRMED)),
        "recent": ("Recently decided", comments.none()),
    }


@transaction.atomic
def take(rows: QuerySet[Comment], *, by: User, over: bool = False) -> list[int]:
    """Put the next ones into this moderator's hands for ten minutes: nobody else is shown them meanwhile.

    `over`: those in the hands of a colleague too, who perhaps only had a look.
    """
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now) | Q(leased_by=by)
    if not over:
        rows = rows.filter(free)
    taken = list(rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:PAGE])
    Comment.objects.filter(pk__in=taken).update(leased_by=by, leased_until=now + LEASE)
    return taken


def in_other_hands(rows: QuerySet[Comment], *, by: User) -> list[tuple[str, int]]:
    """How many of `rows` are with whom: (name, count)."""
    away = rows.order_by().filter(leased_until__gt=timezone.now()).exclude(leased_by=by)
    return list(away.values_list("leased_by__name").annotate(count=Count("pk")).order_by("leased_by__name"))


def holder(comment: Comment, *, by: User) -> User | None:
    """Another moderator in whose hands it is now."""
    if comment.leased_until is None or comment.leased_until < timezone.now() or comment.leased_by == by:
        return None
    return comment.leased_by


def recently_decided() -> list[int]:
    """What moderators decided last, the newest first, each once."""
    decided = ModerationEvent.objects.filter(by__isnull=False).order_by("-at", "-pk").values_list("comment", flat=True)
    return list(dict.fromkeys(decided[: 2 * PAGE]))[:PAGE]


def cards(ids: Sequence[int], *, by: User) -> list[Card]:
    """The cards of these comments, in this order. The same few queries for one and for thirty."""
    live = Edition.objects.live().filter(article=Outer("article"))
    rows = Comment.objects.select_related("article", "parent", "commenter__user", "leased_by")
    found = rows.annotate(live_slug=Subquery(live.values("slug")[:1])).in_bulk(ids)
    events: dict[int, list[ModerationEvent]] = {}
    for event in ModerationEvent.objects.filter(comment__in=ids).select_related("by", "comment").order_by("pk"):
        events.setdefault(event.comment_id, []).append(event)
    complaints: dict[int, list[Report]] = {}
    for complaint in Report.objects.filter(comment__in=ids, answered_by=None):
        complaints.setdefault(complaint.comment_id, []).append(complaint)
    records = _records({comment.commenter_id for comment in found.values()})
    return [
        Card(
            comment=found[pk],
            events=events.get(pk, []),
            complaints=complaints.get(pk, []),
            record=records.get(found[pk].commenter_id, Record()),
            by=by,
        )
        for pk in ids
        if pk in found
    ]


def _records(commenters: set[int]) -> dict[int, Record]:
    confirmed = Comment.objects.filter(commenter__in=commenters, confirmed_at__isnull=False).order_by()
    told = confirmed.values("commenter").annotate(
        all=Count("pk"),
        approved=Count("pk", filter=Q(status=Status.APPROVED)),
        rejected=Count("pk", filter=Q(status__in=[Status.REJECTED, Status.SPAM])),
        since=Min("created_at"),
    )
    return {row["commenter"]: Record(row["all"], row["approved"], row["rejected"], row["since"]) for row in told}
