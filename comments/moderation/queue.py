"""The moderators' queue: its lists, the leases of moderators at work, and the cards of comments."""

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

from articles.models import Edition, with_published_headline
from comments.models import Comment, ModerationEvent, Report
from comments.models.comment import DECIDED, REFUSED
from comments.moderation import transitions
from comments.text import phrase_spans
from newsroom.models import User

PAGE_SIZE = 30  # comments
LEASE = timedelta(minutes=3)  # from the last sign of work: time enough for the longest comment
MAX_COUNT = 100  # counting stops here
LEASED_LISTS = ("held", "reported")
Status = Comment.Status
# In the order of the buttons: the last one is followed by its reason.
BUTTON_LABELS = {Status.APPROVED: "Approve", Status.SPAM: "Spam", Status.REJECTED: "Reject"}


@dataclass
class Record:
    """A writer's confirmed comments so far."""

    all: int = 0
    approved: int = 0
    rejected: int = 0
    since: Any = None


@dataclass
class Card:
    """One comment as the queue shows it to the moderator `by`. `problem`: why a decision was not made."""

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
        """True if a moderator's decision stands, and nobody has reported the comment since."""
        decided = self.last is not None and self.last.by_id is not None and self.last.reason != transitions.UNDONE
        return decided and self.comment.status in DECIDED and not self.comment.reports

    @property
    def hits(self) -> list[dict[str, Any]]:
        """The hits of the last time that it was judged."""
        return next((event.hits for event in reversed(self.events) if event.by_id is None and event.hits), [])

    @property
    def decisions(self) -> list[tuple[str, str]]:
        """The possible decisions, (status, label), the likeliest first."""
        if (
            transitions.resolve_target(self.comment, Status.APPROVED, expected=self.comment.status)
            == Status.UNCONFIRMED
        ):
            return [(Status.APPROVED, "Let it wait for its writer’s address")]
        allowed = transitions.DECISIONS[self.comment.status]
        possible: list[tuple[str, str]] = [(to, label) for to, label in BUTTON_LABELS.items() if to in allowed]
        if self.comment.is_approved and self.comment.reports:
            return [(Status.APPROVED, "Keep"), *possible]
        return possible

    @property
    def text(self) -> SafeString:
        """The comment's text as HTML, with the words that the rules found marked."""
        words = {word for hit in self.hits for word in hit["words"]}
        body = self.comment.body
        if not words:
            return mark_safe(linebreaks(body, autoescape=True))  # noqa: S308  (escaped by linebreaks)
        marked, end = "", 0
        for start, until in phrase_spans(body, words):
            marked += f"{escape(body[end:start])}<mark>{escape(body[start:until])}</mark>"
            end = until
        marked += escape(body[end:])
        return mark_safe(linebreaks(marked))  # noqa: S308  (escaped above)


def lists() -> dict[str, tuple[str, QuerySet[Comment]]]:
    """Return the lists of the queue, (title, rows) by name. Moderators lease from the first two (LEASED_LISTS)."""
    comments = Comment.objects.all()
    return {
        "held": ("Held", comments.awaiting_moderation()),
        "reported": ("Reported", comments.reported()),
        "spam": ("Spam", comments.filter(status=Status.SPAM)),
        "unconfirmed": ("Unconfirmed", comments.filter(status=Status.UNCONFIRMED)),
        "recent": ("Recently decided", comments.none()),
    }


def next_unleased(rows: QuerySet[Comment], *, by: User) -> list[int]:
    """Return the ids of the first rows that no colleague has leased, without leasing them."""
    return list(_unleased(rows, by=by).values_list("pk", flat=True)[:PAGE_SIZE])


@transaction.atomic
def lease(rows: QuerySet[Comment], *, by: User) -> list[int]:
    """Lease the next page to a moderator who is at work, and return its ids. Colleagues get the comments after it.

    Each sign of work (a card opened, a decision) extends the lease, so that it ends soon after somebody has gone.
    """
    now = timezone.now()
    fresh = Q(leased_by=by, leased_until__gt=now + LEASE / 2)
    leased = list(
        _unleased(rows, by=by).select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:PAGE_SIZE]
    )
    Comment.objects.filter(pk__in=leased).exclude(fresh).update(leased_by=by, leased_until=now + LEASE)
    return leased


def _unleased(rows: QuerySet[Comment], *, by: User) -> QuerySet[Comment]:
    return rows.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now()) | Q(leased_by=by))


def count_label(rows: QuerySet[Comment]) -> str:
    """Return the number of rows, or "100+"."""
    number = rows.order_by()[: MAX_COUNT + 1].count()
    return f"{MAX_COUNT}+" if number > MAX_COUNT else str(number)


def leased_by_others(rows: QuerySet[Comment], *, by: User) -> list[tuple[str, int]]:
    """Return how many of `rows` are leased to each colleague: (name, count)."""
    leased = rows.order_by().filter(leased_until__gt=timezone.now()).exclude(leased_by=by)
    return list(leased.values_list("leased_by__name").annotate(count=Count("pk")).order_by("leased_by__name"))


def other_leaseholder(comment: Comment, *, by: User) -> User | None:
    """Return the colleague to whom the comment is leased now, if any."""
    if comment.leased_until is None or comment.leased_until < timezone.now() or comment.leased_by == by:
        return None
    return comment.leased_by


def recently_decided() -> list[int]:
    """Return the ids of the comments that moderators decided last, the newest first, each once."""
    decided = ModerationEvent.objects.filter(by__isnull=False).order_by("-at", "-pk").values_list("comment", flat=True)
    return list(dict.fromkeys(decided[: 2 * PAGE_SIZE]))[:PAGE_SIZE]


def cards(ids: Sequence[int], *, by: User) -> list[Card]:
    """Return the cards of these comments, in this order, by the same few queries for one and for thirty."""
    live = Edition.objects.live().filter(article=Outer("article"))
    rows = Comment.objects.select_related("parent", "commenter__user", "leased_by")
    headline = with_published_headline("article")["headline"]
    found = rows.annotate(live_slug=Subquery(live.values("slug")[:1]), headline=headline).in_bulk(ids)
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
    rows = confirmed.values("commenter").annotate(
        all=Count("pk"),
        approved=Count("pk", filter=Q(status=Status.APPROVED)),
        rejected=Count("pk", filter=Q(status__in=REFUSED)),
        since=Min("created_at"),
    )
    return {row["commenter"]: Record(row["all"], row["approved"], row["rejected"], row["since"]) for row in rows}
