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
from comments.models import Comment, ModerationEvent, Report
from comments.moderation import transitions
from comments.text import spans
from newsroom.models import User

PAGE = 30
LEASE = timedelta(minutes=3)  # from the last sign of work: time enough for the longest comment
COUNTED = 100  # of what waits in a list; beyond that it is many
Status = Comment.Status
# As the buttons stand: the last one is followed by its reason.
WORDS = {Status.APPROVED: "Approve", Status.SPAM: "Spam", Status.REJECTED: "Reject"}


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
        return self.last if self.last and transitions.may_undo(self.last, self.by) else None

    @property
    def is_decided(self) -> bool:
        """Whether a moderator's decision stands, and nobody has complained since."""
        decided = self.last is not None and self.last.by_id is not None and self.last.reason != transitions.UNDONE
        return (
            decided
            and self.comment.status in (Status.APPROVED, Status.REJECTED, Status.SPAM)
            and not self.comment.reports
        )

    @property
    def hits(self) -> list[dict[str, Any]]:
        """Of the last time that the rules looked at it."""
        return next((event.hits for event in reversed(self.events) if event.by_id is None and event.hits), [])

    @property
    def decisions(self) -> list[tuple[str, str]]:
        """What can be decided now, (status, word), the likeliest first."""
        if transitions.leads_to(self.comment, Status.APPROVED, expected=self.comment.status) == Status.UNCONFIRMED:
            return [(Status.APPROVED, "Let it wait for its writer’s address")]
        allowed = transitions.DECISIONS[self.comment.status]
        possible: list[tuple[str, str]] = [(to, word) for to, word in WORDS.items() if to in allowed]
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


def next_ones(rows: QuerySet[Comment], *, by: User) -> list[int]:
    """The oldest that no colleague has in hand. Looking at them takes nothing."""
    return list(_free(rows, by=by).values_list("pk", flat=True)[:PAGE])


@transaction.atomic
def take(rows: QuerySet[Comment], *, by: User) -> list[int]:
    """Put the next ones into the hands of a moderator who is at work: colleagues are shown those that follow.

    Each sign of work (a card opened, a decision) takes anew, so that nothing stays with somebody who has gone.
    """
    now = timezone.now()
    held = Q(leased_by=by, leased_until__gt=now + LEASE / 2)
    taken = list(
        _free(rows, by=by).select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:PAGE]
    )
    Comment.objects.filter(pk__in=taken).exclude(held).update(leased_by=by, leased_until=now + LEASE)
    return taken


def _free(rows: QuerySet[Comment], *, by: User) -> QuerySet[Comment]:
    return rows.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now()) | Q(leased_by=by))


def how_many(rows: QuerySet[Comment]) -> str:
    """How many wait in a list; "100+" without counting on."""
    number = rows.order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if number > COUNTED else str(number)


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
