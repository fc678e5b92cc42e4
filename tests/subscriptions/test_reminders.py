"""Readers are reminded in time, once, and only of what is still so at Stripe."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from newsroom.models import User
from subscriptions import emails, reminders
from subscriptions.models import GRACE_PERIOD, Subscription, SupportEmail
from subscriptions.sync.apply import apply_subscription
from tests.subscriptions.conftest import StripeWorld

DAY = 86400


@pytest.fixture(autouse=True)
def _afterwards(stripe_world: StripeWorld) -> Iterator[None]:
    stripe_world.reset()
    yield
    stripe_world.reset()


def _reminded() -> list[str]:
    """Run the task twice. Return the kinds of the reminders."""
    reminders.write_reminders()
    reminders.write_reminders()
    kinds = [SupportEmail.Kind.LAST_REMINDER, SupportEmail.Kind.CARD_EXPIRING]
    return list(SupportEmail.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True))


def _failed(world: StripeWorld, reader: User, *, since: timedelta, code: str = "insufficient_funds") -> Subscription:
    subscription = world.subscribe(reader, days_ago="2")
    customer = str(world.client().v1.subscriptions.retrieve(subscription.stripe_id).customer)
    world.control("card", customer=customer, fails_with=code)
    world.control("clock", advance=str(32 * DAY))
    apply_subscription(subscription.stripe_id, cause="test")
    Subscription.objects.update(past_due_since=timezone.now() - since)
    return Subscription.objects.get()


@pytest.mark.parametrize(
    ("before_the_end", "reminded"),
    [
        (timedelta(days=3, minutes=1), []),
        (timedelta(days=3), ["last_reminder"]),
        (timedelta(minutes=1), ["last_reminder"]),
        (timedelta(minutes=-1), []),
    ],
)
def test_the_last_reminder_comes_within_three_days_of_the_end(
    before_the_end: timedelta, reminded: list[str], reader: User, stripe_world: StripeWorld
) -> None:
    _failed(stripe_world, reader, since=GRACE_PERIOD - before_the_end)
    assert _reminded() == reminded


def test_the_mails_lead_to_the_invoice_and_say_what_the_bank_wants(reader: User, stripe_world: StripeWorld) -> None:
    subscription = _failed(stripe_world, reader, since=timedelta(days=12), code="authentication_required")
    assert subscription.pay_url
    _reminded()
    mail.outbox.clear()
    for email in SupportEmail.objects.filter(kind__in=["payment_failed", "last_reminder"]).order_by("pk"):
        emails.send_email(email.pk)
    first, last = mail.outbox
    assert first.subject == "Your bank wants you to confirm your payment to The Valley Ledger"
    for message in (first, last):
        assert f"You need not sign in:\n{subscription.pay_url}\n" in message.body
        assert "Your bank wants you to confirm the payment." in message.body
    assert last.subject.startswith("Your access to The Valley Ledger ends on")


def test_who_has_paid_without_our_hearing_of_it_is_not_reminded(reader: User, stripe_world: StripeWorld) -> None:
    subscription = _failed(stripe_world, reader, since=timedelta(days=12))
    stripe_world.control("card", customer=str(reader.customer.stripe_id), fails_with="")
    invoice = str(stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).latest_invoice)
    stripe_world.client().v1.invoices.pay(invoice)
    assert _reminded() == []
    assert Subscription.objects.get().status == "active"


def test_stripe_away_puts_a_reminder_off(reader: User, stripe_world: StripeWorld) -> None:
    _failed(stripe_world, reader, since=timedelta(days=12))
    stripe_world.control("down", on="true")
    assert _reminded() == []
    stripe_world.control("down", on="false")
    assert _reminded() == ["last_reminder"]


def test_a_card_that_expires_before_the_next_payment_is_told_of_once(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    today = timezone.localdate()
    last = today.replace(day=monthrange(today.year, today.month)[1])
    stripe_world.control("card", customer=str(reader.customer.stripe_id), expires=f"{today:%Y-%m}")
    stripe_id = Subscription.objects.get().stripe_id
    apply_subscription(stripe_id, cause="test")
    Subscription.objects.update(card_expires=today + timedelta(days=40))
    assert _reminded() == []
    subscription = apply_subscription(stripe_id, cause="test")
    assert subscription.card_expires == last
    assert _reminded() == ["card_expiring"]
    mail.outbox.clear()
    emails.send_email(SupportEmail.objects.get(kind="card_expiring").pk)
    (message,) = mail.outbox
    assert f"expires on {last:%-d %B %Y}" in message.body
    stripe_world.control("card", customer=str(reader.customer.stripe_id), expires="2040-12")
    SupportEmail.objects.all().delete()
    assert _reminded() == [], "the card was changed, and we had not heard of it"


@pytest.mark.parametrize(
    ("card", "next_payment", "fields", "told"),
    [
        (0, 1, {}, True),
        (30, 31, {}, True),
        (31, 40, {}, False),
        (-1, 5, {}, False),
        (20, 20, {}, False),
        (20, 25, {"cancel_at": timezone.now()}, False),
        (20, 25, {"collection_paused": True}, False),
        (20, 25, {"status": "past_due"}, False),
        (20, 25, {"unwanted_since": timezone.now()}, False),
    ],
)
def test_which_cards_are_told_of(
    card: int, next_payment: int, fields: dict[str, object], told: bool, reader: User
) -> None:
    now = timezone.localtime().replace(hour=12)
    Subscription.objects.create(
        **{
            "user": reader,
            "stripe_id": "sub_1",
            "status": "active",
            "amount": 1000,
            "currency": "usd",
            "started_at": now,
            "current_period_end": now + timedelta(days=next_payment),
            "card_expires": now.date() + timedelta(days=card),
            **fields,
        }
    )
    assert reminders.expiring_cards().exists() is told
