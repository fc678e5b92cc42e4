"""The mails to readers about their money: each once, as text and as HTML."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertContains

from newsroom.mail import StillSending
from newsroom.models import Outlet, User
from subscriptions import emails
from subscriptions.models import Checkout, StripeEvent, SupportEmail
from subscriptions.sync.apply import apply_session, apply_subscription
from tests.articles.support import signed_in
from tests.factories import erase
from tests.smtp_server import SmtpServer
from tests.subscriptions.conftest import StripeWorld

MONTH = str(32 * 86400)


def _sent() -> dict[str, str]:
    """Send each pending mail twice, as two workers might. Return the subjects by kind."""
    mail.outbox.clear()
    pending = list(SupportEmail.objects.filter(sent_at=None).order_by("pk"))
    for email in [*pending, *pending]:
        emails.send_email(email.pk)
    assert len(mail.outbox) == len(pending)
    return {email.kind: str(message.subject) for email, message in zip(pending, mail.outbox, strict=True)}


def test_a_supporters_life_in_mails(reader: User, client: Client, stripe_world: StripeWorld) -> None:
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


def test_the_mail_is_queued_with_the_change_and_a_failed_sending_is_tried_again(
    reader: User, stripe_world: StripeWorld, settings: Any
) -> None:
    stripe_world.subscribe(reader)
    email = SupportEmail.objects.get()
    jobs = ProcrastinateJob.objects.filter(task_name=emails.SEND_TASK)
    assert [job.args for job in jobs] == [{"letter": email.pk}]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        emails.send_email(email.pk)
    email.refresh_from_db()
    assert email.sent_at is None


class _Dies(BaseException):
    """Acts as if the process were killed at this moment."""


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
        for email in SupportEmail.objects.all():
            with pytest.raises(_Dies):
                emails.send_email(email.pk)
    receipt, thanks = SupportEmail.objects.order_by("pk")
    emails.send_email(receipt.pk)
    with pytest.raises(StillSending):
        emails.send_email(thanks.pk)
    assert len(mail.outbox) == 2

    hours_ago = timezone.now() - timedelta(hours=2)
    SupportEmail.objects.update(sending_at=hours_ago, written_at=hours_ago)
    for _ in range(2):
        emails.send_pending()
    assert sorted(SupportEmail.objects.exclude(sent_at=None).values_list("kind", flat=True)) == ["thank_you"]
    again = [message.extra_headers["Message-ID"] for message in mail.outbox[2:]]
    assert again == [name for name in taken if "thank_you" in name], "so that a mailbox can drop the double"

    signed_in(publisher).post(
        "/admin/subscriptions/supportemail/",
        {"action": "send_once_more", "_selected_action": [email.pk for email in SupportEmail.objects.all()]},
    )
    for email in SupportEmail.objects.all():
        emails.send_email(email.pk)
    assert [message.subject for message in mail.outbox[3:]] == ["You are a subscriber of The Valley Ledger"]


@pytest.fixture
def two_mails(stripe_world: StripeWorld) -> tuple[SupportEmail, SupportEmail]:
    """Two mails that are late: one to wrong@example.org, which tests let the server refuse, and one to right@…"""
    stripe_world.gift(email="wrong@example.org")
    stripe_world.gift(email="right@example.org")
    SupportEmail.objects.update(written_at=timezone.now() - timedelta(hours=2))
    wrong, right = SupportEmail.objects.order_by("pk")
    return wrong, right


def _states() -> list[tuple[bool, bool]]:
    """Return, for each mail, if it was sent and if it was refused."""
    return [(bool(email.sent_at), bool(email.refused_at)) for email in SupportEmail.objects.order_by("pk")]


def test_a_refused_address_ends_that_mail_alone_and_staff_see_it(
    two_mails: tuple[SupportEmail, SupportEmail], publisher: User, smtp_server: SmtpServer
) -> None:
    smtp_server.replies = {"RCPT TO:<wrong@": "550 5.1.1 No such person"}
    for _ in range(2):
        emails.send_pending()
    assert _states() == [(False, True), (True, False)]
    assert [message["To"] for message in smtp_server.messages] == ["right@example.org"]

    own = signed_in(publisher)
    for path in ("/admin/", "/admin/subscriptions/supportemail/?state=undelivered"):
        assertContains(own.get(path), "The mail server refused the address (550).")
    assertContains(own.get("/admin/"), "Mails about money not delivered")
    page = own.get(f"/admin/subscriptions/supportemail/{two_mails[0].pk}/change/")
    assertContains(page, "The mail server refused the address (550).")

    smtp_server.replies = {}
    own.post("/admin/subscriptions/supportemail/", {"action": "send_once_more", "_selected_action": [two_mails[0].pk]})
    emails.send_email(two_mails[0].pk)
    assert _states() == [(True, False), (True, False)]


def test_a_server_that_says_later_for_one_mail_is_asked_again_and_the_others_go_for_three_days(
    two_mails: tuple[SupportEmail, SupportEmail], publisher: User, smtp_server: SmtpServer
) -> None:
    smtp_server.replies = {"RCPT TO:<wrong@": "451 4.7.1 Try again later"}
    with pytest.raises(SMTPRecipientsRefused):
        emails.send_email(two_mails[0].pk)
    emails.send_pending()
    assert _states() == [(False, False), (True, False)]
    assertContains(signed_in(publisher).get("/admin/"), "It waits for the mail server.")
    SupportEmail.objects.update(written_at=timezone.now() - timedelta(days=3, minutes=1))
    emails.send_pending()
    assert _states() == [(False, True), (True, False)]
    assertContains(signed_in(publisher).get("/admin/"), "No mail server took it in 3 days.")


def test_a_server_that_hangs_up_after_taking_a_receipt_is_not_given_it_twice(
    reader: User, publisher: User, stripe_world: StripeWorld, smtp_server: SmtpServer
) -> None:
    stripe_world.subscribe(reader)
    smtp_server.hangs_up = True
    with pytest.raises(SMTPServerDisconnected):
        emails.send_email(SupportEmail.objects.get().pk)
    smtp_server.hangs_up = False
    long_ago = timezone.now() - timedelta(days=4)
    SupportEmail.objects.update(sending_at=long_ago, written_at=long_ago)
    emails.send_pending()
    assert len(smtp_server.messages) == 1
    assert _states() == [(False, False)], "it may have been sent, so it is not given up either"
    assertContains(signed_in(publisher).get("/admin/"), "Nobody knows whether it went.")


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
        SupportEmail.Kind.RECEIPT, "old", happened=timezone.now() - emails.MAX_AGE - timedelta(days=1), entry=entry
    )
    assert not SupportEmail.objects.exists()
