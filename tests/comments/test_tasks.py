"""The mails to guests: each goes once, also after a retry, with the headers of an automatic mail."""

import re

import pytest
from django.core import mail
from pytest_django import Settings

from articles.models import Edition
from comments import erasure
from comments.models import Commenter
from comments.posting import confirm, identity, post
from comments.posting.post import Reply
from comments.tasks import send_confirmation, send_erasure_link
from tests.comments.conftest import no_mail_server

ASKED_AT = "2026-12-01T12:00:00+00:00"


@pytest.fixture
def guest(edition: Edition) -> Commenter:
    """A guest whose comment waits for the mail."""
    reply = Reply(body="Hello.", name="Haseena", email="haseena@example.org")
    return post.post(reply, edition=edition, writer=None).commenter


def _assert_automatic() -> None:
    (message,) = mail.outbox
    assert message.to == ["haseena@example.org"]
    assert re.fullmatch(r"<email\.\d+@\S+>", message.extra_headers["Message-ID"])
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_confirmation_goes_once_after_the_mail_server_was_away(guest: Commenter, settings: Settings) -> None:
    with no_mail_server(settings), pytest.raises(ConnectionRefusedError):
        send_confirmation(guest.pk)
    assert Commenter.objects.get().email == "haseena@example.org"  # for the retry
    send_confirmation(guest.pk)
    _assert_automatic()
    assert mail.outbox[0].subject == "Please confirm your comment"
    assert "The link works for seven days." in str(mail.outbox[0].body)
    Commenter.objects.update(email="haseena@example.org")  # as if the worker had died before it deleted the address
    send_confirmation(guest.pk)
    _assert_automatic()
    assert Commenter.objects.get().email == ""


def test_a_later_confirmation_is_another_mail(guest: Commenter) -> None:
    send_confirmation(guest.pk)
    Commenter.objects.update(mailed_at="2026-01-01T00:00Z")
    confirm.request_confirmation(guest, "haseena@example.org")
    send_confirmation(guest.pk)
    assert len(mail.outbox) == 2


def test_the_link_to_leave_goes_once_for_each_request(guest: Commenter, settings: Settings) -> None:
    with no_mail_server(settings), pytest.raises(ConnectionRefusedError):
        send_erasure_link(guest.pk, removed=False, asked_at=ASKED_AT)
    send_erasure_link(guest.pk, removed=False, asked_at=ASKED_AT)
    _assert_automatic()
    assert mail.outbox[0].subject == "Please confirm that your comments are to be taken out"
    assert "for a day from now" in str(mail.outbox[0].body)
    Commenter.objects.update(email="haseena@example.org")
    send_erasure_link(guest.pk, removed=False, asked_at=ASKED_AT)
    assert len(mail.outbox) == 1
    Commenter.objects.update(email="haseena@example.org")
    send_erasure_link(guest.pk, removed=False)  # a job of an earlier version
    assert len(mail.outbox) == 2


def test_a_link_to_leave_opens_what_was_asked_for(guest: Commenter) -> None:
    Commenter.objects.update(verified_at="2026-01-01T00:00Z")
    token = erasure.ERASURE_LINK.token(guest, True)
    assert erasure.ERASURE_LINK.open_with(token) == (identity.commenter_by_email("haseena@example.org"), [True])
