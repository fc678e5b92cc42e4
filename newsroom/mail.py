"""Sends every mail of ours, once. What allauth sends goes through accounts/adapters.py, with the same headers.

A mail is three templates of one name, as allauth has them: `<app>/email/<name>_subject.txt`, `<name>_message.txt` and,
where there is one, `<name>_message.html`.
"""

from contextlib import closing, suppress
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate import RetryStrategy

from newsroom.models import Delivery, Email, Outlet

MAX_SUBJECT = 150  # characters
# For tasks that send mail: 2 s, 4 s, 8 s … 9 hours, together 18 hours, so that a mail server may be away for a night.
RETRY = RetryStrategy(max_attempts=15, exponential_wait=2)


class StillSending(Exception):
    """Another process is sending this mail, or died while it did: try again in five minutes."""


def send(
    template: str,
    to: str,
    *,
    key: str,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> None:
    """Send one mail to one address, unless the mail with this `key` has been sent or refused.

    `template` is like `comments/email/reply`. Call it from a task with `retry=mail.RETRY`, outside any transaction.
    Raises OSError or SMTPException if the mail server cannot be reached or asks to try later, and StillSending.
    """
    email, _ = Email.objects.get_or_create(key=key, defaults={"template": template})
    deliver(email, template, to, context=context, headers=headers)


def deliver(
    delivery: Delivery,
    template: str,
    to: str,
    *,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
    at_most_once: bool = False,
) -> None:
    """Send one mail like `send`, with its state in `delivery`, a row of any model of deliveries.

    With `at_most_once`, a mail whose sending was cut short is not sent again: it may have arrived.
    """
    row = type(delivery).objects.filter(pk=delivery.pk)
    with transaction.atomic(durable=True):  # raises inside a transaction: other processes must see the claim
        if not row.unfinished().exists():
            return
    message = _message(template, to, delivery.message_name, context, headers or {})
    with closing(get_connection()) as message.connection:
        message.connection.open()  # raises before the claim if no server answers
        if not row.claim(at_most_once=at_most_once):
            if row.unfinished().exists() and not at_most_once:
                raise StillSending(delivery.message_name)
            return
        try:
            message.send()
        except (SMTPResponseException, SMTPRecipientsRefused) as error:  # the server has said no
            if code := _permanent_refusal(error):
                row.update(refused_at=timezone.now(), refusal=f"The mail server refused the address ({code}).")
                return
            row.update(sending_at=None)
            raise
        row.update(sent_at=timezone.now())


def message_headers(name: str) -> dict[str, str]:
    """Return headers that stay the same however often a mail is sent, and that keep automatic replies away."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}


def _permanent_refusal(error: SMTPResponseException | SMTPRecipientsRefused) -> int:
    """Return the code by which the server refused this one mail for good, or 0.

    A refused sender is a mistake in our settings, which stops no mail for good.
    """
    if isinstance(error, SMTPRecipientsRefused):
        ((code, _text),) = error.recipients.values()
    elif isinstance(error, SMTPDataError):
        code = error.smtp_code
    else:
        return 0
    return int(code) if code >= 500 else 0


def _message(
    template: str, to: str, name: str, context: dict[str, Any], headers: dict[str, str]
) -> EmailMultiAlternatives:
    whole = {"outlet": Outlet.objects.get(), "site_url": settings.SITE_URL, **context}
    message = EmailMultiAlternatives(
        " ".join(render_to_string(f"{template}_subject.txt", whole).split())[:MAX_SUBJECT],
        render_to_string(f"{template}_message.txt", whole).strip() + "\n",
        to=[to],
        headers={**headers, **message_headers(name)},
    )
    with suppress(TemplateDoesNotExist):  # most have none
        message.attach_alternative(render_to_string(f"{template}_message.html", whole), "text/html")
    return message
