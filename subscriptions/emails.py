"""Letters about money on their way: words, envelope, and the marks that each is being sent, and was.

A process can die between the mail server's yes and our mark, and then nobody knows whether the letter went. What asks a
reader to do something, and what a guest has as their only proof, is sent again, under the same Message-ID, so that
mail programs can show one. What only confirms what the account page says is not: two receipts look like two payments.
"""

from contextlib import closing
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from newsroom.mail import message_headers
from newsroom.models import Outlet
from subscriptions.models import LedgerEntry, Offer, Subscription, SupportEmail

SEND = "subscriptions.tasks.send_letter"  # by name: the task sends what is written here
MAX_NEWS_AGE = timedelta(days=30)  # what is older and found out only now, by a reconciliation, is no news to anybody
AT_MOST_ONCE = [SupportEmail.Kind.WELCOME, SupportEmail.Kind.RECEIPT]
UNANSWERED = timedelta(minutes=5)  # no mail server takes so long: whoever was sending has died


def enqueue_email(
    kind: SupportEmail.Kind,
    about: str,
    *,
    happened: datetime,
    subscription: Subscription | None = None,
    entry: LedgerEntry | None = None,
) -> None:
    """Have this written, unless it was already. Called inside the transaction that makes it true."""
    if happened < timezone.now() - MAX_NEWS_AGE:
        return
    letter = SupportEmail(kind=kind, about=about, subscription=subscription, entry=entry)
    if not letter.address:
        return
    letter, created = SupportEmail.objects.get_or_create(
        kind=kind, about=about, defaults={"subscription": subscription, "entry": entry}
    )
    if created:
        app.configure_task(SEND).defer(letter=letter.pk)


def send_email(letter_pk: int) -> None:
    """Send this letter, unless it was, or somebody is sending it. Not inside a transaction: others must
    see the mark.
    """
    letter = SupportEmail.objects.filter(pk=letter_pk, sent_at=None, unsendable=False).first()
    if letter is None:
        return
    if not letter.address:
        SupportEmail.objects.filter(pk=letter_pk).update(unsendable=True)
        return
    message = _message(letter, letter.address)
    with closing(get_connection()) as message.connection:
        message.connection.open()  # fails here where no server answers, before anything is marked
        if not _begin(letter):
            return
        try:
            message.send()
        except (SMTPResponseException, SMTPRecipientsRefused):  # the server has said no
            SupportEmail.objects.filter(pk=letter_pk).update(sending_at=None)
            raise
        SupportEmail.objects.filter(pk=letter_pk).update(sent_at=timezone.now())


def _begin(letter: SupportEmail) -> bool:
    """Mark that it is being sent; whether it is ours to send."""
    now = timezone.now()
    died = Q(sending_at__lt=now - UNANSWERED) & ~Q(kind__in=AT_MOST_ONCE)
    free = SupportEmail.objects.filter(Q(sending_at=None) | died, pk=letter.pk, sent_at=None, unsendable=False)
    return bool(free.update(sending_at=now))


def send_pending() -> None:
    """What the mail server did not take, and what may never have reached it."""
    hour_ago = timezone.now() - timedelta(hours=1)
    waiting = SupportEmail.objects.filter(sent_at=None, unsendable=False, written_at__lt=hour_ago)
    for letter in waiting.exclude(sending_at__isnull=False, kind__in=AT_MOST_ONCE):
        send_email(letter.pk)


def resend(letter: SupportEmail) -> bool:
    """Somebody has looked: it did not go. Whether it waits for the worker now."""
    unanswered = SupportEmail.objects.filter(pk=letter.pk, sent_at=None, sending_at__lt=timezone.now() - UNANSWERED)
    with transaction.atomic():
        forgotten = unanswered.update(sending_at=None)
        if forgotten:
            app.configure_task(SEND).defer(letter=letter.pk)
    return bool(forgotten)


def _message(letter: SupportEmail, address: str) -> EmailMultiAlternatives:
    subscription = letter.subscription or (letter.entry.subscription if letter.entry else None)
    context = {
        "outlet": Outlet.objects.get(),
        "offer": Offer.objects.get(),
        "letter": letter,
        "entry": letter.entry,
        "subscription": subscription,
        "account_url": settings.SITE_URL + reverse("account"),
        "support_url": settings.SITE_URL + reverse("support"),
    }
    text = render_to_string(f"subscriptions/letters/{letter.kind}.txt", context).strip()
    subject, _, body = text.partition("\n")
    about = letter.about.replace(" ", ".")
    message = EmailMultiAlternatives(
        subject.strip(),
        render_to_string("subscriptions/letters/plain.txt", {**context, "body": body.strip()}),
        to=[address],
        headers=message_headers(f"{letter.kind}.{letter.pk}.{about}"),
    )
    message.attach_alternative(
        render_to_string("subscriptions/letters/letter.html", {**context, "subject": subject, "body": body.strip()}),
        "text/html",
    )
    return message
