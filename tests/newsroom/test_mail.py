"""Mails are handed to a real SMTP server, once each."""

from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from newsroom.mail import StillSending, deliver, send
from newsroom.models import Email
from newsroom.paths import BASE_DIR
from tests.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db

TO = "asma@example.org"
KEY = "erasure.done.7"


class _Erasure:
    comments = "removed"


def _send(key: str = KEY, to: str = TO) -> None:
    send("newsroom/email/erasure_done", to, key=key, context={"erasure": _Erasure})


def _age(age: timedelta) -> None:
    Email.objects.update(sending_at=timezone.now() - age)


def test_a_mail_is_sent_once_however_often_it_is_asked_for(smtp_server: SmtpServer) -> None:
    for _ in range(3):
        _send()
    (message,) = smtp_server.messages
    email = Email.objects.get()
    assert (message["Subject"], message["To"]) == ("Your account is erased", TO)
    assert message["Message-ID"] == f"<email.{email.pk}@testserver>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "are taken away" in message.get_payload()
    assert (email.sent_at is not None, email.refused_at) == (True, None)
    _send(key="erasure.done.8")
    assert len(smtp_server.messages) == 2


@pytest.mark.parametrize(
    "replies", [{"RCPT": "550 5.1.1 No such person"}, {"DATA": "554 No"}], ids=["the recipient", "the mail"]
)
def test_what_the_server_refuses_for_good_is_marked_and_not_tried_again(
    replies: dict[str, str], smtp_server: SmtpServer
) -> None:
    smtp_server.replies = replies
    _send()
    email = Email.objects.get()
    assert (email.sent_at, email.refused_at is not None) == (None, True)
    assert "refused" in email.refusal
    assert TO not in str(Email.objects.values())
    smtp_server.replies = {}
    _send()
    assert smtp_server.messages == []
    _send(key="erasure.done.8", to="other@example.org")
    assert len(smtp_server.messages) == 1, "a refusal stops no other mail"


@pytest.mark.parametrize(
    "replies",
    [{"RCPT": "450 Later"}, {"DATA": "451 Later"}, {"MAIL": "550 Not from you"}],
    ids=["the recipient later", "the mail later", "our own address"],
)
def test_what_the_server_wants_later_is_sent_later(replies: dict[str, str], smtp_server: SmtpServer) -> None:
    smtp_server.replies = replies
    for _ in range(2):
        with pytest.raises(SMTPException):
            _send()
    smtp_server.replies = {}
    _send()
    assert len(smtp_server.messages) == 1


def test_a_mail_waits_for_a_server_that_cannot_be_reached(smtp_server: SmtpServer, settings: Settings) -> None:
    settings.EMAIL_PORT = 9
    with pytest.raises(OSError, match="refused"):
        _send()
    settings.EMAIL_PORT = smtp_server.port
    _send()
    assert len(smtp_server.messages) == 1


def test_a_mail_of_which_nobody_knows_is_sent_again_under_the_same_message_id(smtp_server: SmtpServer) -> None:
    smtp_server.hangs_up = True  # the state that a process leaves which dies after handing the mail over
    with pytest.raises(SMTPException):
        _send()
    smtp_server.hangs_up = False
    with pytest.raises(StillSending):
        _send()
    _age(timedelta(minutes=6))
    _send()
    first, second = smtp_server.message_ids
    assert first == second


def test_a_mail_that_may_go_once_at_most_is_not_sent_again(smtp_server: SmtpServer) -> None:
    email = Email.objects.create(key=KEY, template="newsroom/email/erasure_done")

    def deliver_once() -> None:
        deliver(email, email.template, TO, context={"erasure": _Erasure}, at_most_once=True)

    smtp_server.replies = {"RCPT": "450 Later"}
    with pytest.raises(SMTPRecipientsRefused):
        deliver_once()
    smtp_server.replies, smtp_server.hangs_up = {}, True
    with pytest.raises(SMTPException):
        deliver_once()
    smtp_server.hangs_up = False
    _age(timedelta(days=1))
    deliver_once()
    assert len(smtp_server.messages) == 1


def test_inside_a_transaction_nothing_is_sent(smtp_server: SmtpServer) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        _send()
    assert smtp_server.messages == []


def test_late_and_refused_mails_are_undelivered_and_old_ones_expire() -> None:
    now = timezone.now()

    def email(key: str, *, age: timedelta, **fields: object) -> None:
        Email.objects.create(key=key, template="a/email/b", created_at=now - age, **fields)

    day = timedelta(days=1)
    email("new", age=timedelta(minutes=50))
    email("late", age=timedelta(minutes=70))
    email("sent", age=29 * day, sent_at=now - 29 * day)
    email("sent long ago", age=31 * day, sent_at=now - 31 * day)
    email("refused", age=day, refused_at=now)
    email("refused long ago", age=91 * day, refused_at=now - 91 * day)
    email("never sent", age=91 * day)
    keys = {"late", "refused", "refused long ago", "never sent"}
    assert set(Email.objects.undelivered().values_list("key", flat=True)) == keys
    expired = {"sent long ago", "refused long ago", "never sent"}
    assert set(Email.objects.expired().values_list("key", flat=True)) == expired


def test_no_mail_escapes_its_text_as_html() -> None:
    """A text template says so itself, or extends one that does."""
    for template in BASE_DIR.glob("templates/*/email/*.txt"):
        text = template.read_text()
        assert "{% autoescape off %}" in text or "{% extends" in text or "{{" not in text, template
