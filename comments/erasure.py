"""Erases a writer. What was published stays without their name, or goes too; everything else goes in either case."""

from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from comments.models import Comment, Commenter, Report, Restriction, email_hash
from comments.moderation import transitions
from comments.posting import edit
from comments.posting.identity import commenter_of
from newsroom.models import Erasure, User
from newsroom.privacy.erasure import ErasureStep
from newsroom.signed_links import SignedLink

NAME_OF_ERASED = "A former reader"


def writer_of(user: User) -> Commenter | None:
    """Return a person's commenter, with what they wrote as a guest if their address is known to be theirs."""
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        return commenter_of(user)
    return Commenter.objects.filter(user=user).first()


def erase_person(erasure: Erasure, user: User) -> None:
    writer = writer_of(user)
    if writer is not None:
        erase_writer(writer, removed=erasure.comments == Erasure.Comments.REMOVED)


@transaction.atomic
def erase_writer(writer: Commenter, *, removed: bool) -> None:
    """Erase the writer; with `removed`, what was published too.

    The hash of the address stays while a restriction is in force: nobody ends one by leaving and coming back.
    """
    if not Commenter.objects.select_for_update().filter(pk=writer.pk):
        return  # of two presses at once the first has done it
    transitions.lock_all(writer.comments.all())
    comments = writer.comments.exclude(status=Comment.Status.DELETED)
    for comment in (comments if removed else comments.exclude(status=Comment.Status.APPROVED)).order_by("pk"):
        edit.delete(comment)
    transitions.anonymize(writer.comments.approved(), name=NAME_OF_ERASED)
    if writer.comments.exists():
        nobody = Commenter.objects.create(email_hash=email_hash(f"nobody {uuid4()}"))
        writer.comments.update(commenter=nobody)
    writer.follows.all().delete()
    Report.objects.filter(commenter=writer).update(commenter=None, note="")
    if Restriction.objects.in_force().filter(commenter=writer).exists():
        writer.user, writer.email, writer.domains, writer.verified_at = None, "", [], None
        writer.save()
    else:
        writer.delete()


STEP = ErasureStep(delete=erase_person)


# A guest has no account: they must be known on a device, and confirm the address.

SEND_TASK = "comments.tasks.send_leaving"  # by name: the task stands above this module
LINK_MAX_AGE = timedelta(days=1)
MAIL_INTERVAL = timedelta(minutes=10)


def _confirmed_guests() -> QuerySet[Commenter]:
    return Commenter.objects.filter(user=None, verified_at__isnull=False)


ERASURE_LINK = SignedLink(salt="comments.leaving", rows=_confirmed_guests, max_age=LINK_MAX_AGE)


def request_link(guest: Commenter, email: str, *, removed: bool) -> None:
    """Enqueue the mail with the link, if this is the guest's address. Nobody learns whether it is."""
    first = guest.has_address(email) and cache.add(f"leaving-{guest.pk}-{removed}", True, MAIL_INTERVAL.total_seconds())
    if not first:
        return
    with transaction.atomic():
        Commenter.objects.filter(pk=guest.pk, user=None).update(email=email)
        app.configure_task(SEND_TASK).defer(commenter=guest.pk, removed=removed, asked_at=timezone.now().isoformat())
