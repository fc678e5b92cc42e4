"""Readers' complaints about a comment. Three confirmed people take it off the page until a moderator has looked."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from comments.models import Comment, Report
from comments.moderation import transitions
from comments.posting.identity import Known

ENOUGH = 3
MOST_OF_A_NETWORK, WITHIN = 10, timedelta(hours=1)


class TooMany(Exception):
    """So many of one network in an hour that more would be no news."""


def report(comment: Comment, *, reason: str, note: str, writer: Known | None, network: str) -> None:
    """Keep the complaint, one a person (or network of the unknown) and comment. Raises TooMany."""
    commenter = writer.commenter if writer else None
    network = "" if writer else network
    lately = Report.objects.filter(network=network, created_at__gt=timezone.now() - WITHIN)
    if network and lately.count() >= MOST_OF_A_NETWORK:
        raise TooMany
    with transaction.atomic():
        transitions.lock(comment)  # in the one order; a decision comes before all of this, or after it
        comment.refresh_from_db()
        if not comment.is_approved:
            return  # somebody has decided in this very moment
        try:
            with transaction.atomic():
                Report.objects.create(comment=comment, commenter=commenter, network=network, reason=reason, note=note)
        except IntegrityError:
            return  # they have said so before
        Comment.objects.filter(pk=comment.pk).update(reports=F("reports") + 1)
        confirmed = comment.complaints.filter(answered_by=None, commenter__verified_at__isnull=False)
        if confirmed.count() >= ENOUGH:
            transitions.change_status(
                comment,
                Comment.Status.PENDING,
                by=None,
                expected=Comment.Status.APPROVED,
                revision=comment.revision,
                reason="reported",
            )
