"""The one door through which a comment changes its status."""

from django.db import transaction

from comments.models import Comment, ModerationEvent
from newsroom.models import User

Status = Comment.Status
# What a moderator may decide, from each status.
DECISIONS: dict[str, tuple[str, ...]] = {
    Status.PENDING: (Status.APPROVED, Status.REJECTED, Status.SPAM),
    Status.APPROVED: (Status.REJECTED, Status.SPAM),
    Status.REJECTED: (Status.APPROVED,),
    Status.SPAM: (Status.PENDING, Status.APPROVED),
}


class Conflict(Exception):
    """The comment is no longer in the status that the decision was about: somebody else decided first."""


@transaction.atomic
def transition(comment: Comment, to: str, *, by: User | None, expected: str) -> None:
    """Move the comment from `expected` to `to`, and write down who did it. Raises Conflict, ValueError."""
    if to not in DECISIONS[expected]:
        raise ValueError(f"A comment does not go from {expected} to {to}.")
    if not Comment.objects.filter(pk=comment.pk, status=expected).update(status=to):
        raise Conflict(comment.pk)
    ModerationEvent.objects.create(comment=comment, from_status=expected, to_status=to, by=by)
    comment.status = to
