"""What is not kept longer than it is needed for. Once a night; done twice it does no harm."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from comments.models import Comment, Commenter, Follow, ModerationEvent, Report, Restriction
from comments.moderation import transitions
from comments.posting import confirm

Status = Comment.Status
NETWORKS = timedelta(days=30)
UNCONFIRMED = timedelta(days=7)
SPAM = timedelta(days=30)
REJECTED = timedelta(days=365)
RESTRICTIONS = timedelta(days=30)  # after they ended
ADDRESSES = timedelta(days=1)  # should the mail never have got away
AT_ONCE = 1000  # rows in one transaction: nobody is kept waiting


def delete_expired(now: datetime | None = None) -> None:
    now = now or timezone.now()
    old_networks = Comment.objects.filter(created_at__lt=now - NETWORKS).exclude(network="")
    _in_parts(old_networks, lambda rows: rows.update(network=""))
    Report.objects.filter(created_at__lt=now - NETWORKS).exclude(network="").update(network="")
    unconfirmed = Comment.objects.filter(status=Status.UNCONFIRMED, created_at__lt=now - UNCONFIRMED)
    _in_parts(unconfirmed, _remove)
    _in_parts(Comment.objects.filter(status=Status.SPAM, status_at__lt=now - SPAM), _remove)
    rejected = Comment.objects.filter(status=Status.REJECTED, status_at__lt=now - REJECTED).exclude(body="", name="")
    _in_parts(rejected, _empty)
    Follow.objects.filter(
        comment__status__in=[Status.REJECTED, Status.SPAM], comment__status_at__lt=now - transitions.UNDO_FOR
    ).delete()
    Restriction.objects.filter(until__lt=now - RESTRICTIONS).delete()
    _forget_people(now)


def _forget_people(now: datetime) -> None:
    """Guests of whom nothing is left, and addresses that no mail is to go to any more."""
    nothing = ~Exists(Comment.objects.filter(commenter=OuterRef("pk")))
    unrestricted = ~Exists(Restriction.objects.filter(commenter=OuterRef("pk")))
    long_ago = Q(mailed_at__isnull=True) | Q(mailed_at__lt=now - ADDRESSES)
    Commenter.objects.filter(nothing, unrestricted, long_ago, user=None, verified_at=None).delete()
    waiting = Commenter.objects.filter(mailed_at__gt=now - ADDRESSES)
    for pk in Commenter.objects.exclude(email="").exclude(pk__in=waiting.values("pk")).values_list("pk", flat=True):
        confirm.delete_unneeded_addresses(pk)


def _remove(comments: QuerySet[Comment]) -> None:
    """Whole rows; of those that something answers, the text alone."""
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


def _empty(comments: QuerySet[Comment]) -> None:
    """Without the text and the name, and without what the rules quoted of them."""
    ModerationEvent.objects.filter(comment__in=comments.values("pk")).update(hits=[])
    comments.update(body="", html="", name="", fingerprint="", badge="")


def _in_parts(rows: QuerySet[Comment], act: Callable[[QuerySet[Comment]], object]) -> None:
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            act(Comment.objects.filter(pk__in=ids))
