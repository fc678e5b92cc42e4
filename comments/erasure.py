"""A writer leaves: what was published stays without their name, or goes too; everything else goes in either case."""

from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from procrastinate.contrib.django import app

from comments.models import Comment, Commenter, Report, Restriction, email_hash
from comments.moderation import transitions
from comments.posting import edit
from comments.posting.identity import commenter_of
from newsroom.models import Erasure, User
from newsroom.privacy.erasure import ErasureStep

FORMER = "A former reader"


def writer_of(user: User) -> Commenter | None:
    """The person's own, with what they wrote as a guest if their address is known to be theirs."""
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        return commenter_of(user)
    return Commenter.objects.filter(user=user).first()


def forget_writer(erasure: Erasure, user: User) -> None:
    writer = writer_of(user)
    if writer is not None:
        take_out(writer, removed=erasure.comments == Erasure.Comments.REMOVED)


@transaction.atomic
def take_out(writer: Commenter, *, removed: bool) -> None:
    """Of a ban in force the fingerprint of the address stays, as nobody ends one by leaving and coming back."""
    if not Commenter.objects.select_for_update().filter(pk=writer.pk):
        return  # pressed twice at once: the first press has done it
    transitions.lock_all(writer.comments.all())
    leaving = writer.comments.exclude(status=Comment.Status.DELETED)
    for comment in (leaving if removed else leaving.exclude(status=Comment.Status.APPROVED)).order_by("pk"):
        edit.delete(comment)
    transitions.take_name_off(writer.comments.approved(), name=FORMER)
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


STEP = ErasureStep(delete=forget_writer)


# A guest who is known on a device: the address proves the rest.

SEND = "comments.tasks.send_leaving"  # by name: the task stands above this module
KEPT_FOR = timedelta(days=1)
ONE_MAIL_IN = 600  # seconds
_SALT = "comments.leaving"


def ask(guest: Commenter, email: str, *, removed: bool) -> None:
    """Have a link mailed, now and then, if this is the guest's address; nobody is told whether it is."""
    if email_hash(email) != guest.email_hash or not cache.add(f"leaving-{guest.pk}-{removed}", True, ONE_MAIL_IN):
        return
    with transaction.atomic():
        Commenter.objects.filter(pk=guest.pk, user=None).update(email=email.strip().lower())
        app.configure_task(SEND).defer(commenter=guest.pk, removed=removed)


def token(guest: Commenter, *, removed: bool) -> str:
    return signing.dumps([guest.pk, removed], salt=_SALT)


def opened(given: str) -> tuple[Commenter, bool] | None:
    """Whom a link takes out, and whether with what was published; None if it is old, used, or not ours."""
    try:
        pk, removed = signing.loads(given, salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    guest = Commenter.objects.filter(pk=pk, user=None, verified_at__isnull=False).first()
    return (guest, removed) if guest else None
