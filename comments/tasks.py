"""The tasks of comments: mails, and the nightly deletion. Jobs wait under the tasks' names: never change those."""

from django.conf import settings
from django.urls import reverse
from procrastinate.contrib.django import app

from comments import erasure, notifications, retention
from comments.models import Commenter
from comments.posting import confirm
from newsroom import mail


@app.task(retry=mail.RETRY)
def send_confirmation(commenter: int) -> None:
    """Send the link that confirms a guest's address; then delete the address unless mail about answers is wanted."""
    guest = Commenter.objects.filter(pk=commenter).first()
    if guest is None or not guest.email or not confirm.unconfirmed_comments(guest).exists():
        return
    url = settings.SITE_URL + reverse("confirm_comment", args=[confirm.CONFIRMATION_LINK.token(guest)])
    mail.send(
        "comments/email/confirm",
        guest.email,
        key=f"comment_confirmation.{guest.pk}.{guest.mailed_at:%Y%m%d%H%M%S%f}",
        context={"url": url, "link_max_age": confirm.UNCONFIRMED_RETENTION},
    )
    confirm.delete_unneeded_addresses(guest.pk)


@app.task(name="comments.tasks.send_leaving", retry=mail.RETRY)
def send_erasure_link(commenter: int, removed: bool, asked_at: str = "") -> None:
    """Send the link with which a guest erases all that is theirs, and delete the address again.

    `asked_at` tells one request from the next; jobs of earlier versions have none.
    """
    guest = Commenter.objects.filter(pk=commenter, user=None).first()
    if guest is None or not guest.email:
        return
    url = settings.SITE_URL + reverse("leave_as_guest", args=[erasure.ERASURE_LINK.token(guest, removed)])
    mail.send(
        "comments/email/erase",
        guest.email,
        key=f"comment_erasure.{guest.pk}.{removed}.{asked_at}",
        context={"url": url, "removed": removed, "link_max_age": erasure.LINK_MAX_AGE},
    )
    confirm.delete_unneeded_addresses(guest.pk)


@app.task(name="comments.tasks.announce", retry=mail.RETRY)
def send_reply_notification(comment: int) -> None:
    """Mail whoever follows the comment that this one answers."""
    notifications.notify_follower(comment)


@app.periodic(cron="47 3 * * *")
@app.task(name="comments.tasks.forget_comments", queueing_lock="forget_comments")
def delete_expired_comments(timestamp: int) -> None:
    """Delete what has reached the end of its retention (docs/moderating.md)."""
    retention.delete_expired()
