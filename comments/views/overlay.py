"""The comments' part of the private answer about who is reading (newsroom/accounts/overlay.py)."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment
from comments.models.comment import EDITABLE_FOR, PENDING_TO_WRITER
from comments.posting import identity
from comments.posting.identity import KnownWriter
from comments.posting.post import new_stamp

MAX_OWN = 10  # comments


def overlay(request: HttpRequest) -> dict[str, Any]:
    """Return the name of a guest whom this device knows, the form's `stamp`, and the reader's own comments.

    `own`: comments that nobody else sees yet, with their `html`, and without it those that everybody sees and that can
    still be changed.
    """
    writer: KnownWriter | None = None
    if request.user.is_authenticated:
        own = Comment.objects.filter(commenter__user=request.user)
    else:
        writer = identity.known_guest(request)
        own = Comment.objects.filter(commenter=writer.commenter) if writer else Comment.objects.none()
    waiting = Q(status__in=PENDING_TO_WRITER, confirmed_at__isnull=False)
    fresh = Q(status=Comment.Status.APPROVED, created_at__gt=timezone.now() - EDITABLE_FOR)
    return {
        "guest": writer.name if writer else None,
        "stamp": new_stamp(),
        "own": [_as_json(comment) for comment in own.filter(waiting | fresh).order_by("-created_at")[:MAX_OWN]],
    }


def _as_json(comment: Comment) -> dict[str, Any]:
    change, delete = (reverse(way, args=[comment.public_id]) for way in ("edit_comment", "delete_comment"))
    return {
        "article": comment.article_id,
        "id": comment.public_id,
        "name": comment.name,
        "html": "" if comment.is_approved else comment.html,
        "ways": ({"Change": change} if comment.editable else {}) | {"Delete": delete},
    }
