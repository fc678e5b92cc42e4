"""What readers reply, and what was decided about it. A status changes in `moderation.py` alone."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.models import Article

LONGEST = 5000  # characters


def email_hash(email: str) -> str:
    """What is kept of a guest's address: enough to know it again, and useless without this site's secret key."""
    return salted_hmac("comments.commenter", email.strip().lower(), algorithm="sha256").hexdigest()


class Commenter(models.Model):
    """Somebody who has written: a guest, known by an address that is not kept, or a person with an account."""

    email_hash = models.CharField(max_length=64, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="commenter"
    )

    def __str__(self) -> str:
        return str(self.user) if self.user else f"Guest {self.email_hash[:8]}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> Self:
        """What everybody sees."""
        return self.filter(status=Comment.Status.APPROVED)

    def awaiting_moderation(self) -> Self:
        """What waits for a decision, the longest first."""
        return self.filter(status=Comment.Status.PENDING).order_by("created_at", "pk")

    def as_thread(self) -> Self:
        """Oldest first, as a conversation is read."""
        return self.order_by("created_at", "pk").defer("commenter", "article")


class Comment(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        APPROVED = "approved"
        REJECTED = "rejected"
        SPAM = "spam"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    edition_number = models.PositiveIntegerField(help_text="The edition that was live when this was written.")
    commenter = models.ForeignKey(Commenter, on_delete=models.PROTECT, related_name="comments")
    name = models.CharField(max_length=60, help_text="As given with this comment.")
    body = models.TextField(max_length=LONGEST)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Comment"]] = CommentQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_comment", "Can decide about comments")]
        indexes = [
            models.Index(fields=["article", "created_at", "id"], condition=Q(status="approved"), name="comment_thread"),
            models.Index(fields=["created_at", "id"], condition=Q(status="pending"), name="comment_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.body[:60]}"


class ModerationEvent(models.Model):
    """One decision about a comment, by whom and when. Rows are only ever added."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="decisions")
    from_status = models.CharField(max_length=8)
    to_status = models.CharField(max_length=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
