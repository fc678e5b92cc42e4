"""Deletes what has reached the end of its retention, once a night. Running it twice does no harm."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from comments.models import (
    NETWORK_RETENTION,
    Comment,
    Commenter,
    Follow,
    ModerationEvent,
    NetworkKey,
    Report,
    Restriction,
)
from comments.models.comment import REFUSED
from comments.moderation import transitions
from comments.posting import confirm
from comments.posting.confirm import UNCONFIRMED_RETENTION

Status = Comment.Status
SPAM_RETENTION = timedelta(days=30)
REJECTED_RETENTION = timedelta(days=365)
RESTRICTION_RETENTION = timedelta(days=30)  # after its end
ADDRESS_RETENTION = timedelta(days=1)  # if the mail could not be sent
BATCH_SIZE = 1000  # rows in one transaction: locks are short


def delete_expired(now: datetime | None = None) -> None:
    now = now or timezone.now()
    a_day_ago = now - (NETWORK_RETENTION - timedelta(days=1))  # the next night would be too late
    old_networks = Comment.objects.filter(created_at__lt=a_day_ago).exclude(network="")
    _in_batches(old_networks, lambda rows: rows.update(network=""))
    Report.objects.filter(created_at__lt=a_day_ago).exclude(network="").update(network="")
    NetworkKey.delete_expired(now)
    unconfirmed = Comment.objects.filter(status=Status.UNCONFIRMED, created_at__lt=now - UNCONFIRMED_RETENTION)
    _in_batches(unconfirmed, _delete)
    _in_batches(Comment.objects.filter(status=Status.SPAM, status_at__lt=now - SPAM_RETENTION), _delete)
    rejected = Comment.objects.filter(status=Status.REJECTED, status_at__lt=now - REJECTED_RETENTION).exclude(
        body="", name=""
    )
    _in_batches(rejected, _delete_text)
    final = now - transitions.UNDO_PERIOD
    Follow.objects.filter(comment__status__in=REFUSED, comment__status_at__lt=final).delete()
    Restriction.objects.filter(until__lt=now - RESTRICTION_RETENTION).delete()
    _delete_unneeded_people(now)


def _delete_unneeded_people(now: datetime) -> None:
    """Delete guests without comments, and addresses to which no mail is to be sent any more."""
    no_comments = ~Exists(Comment.objects.filter(commenter=OuterRef("pk")))
    unrestricted = ~Exists(Restriction.objects.filter(commenter=OuterRef("pk")))
    not_mailed = Q(mailed_at__isnull=True) | Q(mailed_at__lt=now - ADDRESS_RETENTION)
    Commenter.objects.filter(no_comments, unrestricted, not_mailed, user=None, verified_at=None).delete()
    waiting = Commenter.objects.filter(mailed_at__gt=now - ADDRESS_RETENTION)
    for pk in Commenter.objects.exclude(email="").exclude(pk__in=waiting.values("pk")).values_list("pk", flat=True):
        confirm.delete_unneeded_addresses(pk)


def _delete(comments: QuerySet[Comment]) -> None:
    """Delete whole rows; of those with answers the text alone."""
    answered = Comment.objects.filter(Q(parent=OuterRef("pk")) | Q(root=OuterRef("pk")))
    for comment in comments.annotate(answered=Exists(answered)):
        if not comment.answered:
            comment.delete()
            continue
        transitions.change_status(
            comment,
            Status.DELETED,
            by=None,
            expected=comment.status,
            revision=comment.revision,
            reason="outdated",
        )


def _delete_text(comments: QuerySet[Comment]) -> None:
    """Delete the text and the name, and what the rules quoted of them."""
    ModerationEvent.objects.filter(comment__in=comments.values("pk")).update(hits=[])
    comments.update(body="", html="", name="", fingerprint="", badge="")


def _in_batches(rows: QuerySet[Comment], act: Callable[[QuerySet[Comment]], object]) -> None:
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        with transaction.atomic():
            act(Comment.objects.filter(pk__in=ids))
