"""What readers are written about their money: each thing once, plain and in HTML."""

from datetime import timedelta
from smtplib import SMTPResponseException
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from newsroom.models import User
from subscriptions import emails
from subscriptions.models import Checkout, StripeEvent, SupportEmail
from subscriptions.sync.apply import apply_session, apply_subscription
from tests.articles.admin.test_article import desk
from tests.factories import erase
from tests.subscriptions.conftest import StripeWorld

MONTH = str(32 * 86400)


def _sent() -> dict[str, str]:
    """The subjects by kind; each letter is sent twice, as by two workers."""
    mail.outbox.clear()
    pending = list(SupportEmail.objects.filter(sent_at=None).order_by("pk"))
    for letter in [*pending, *pending]:
        emails.send_email(letter.pk)
    assert len(mail.outbox) == len(pending)
    return {letter.kind: str(message.subject) for letter, message in zip(pending, mail.outbox, strict=True)}


def test_a_supporters_life_in_letters(reader: User, client: Client, stripe_world: StripeWorld) -> None:
    subscription = stripe_world.subscribe(reader)
    assert _sent() == {"welcome": "You are a subscriber of The Valley Ledger"}
    assert "$10 has arrived" in mail.outbox[0].body
    assert mail.outbox[0].to == [reader.email]

    stripe_world.control("clock", advance=MONTH)
    stripe_world.tell(client)
    assert _sent() == {"receipt": "Your payment to The Valley Ledger: $10"}

    customer = str(stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).customer)
    stripe_world.control("card", customer=customer, fails_with="insufficient_funds")
    stripe_world.control("clock", advance=MONTH)
    stripe_world.tell(client)
    assert list(_sent()) == ["payment_failed"]
    assert "There was not enough money on the card." in mail.outbox[0].body
    stripe_world.control("clock", advance=str(2 * 86400))  # the card is tried again, and the reader is not told again
    stripe_world.tell(client)
    assert _sent() == {}

    stripe_world.client().v1.subscriptions.update(subscription.stripe_id, {"cancel_at_period_end": True})
    apply_subscription(subscription.stripe_id, cause="test")
    assert _sent() == {}, "one whose payment failed is told of that alone"
    stripe_world.client().v1.subscriptions.cancel(subscription.stripe_id)
    apply_subscription(subscription.stripe_id, cause="test")
    assert _sent() == {"ended": "Your subscription to The Valley Ledger has ended"}

    StripeEvent.objects.update(applied_at=None)
    stripe_world.tell(client)
    assert _sent() == {}, "the same events again write nothing"


def test_the_end_is_told_once_though_it_is_taken_back_and_set_again(reader: User, stripe_world: StripeWorld) -> None:
    subscription = stripe_world.subscribe(reader)
    _sent()
    for cancelled in (True, False, True):
        stripe_world.client().v1.subscriptions.update(subscription.stripe_id, {"cancel_at_period_end": cancelled})
        apply_subscription(subscription.stripe_id, cause="test")
    assert list(_sent()) == ["ending"]


