"""Comments, the decisions about them, readers' reports, and who follows the answers."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments.models.commenter import Commenter

MAX_LENGTH = 5000  # characters
EDITABLE_FOR = timedelta(minutes=10)
MAX_INLINE_REPLIES = 3  # under each comment; the others are on a page of their own


class Status(models.TextChoices):
    UNCONFIRMED = "unconfirmed", "Waiting for the writer's address"
    PENDING = "pending", "Waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
    DELETED = "deleted"


REFUSED = (Status.REJECTED, Status.SPAM)
DECIDED = (Status.APPROVED, *REFUSED)
EDITABLE = (Status.PENDING, Status.APPROVED, Status.SPAM)
PENDING_TO_WRITER = (Status.PENDING, Status.SPAM)  # the writer of spam is not told that it was found
NOT_LISTED_TO_WRITER = (Status.UNCONFIRMED, Status.DELETED)

# A thread shows approved comments, and the place of one that was seen once and has answers.
SHOWN = Q(status=Status.APPROVED) | Q(published_at__isnull=False, answers__gt=0)
THREAD_COLUMNS = "public_id", "name", "html", "badge", "edition_number", "status", "answers", "created_at", "edited_at"
PARENT_COLUMNS = ("parent_public_id", "parent_name", "parent_status")


class Reason(models.TextChoices):
    """The reasons to report or to reject a comment. Its writer reads the moderator's."""

    ABUSE = "abuse", "insults or threatens somebody"
    PRIVATE = "private", "tells private things about a person"
    UNFOUNDED = "unfounded", "claims what nothing supports"
    OFF_TOPIC = "off_topic", "does not belong to this report"
    ADVERT = "advert", "advertises something"
    OTHER = "other", "breaks the rules of this conversation"


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> Self:
        """Return those that everybody sees."""
        return self.filter(status=Status.APPROVED)

    def shown(self) -> Self:
        """Return those that have a place in a thread: approved, or a tombstone."""
        return self.filter(SHOWN)

    def roots(self) -> Self:
        """Return those that answer no other."""
        return self.filter(root__isnull=True)

    def awaiting_moderation(self) -> Self:
        """Return those that wait for a decision, the oldest first."""
        return self.filter(status=Status.PENDING).order_by("created_at", "pk")

    def reported(self) -> Self:
        """Return those that everybody sees and somebody reported, the oldest first."""
        return self.approved().filter(reports__gt=0).order_by("created_at", "pk")

    def picks(self) -> Self:
        """Return those that a moderator has put on top, the newest pick first."""
        return self.approved().filter(picked_at__isnull=False).order_by("-picked_at")

    def listed_to_writer(self) -> Self:
        """Return those that their writer finds under "Your comments"."""
        return self.exclude(status__in=NOT_LISTED_TO_WRITER)

    def with_parent(self) -> Self:
        """Add the name and place of the comment that each answers."""
        return self.annotate(
            parent_name=F("parent__name"), parent_public_id=F("parent__public_id"), parent_status=F("parent__status")
        )

    def with_replies(self) -> Self:
        """Add the first replies to each, in the same query."""
        replies = Comment.objects.filter(root=OuterRef("pk")).shown().order_by("created_at", "pk").with_parent()
        return self.only("article_id", *THREAD_COLUMNS).annotate(
            reply_rows=ArraySubquery(replies[: MAX_INLINE_REPLIES + 1].values(row=comment_json(*PARENT_COLUMNS)))
        )


