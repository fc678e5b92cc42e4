"""Restricts the writer of a comment, or the network it came from."""

from datetime import datetime
from typing import Any

from django.db import transaction

from comments.models import Comment, Commenter, Restriction
from comments.moderation import transitions
from newsroom.models import User


@transaction.atomic
def restrict(
    comment: Comment, *, network: bool, kind: str, until: datetime | None, reason: str, by: User
) -> Restriction:
    """Restrict the network or the writer. The same restriction again replaces the one in force."""
    Commenter.objects.select_for_update(no_key=True).get(pk=comment.commenter_id)  # first, as when somebody writes
    transitions.lock(comment)
    target: dict[str, Any] = {"network": comment.network} if network else {"commenter": comment.commenter}
    restriction = Restriction.objects.in_force().filter(kind=kind, **target).first() or Restriction(kind=kind, **target)
    restriction.by, restriction.until, restriction.reason = by, until, reason
    restriction.save()
    transitions.record_action(comment, transitions.RESTRICTED, by=by, note=str(restriction))
    return restriction
