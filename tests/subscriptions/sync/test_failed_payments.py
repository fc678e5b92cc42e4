"""A renewal that fails, whatever Stripe is told to do then: the reader keeps the grace period, and has a way to pay."""

import pytest

from newsroom.models import User
from subscriptions.checkout import payment_page
from subscriptions.models import Checkout, Subscription, SupportEmail
from subscriptions.sync.apply import apply_session, apply_subscription
from tests.subscriptions.conftest import StripeWorld

HOUR = 3700  # an invoice is charged an hour after it was made
MONTH = 31 * 86400


@pytest.fixture
def subscription(reader: User, stripe_world: StripeWorld) -> Subscription:
    """A subscription whose card is refused from now on."""
    stripe_world.reset()
    subscription = stripe_world.subscribe(reader)
    SupportEmail.objects.all().delete()
    customer = stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).customer
    stripe_world.control("card", customer=str(customer), fails_with="insufficient_funds")
    return subscription


def _applied(subscription: Subscription) -> Subscription:
    return apply_subscription(subscription.stripe_id, cause="test")


@pytest.mark.parametrize("ending", ["past_due", "pause", "unpaid"])
def test_the_reader_is_told_why_and_where_to_pay(
    ending: str, subscription: Subscription, stripe_world: StripeWorld
) -> None:
    stripe_world.control("settings", exhausted=ending)
    stripe_world.control("clock", advance=str(MONTH))
    stripe_world.control("clock", advance=str(HOUR))
    failed = _applied(subscription)
    assert (failed.status, failed.state, failed.card_problem) == ("past_due", "payment_failed", "funds")
    assert failed.pay_url.startswith("http")
    since = failed.past_due_since
    assert since is not None
    assert Subscription.objects.entitling().filter(pk=failed.pk).exists()
    stripe_world.control("clock", advance=str(MONTH - 5 * 86400))
    failed = _applied(subscription)
    assert failed.state == "payment_failed"
    assert SupportEmail.objects.filter(kind="payment_failed").count() == 1
    if ending == "pause":
        assert (failed.status, failed.past_due_since) == ("paused", since)
        assert Subscription.objects.entitling().filter(pk=failed.pk).exists()


def test_what_is_paid_in_the_end_is_as_before(subscription: Subscription, stripe_world: StripeWorld) -> None:
    stripe_world.control("clock", advance=str(MONTH))
    stripe_world.control("clock", advance=str(HOUR))
    failed = _applied(subscription)
    stripe_world.control("card", customer=str(reader_customer(stripe_world, subscription)), fails_with="")
    stripe_world.client().v1.invoices.pay(str(newest_invoice(stripe_world, subscription)))
    paid = _applied(subscription)
    assert failed.pay_url
    assert (paid.state, paid.pay_url, paid.card_problem, paid.past_due_since) == ("active", "", "", None)


def reader_customer(world: StripeWorld, subscription: Subscription) -> object:
    return world.client().v1.subscriptions.retrieve(subscription.stripe_id).customer


def newest_invoice(world: StripeWorld, subscription: Subscription) -> object:
    return world.client().v1.subscriptions.retrieve(subscription.stripe_id).latest_invoice


def test_a_first_bank_debit_waits_and_when_it_fails_the_reader_can_do_something(
    reader: User, stripe_world: StripeWorld
) -> None:
    payment_page.start_subscription(reader)
    session = str(Checkout.objects.get(user=reader).stripe_session_id)
    stripe_world.control("pay", session=session, email=reader.email, later="true")
    apply_session(session, cause="test")
    subscription = Subscription.objects.get()
    assert (subscription.state, subscription.card_problem) == ("starting", "")
    stripe_world.control("settle", session=session, outcome="fail")
    failed = _applied(subscription)
    assert (failed.status, failed.state) == ("incomplete", "payment_failed")
    assert failed.card_problem
    assert SupportEmail.objects.filter(kind="payment_failed").count() == 1