def test_a_guest_is_thanked_once_and_told_of_a_refund_once(client: Client, stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift(email="guest@example.org")
    apply_session(str(Checkout.objects.get().stripe_session_id), cause="test")
    assert list(_sent()) == ["thank_you"]
    (message,) = mail.outbox
    assert message.to == ["guest@example.org"]
    assert donation.payment_intent in message.body
    stripe_world.client().v1.refunds.create({"payment_intent": donation.payment_intent, "amount": 500})
    stripe_world.tell(client, "refund.created", "charge.refund.updated")
    assert _sent() == {"refunded": "The Valley Ledger gives you $5 back"}


def test_both_parts_say_the_same_and_what_is_typed_stays_text(reader: User, stripe_world: StripeWorld) -> None:
    from newsroom.models import Outlet

    Outlet.objects.update(name="<b>Ledger</b> & Sons")
    stripe_world.subscribe(reader)
    _sent()
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert "<b>Ledger</b> & Sons" in message.body
    assert "&lt;b&gt;Ledger&lt;/b&gt; &amp; Sons" in html
    assert 'href="http://testserver/account/"' in html
    assert "http://testserver/account/" in message.body
    assert message.extra_headers["Message-ID"].endswith("@testserver>")


def test_the_letter_is_queued_with_the_change_and_a_failed_sending_is_tried_again(
    reader: User, stripe_world: StripeWorld, settings: Any
) -> None:
    stripe_world.subscribe(reader)
    letter = SupportEmail.objects.get()
    jobs = ProcrastinateJob.objects.filter(task_name=emails.SEND)
    assert [job.args for job in jobs] == [{"letter": letter.pk}]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        emails.send_email(letter.pk)
    letter.refresh_from_db()
    assert letter.sent_at is None


class _Dies(BaseException):
    """As if the process were killed at this moment."""


def test_killed_while_sending_a_receipt_goes_once_at_most_and_the_rest_once_more(
    reader: User, publisher: User, client: Client, stripe_world: StripeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    stripe_world.subscribe(reader)
    stripe_world.gift(email="guest@example.org")
    take, taken = EmailMultiAlternatives.send, []

    def taken_and_killed(message: EmailMultiAlternatives) -> None:
        take(message)
        taken.append(message.extra_headers["Message-ID"])
        raise _Dies

    with monkeypatch.context() as killed:
        killed.setattr(EmailMultiAlternatives, "send", taken_and_killed)
        for letter in SupportEmail.objects.all():
            with pytest.raises(_Dies):
                emails.send_email(letter.pk)
    for letter in SupportEmail.objects.all():
        emails.send_email(letter.pk)
    assert len(mail.outbox) == 2, "somebody may still be sending them"

    hours_ago = timezone.now() - timedelta(hours=2)
    SupportEmail.objects.update(sending_at=hours_ago, written_at=hours_ago)
    for _ in range(2):
        emails.send_pending()
    assert sorted(SupportEmail.objects.exclude(sent_at=None).values_list("kind", flat=True)) == ["thank_you"]
    again = [message.extra_headers["Message-ID"] for message in mail.outbox[2:]]
    assert again == [name for name in taken if "thank_you" in name], "so that a mailbox can drop the double"

    desk(publisher).post(
        "/admin/subscriptions/supportemail/",
        {"action": "send_once_more", "_selected_action": [letter.pk for letter in SupportEmail.objects.all()]},
    )
    for letter in SupportEmail.objects.all():
        emails.send_email(letter.pk)
    assert [message.subject for message in mail.outbox[3:]] == ["You are a subscriber of The Valley Ledger"]


def test_a_server_that_says_no_is_asked_again(reader: User, stripe_world: StripeWorld, settings: Any) -> None:
    stripe_world.subscribe(reader)
    letter = SupportEmail.objects.get()
    settings.EMAIL_BACKEND = "tests.subscriptions.test_emails.Refusing"
    with pytest.raises(SMTPResponseException):
        emails.send_email(letter.pk)
    letter.refresh_from_db()
    assert letter.sending_at is None


class Refusing(BaseEmailBackend):
    def send_messages(self, messages: object) -> int:
        raise SMTPResponseException(451, b"Try again later")


def test_nobody_is_written_to_after_leaving_nor_about_what_is_long_past(
    reader: User, stripe_world: StripeWorld
) -> None:
    stripe_world.subscribe(reader)
    erase(reader)
    mail.outbox.clear()
    emails.send_email(SupportEmail.objects.earliest("pk").pk)
    assert mail.outbox == []
    donation = stripe_world.gift()
    entry = donation.ledger.get()
    SupportEmail.objects.all().delete()
    emails.enqueue_email(
        SupportEmail.Kind.RECEIPT, "old", happened=timezone.now() - emails.MAX_NEWS_AGE - timedelta(days=1), entry=entry
    )
    assert not SupportEmail.objects.exists()
