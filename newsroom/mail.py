"""Sends every mail of ours, once. What allauth sends goes through accounts/adapters.py, with the same headers.

A mail is three templates of one name, as allauth has them: `<app>/email/<name>_subject.txt`, `<name>_message.txt` and,
where there is one, `<name>_message.html`.
"""

from contextlib import closing, suppress
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone

from newsroom.models import Delivery, Email, Outlet

MAX_SUBJECT = 150  # characters


def send(
    template: str,
    to: str,
    *,
    key: str,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> None:
    """Send one mail to one address, unless the mail of this `key` has been sent or refused.

    `template` is like `comments/email/reply`. Call it from a task, outside of any transaction. Raises OSError or
    SMTPException where the mail server cannot be reached or asks to try later: let the task be retried.
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
    """Do the same for a mail whose state is kept in `delivery`, a row of any model of deliveries."""
    row = type(delivery).objects.filter(pk=delivery.pk)
    message = _message(template, to, delivery.message_name, context, headers or {})
    with closing(get_connection()) as message.connection:
        message.connection.open()  # fails here where no server answers, before anything is marked
        with transaction.atomic(durable=True):  # an error inside a transaction: others must see the mark
            if not row.claim(at_most_once=at_most_once):
                return
        try:
            message.send()
        except SMTPRecipientsRefused as refusal:
            ((code, _text),) = refusal.recipients.values()
            if code < 500:  # "try later"
                row.update(sending_at=None)
                raise
            row.update(refused_at=timezone.now(), refusal=f"The mail server refused the address ({code}).")
            return
        except SMTPException:
            row.update(sending_at=None)
            raise
        row.update(sent_at=timezone.now())


def message_headers(name: str) -> dict[str, str]:
    """Return headers that stay the same however often a mail is sent, and that keep automatic replies away."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}


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
