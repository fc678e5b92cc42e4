"""Stores readers' reports. Those of three confirmed people hide a comment until a moderator has decided."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from comments.models import Comment, Report
from comments.moderation import transitions
from comments.posting.identity import KnownWriter

REPORTS_TO_HIDE = 3  # by confirmed people
MAX_PER_NETWORK, RATE_PERIOD = 10, timedelta(hours=1)


class TooMany(Exception):
    """The network has sent MAX_PER_NETWORK reports in RATE_PERIOD."""


def report(comment: Comment, *, reason: str, note: str, writer: KnownWriter | None, network: str) -> None:
    """Store a report, one for each comment and person, or network of unknown people. Raises TooMany."""
    commenter = writer.commenter if writer else None
    network = "" if writer else network
    recent = Report.objects.filter(network=network, created_at__gt=timezone.now() - RATE_PERIOD)
    if network and recent.count() >= MAX_PER_NETWORK:
        raise TooMany
    with transaction.atomic():
        transitions.lock(comment)  # a decision comes before all of this, or after it
        comment.refresh_from_db()
        if not comment.is_approved:
            return  # a moderator has just decided
        try:
            with transaction.atomic():
                Report.objects.create(comment=comment, commenter=commenter, network=network, reason=reason, note=note)
        except IntegrityError:
            return  # they have reported it before
        Comment.objects.filter(pk=comment.pk).update(reports=F("reports") + 1)
        confirmed = comment.complaints.filter(answered_by=None, commenter__verified_at__isnull=False)
        if confirmed.count() >= REPORTS_TO_HIDE:
            transitions.change_status(
                comment,
                Comment.Status.PENDING,
                by=None,
                expected=Comment.Status.APPROVED,
                revision=comment.revision,
                reason="reported",
            )
