"""Work for the worker."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from comments import erasure, notifications, retention
from comments.models import Commenter
from comments.posting import confirm

PERSISTENT = RetryStrategy(max_attempts=8, exponential_wait=2)


@app.task(retry=PERSISTENT)
def send_confirmation(commenter: int) -> None:
    """Send the link that confirms a guest's address, and forget the address if nothing else was asked for."""
    guest = Commenter.objects.filter(pk=commenter).first()
    if guest is None or not guest.email or not confirm.unconfirmed_comments(guest).exists():
        return
    address = settings.SITE_URL + reverse("confirm_comment", args=[confirm.token(guest)])
    EmailMessage(
        subject="Please confirm your comment",
        body=render_to_string("comments/mail/confirm.txt", {"address": address, "site_url": settings.SITE_URL}),
        to=[guest.email],
    ).send()
    confirm.delete_unneeded_addresses(guest.pk)


@app.task(retry=PERSISTENT)
def send_leaving(commenter: int, removed: bool) -> None:
    """Send the link with which a guest takes out all that is theirs, and forget the address again."""
    guest = Commenter.objects.filter(pk=commenter, user=None).first()
    if guest is None or not guest.email:
        return
    address = settings.SITE_URL + reverse("leave_as_guest", args=[erasure.token(guest, removed=removed)])
    EmailMessage(
        subject="Please confirm that your comments are to be taken out",
        body=render_to_string("comments/mail/leave.txt", {"address": address, "removed": removed}),
        to=[guest.email],
    ).send()
    confirm.delete_unneeded_addresses(guest.pk)


@app.task(retry=PERSISTENT)
def announce(comment: int) -> None:
    notifications.notify_follower(comment)


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="forget_comments")
def forget_comments(timestamp: int) -> None:
    """What is not to be kept longer goes: docs/moderating.md says what, and when."""
    retention.delete_expired()
