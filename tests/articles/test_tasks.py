import smtplib
from collections.abc import Sequence

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from articles.models import Article
from articles.publishing import workflow
from articles.tasks import notify
from newsroom.models import User


@pytest.fixture
def second_editor(editor: User) -> User:
    other = User.objects.create_user("editor2@example.org", name="Insha", is_staff=True)
    other.groups.add(Group.objects.get(name="Editor"))
    return other


@pytest.fixture
def step(draft: Article, reporter: User, editor: User, second_editor: User) -> int:
    """The event of a reporter's submission."""
    workflow.submit(draft, by=reporter, expected="draft")
    return draft.events.latest("pk").pk


def test_each_editor_gets_one_mail_and_a_retry_sends_none_twice(step: int, editor: User, second_editor: User) -> None:
    notify(step)
    notify(step)
    assert sorted(message.to for message in mail.outbox) == sorted([[editor.email], [second_editor.email]])
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2
    assert {message.subject for message in mail.outbox} == {"In Review: Snow came early"}
    assert not any(message.bcc or message.cc for message in mail.outbox)


class AsksOneToWait(EmailBackend):
    """A mail server that takes nothing for one address just now."""

    waiting = "editor@example.org"

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if [self.waiting] in [message.to for message in messages]:
            raise smtplib.SMTPRecipientsRefused({self.waiting: (451, b"Try again later")})
        return super().send_messages(messages)


def test_one_address_that_must_wait_holds_up_no_other(
    step: int, editor: User, second_editor: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.AsksOneToWait"
    with pytest.raises(smtplib.SMTPRecipientsRefused):  # the queue retries
        notify(step)
    assert [message.to for message in mail.outbox] == [[second_editor.email]]
    monkeypatch.setattr(AsksOneToWait, "waiting", "")
    notify(step)
    assert [message.to for message in mail.outbox] == [[second_editor.email], [editor.email]]