class Comment(models.Model):
    """A reader's comment. Only moderation/transitions.py changes its status and its counts."""

    Status = Status

    class Badge(models.TextChoices):
        """The badge beside the name, as it was when the comment was written."""

        NONE = "", ""
        AUTHOR = "author", "Author of this report"
        STAFF = "staff", "Newsroom"
        SUPPORTER = "supporter", "Supporter"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    edition_number = models.PositiveIntegerField(help_text="The edition that was live when this was written.")
    commenter = models.ForeignKey(Commenter, on_delete=models.PROTECT, related_name="comments")
    root = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="thread")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    name = models.CharField(max_length=60, blank=True, help_text="As given with this comment.")
    badge = models.CharField(max_length=9, choices=Badge, default=Badge.NONE, blank=True)
    body = models.TextField(max_length=MAX_LENGTH, blank=True, help_text="As typed.")
    html = models.TextField(blank=True, help_text="The same as readers see it: comments.text.as_html")
    fingerprint = models.CharField(max_length=32, blank=True, help_text="Of the words, to find the same ones again.")
    network = models.CharField(max_length=64, blank=True, help_text="comments.models.network_hash; gone after 30 days.")
    status = models.CharField(max_length=11, choices=Status, default=Status.PENDING)
    revision = models.PositiveIntegerField(default=1, help_text="Of the text: a decision is about one of them.")
    answers = models.PositiveIntegerField(
        default=0, help_text="Approved ones: of a comment that answers none, all of its thread; else direct answers."
    )
    reports = models.PositiveIntegerField(default=0, help_text="That no moderator has answered yet.")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, help_text="Since when it is known that the writer wrote it.")
    published_at = models.DateTimeField(null=True, help_text="When everybody could first see it.")
    edited_at = models.DateTimeField(null=True)
    status_at = models.DateTimeField(default=timezone.now, help_text="Since when the status is what it is.")
    picked_at = models.DateTimeField(null=True, help_text="When the desk put it on top.")
    announced_at = models.DateTimeField(null=True, help_text="When those who follow were told of it.")
    leased_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    leased_until = models.DateTimeField(null=True, help_text="Until then it is in that moderator's hands.")

    objects: ClassVar[models.Manager["Comment"]] = CommentQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_comment", "Can decide about comments")]
        indexes = [
            models.Index(
                fields=["article", "created_at", "id"], condition=Q(root__isnull=True) & SHOWN, name="comment_roots"
            ),
            models.Index(
                fields=["root", "created_at", "id"], condition=Q(root__isnull=False) & SHOWN, name="comment_replies"
            ),
            models.Index(
                fields=["article", "-picked_at"],
                condition=Q(status=Status.APPROVED, picked_at__isnull=False),
                name="comment_picks",
            ),
            models.Index(fields=["created_at", "id"], condition=Q(status=Status.PENDING), name="comment_queue"),
            models.Index(
                fields=["created_at", "id"],
                condition=Q(status=Status.APPROVED, reports__gt=0),
                name="comment_reported",
            ),
            models.Index(
                fields=["status", "created_at", "id"],
                condition=Q(status__in=[Status.UNCONFIRMED, Status.SPAM]),
                name="comment_aside",
            ),
            models.Index(fields=["-created_at", "-id"], name="comment_newest"),
            # Includes all columns of a writer's record, so that it is read from the index alone.
            models.Index(
                fields=["commenter", "created_at"], include=["id", "status", "confirmed_at"], name="comment_writer"
            ),
            models.Index(fields=["leased_until"], condition=Q(leased_until__isnull=False), name="comment_leased"),
            models.Index(fields=["network", "created_at"], condition=~Q(network=""), name="comment_network"),
            models.Index(fields=["fingerprint"], condition=~Q(fingerprint=""), name="comment_same_words"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.body[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.public_id])

    @property
    def is_approved(self) -> bool:
        return self.status == Status.APPROVED

    @property
    def is_deleted(self) -> bool:
        return self.status == Status.DELETED

    @property
    def editable(self) -> bool:
        """True for a while (EDITABLE_FOR), until somebody answers, and not after a rejection."""
        return self.status in EDITABLE and not self.answers and timezone.now() < self.created_at + EDITABLE_FOR

    @property
    def shown_status(self) -> str:
        """The status that the writer sees."""
        return Status.PENDING if self.status in PENDING_TO_WRITER else self.status

    @property
    def editions_since(self) -> bool:
        """True if the article has changed since. Only for comments from `thread.with_live_edition`."""
        return self.edition_number < getattr(self, "live_number", 0)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        """Return the comment again from the object that `comment_json()` made of it."""
        moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in ("created_at", "edited_at")}
        comment = cls(pk=row["id"], **{name: row[name] for name in THREAD_COLUMNS} | moments)
        for name in ("reply_rows", *PARENT_COLUMNS):
            setattr(comment, name, row.get(name))
        return comment

    @property
    def first_replies(self) -> "list[Comment]":
        """The replies below it. Only for comments `with_replies`."""
        rows = self.reply_rows[:MAX_INLINE_REPLIES]  # type: ignore[attr-defined]
        replies = [Comment.from_row(row) for row in rows]
        for reply in replies:
            reply.live_number = getattr(self, "live_number", 0)  # type: ignore[attr-defined]
        return replies

    @property
    def more_replies(self) -> bool:
        return len(self.reply_rows) > MAX_INLINE_REPLIES  # type: ignore[attr-defined]


def comment_json(*more: str) -> JSONObject:
    """Return a comment as one JSON object, so that a list of comments can be a column of another row."""
    return JSONObject(id="pk", **{column: column for column in (*THREAD_COLUMNS, *more)})


class ModerationEvent(models.Model):
    """One step of a comment, by whom (nobody: by the rules, or its writer), when and why. Rows are only ever added."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="events")
    revision = models.PositiveIntegerField(default=1)
    from_status = models.CharField(max_length=11, blank=True)
    to_status = models.CharField(max_length=11)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=20, blank=True, help_text="A Reason, or a word of ours: edited, undone …")
    note = models.CharField(max_length=400, blank=True)
    hits = models.JSONField(default=list, help_text="What the rules found: comments.rules.Hit")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at", "id"], condition=Q(by__isnull=False), name="decisions_of_late")]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"

    @property
    def reason_in_words(self) -> str:
        return self.reason_for_writer or self.reason

    @property
    def reason_for_writer(self) -> str:
        """A moderator's reason in words, as the writer reads it; empty if the rules decided."""
        return dict(Reason.choices).get(self.reason, "")


class Report(models.Model):
    """A reader's report of a comment. Only those of confirmed people can take it off the page."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="complaints")
    commenter = models.ForeignKey(Commenter, null=True, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=64, blank=True, help_text="Of somebody unknown; gone after 30 days.")
    reason = models.CharField(max_length=9, choices=Reason)
    note = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(ModerationEvent, null=True, on_delete=models.SET_NULL, related_name="answered")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="report_once", fields=["comment", "commenter"], condition=Q(commenter__isnull=False)
            ),
            models.UniqueConstraint(
                name="report_once_a_network", fields=["comment", "network"], condition=~Q(network="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class Follow(models.Model):
    """A writer's wish for mail about answers to one comment of theirs."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="follow")
    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.commenter} follows {self.comment_id}"
