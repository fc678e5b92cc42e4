"""Writes and sends the mails about readers' money. Which mail is sent at most once, models/email.py says."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from newsroom.mail import StillSending, deliver
from newsroom.models.email import UNANSWERED_AFTER
from subscriptions.models import LedgerEntry, Subscription, SupportEmail

SEND_TASK = "subscriptions.tasks.send_letter"  # by name, because the task imports this module
MAX_AGE = timedelta(days=30)  # what a reconciliation finds later than this is no news to anybody

logger = logging.getLogger(__name__)


def enqueue_email(
    kind: SupportEmail.Kind,
    about: str,
    *,
    happened: datetime,
    subscription: Subscription | None = None,
    entry: LedgerEntry | None = None,
) -> None:
    """Write this mail and enqueue it, once. Call it in the transaction of the change that it reports."""
    if happened < timezone.now() - MAX_AGE:
        return
    if not SupportEmail(subscription=subscription, entry=entry).address:
        return
    email, created = SupportEmail.objects.get_or_create(
        kind=kind, about=about, defaults={"subscription": subscription, "entry": entry}
    )
    if created:
        app.configure_task(SEND_TASK).defer(letter=email.pk)


def send_email(pk: int) -> None:
    """Send a mail, unless it was sent or refused. Raises OSError, SMTPException, StillSending: try again later."""
    email = SupportEmail.objects.unfinished().filter(pk=pk).first()
    if email is None:
        return
    if not email.address:
        SupportEmail.objects.filter(pk=pk).update(unsendable=True)
        return
    template = f"subscriptions/email/{email.kind}"
    context = {
        "template": template,
        "entry": email.entry,
        "subscription": email.about_subscription,
        "account_url": settings.SITE_URL + reverse("account"),
        "support_url": settings.SITE_URL + reverse("support"),
    }
    deliver(email, template, email.address, context=context, at_most_once=email.kind in SupportEmail.AT_MOST_ONCE)


def send_pending() -> None:
    """Try again what the mail server did not take and what may not have reached it. Give up after three days.

    Raises OSError if no mail server answers: then all of it waits.
    """
    SupportEmail.objects.give_up_old()
    for email in SupportEmail.objects.late().exclude(sending_at__isnull=False, kind__in=SupportEmail.AT_MOST_ONCE):
        try:
            send_email(email.pk)
        except (SMTPException, StillSending, ValueError) as error:  # ValueError: the address cannot be written
            logger.warning("The mail %s is tried again: %r", email, error)


def resend(email: SupportEmail) -> bool:
    """Enqueue a mail again that was refused, or that may not have been sent. Return False if it is neither."""
    unanswered = Q(refused_at=None, sending_at__lt=timezone.now() - UNANSWERED_AFTER)
    row = SupportEmail.objects.filter(unanswered | Q(refused_at__isnull=False), pk=email.pk, sent_at=None)
    with transaction.atomic():
        reset = row.update(sending_at=None, refused_at=None, refusal="")
        if reset:
            app.configure_task(SEND_TASK).defer(letter=email.pk)
    return bool(reset)
