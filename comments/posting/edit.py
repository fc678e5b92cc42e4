"""What writers may do with their own comments: change them for ten minutes, delete them at any time."""

from django.db import transaction

from comments.models import Comment
from comments.moderation import rules, transitions
from comments.moderation.rules import Verdict
from comments.posting import confirm

Status = Comment.Status


class TooLate(Exception):
    """Ten minutes have passed, or somebody has answered."""


@transaction.atomic
def edit(comment: Comment, body: str, *, revision: int) -> None:
    """Replace the text; the rules look at it anew. What waits goes on waiting. Raises TooLate, Refused, Conflict."""
    transitions.lock(comment)
    comment = Comment.objects.select_related("article", "commenter__user").get(pk=comment.pk)
    if not comment.editable:
        raise TooLate(comment.pk)
    if body == comment.body:
        return
    was = Status(comment.status)
    comment.body = body
    hits = confirm.judge_again(comment)
    if was != Status.APPROVED:
        # The edit of what waits can make it worse, never better: a moderator decides.
        worst = max((hit.verdict for hit in hits), default=Verdict.FLAG)
        to = was if was == Status.SPAM or worst < Verdict.REJECT else rules.status_after(hits)
    else:
        to = rules.status_after(hits)
    transitions.change_status(
        comment,
        to,
        by=None,
        expected=was,
        revision=revision,
        reason="edited",
        hits=[hit.as_json() for hit in hits],
        body=body,
    )


def delete(comment: Comment) -> None:
    """Take it away for good, its text too. Where answers stand, its place is kept empty. Raises Conflict."""
    transitions.change_status(
        comment, Status.DELETED, by=None, expected=comment.status, revision=comment.revision, reason="deleted"
    )
