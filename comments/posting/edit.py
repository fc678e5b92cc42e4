"""Lets writers change their own comments for a while (EDITABLE_FOR), and delete them at any time."""

from django.db import transaction

from comments.models import Comment
from comments.moderation import rules, transitions
from comments.moderation.rules import Verdict
from comments.posting import confirm

Status = Comment.Status


class TooLate(Exception):
    """The comment is too old to be changed, or somebody has answered it."""


@transaction.atomic
def edit(comment: Comment, body: str, *, revision: int) -> None:
    """Replace the text, and judge it again. A comment that is not published stays so.

    Raises TooLate, Refused, Conflict.
    """
    transitions.lock(comment)
    comment = Comment.objects.select_related("article", "commenter__user").get(pk=comment.pk)
    if not comment.editable:
        raise TooLate(comment.pk)
    if body == comment.body:
        return
    was = Status(comment.status)
    comment.body = body
    hits = confirm.judge_again(comment)
    # A comment that a moderator has to decide about can only get worse by an edit.
    stays = was == Status.SPAM or (was == Status.PENDING and rules.worst_verdict(hits) < Verdict.REJECT)
    transitions.change_status(
        comment,
        was if stays else rules.status_after(hits),
        by=None,
        expected=was,
        revision=revision,
        reason="edited",
        hits=[hit.as_json() for hit in hits],
        body=body,
    )


def delete(comment: Comment) -> None:
    """Delete the comment and its text for good. Its place stays if it has answers. Raises Conflict."""
    transitions.change_status(
        comment, Status.DELETED, by=None, expected=comment.status, revision=comment.revision, reason="deleted"
    )
