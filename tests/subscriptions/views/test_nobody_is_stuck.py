"""Whoever could not be charged is told how it stands, and has a button that mends it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from newsroom.models import User
from subscriptions.checkout import payment_page
from subscriptions.models import Checkout, LedgerEntry, Subscription, SupportEmail
from subscriptions.stripe.errors import Unreachable
from subscriptions.sync.apply import apply_invoice, apply_session, apply_subscription
from tests.articles.support import signed_in
from tests.subscriptions.conftest import StripeWorld

DAY = 86400


@pytest.fixture(autouse=True)
def _afterwards(stripe_world: StripeWorld) -> Any:
    stripe_world.reset()
    yield
    stripe_world.reset()  # the clock and the settings go back


def _renewal_fails(world: StripeWorld, reader: User, *, then: str = "cancel", code: str = "insufficient_funds") -> str:
    """Let the next payments of a subscriber fail. Return the subscription's id."""
    subscription = world.subscribe(reader, days_ago="2")
    world.control("settings", exhausted=then)
    customer = str(world.client().v1.subscriptions.retrieve(subscription.stripe_id).customer)
    world.control("card", customer=customer, fails_with=code)
    return subscription.stripe_id


def _first_debit(world: StripeWorld, reader: User) -> Checkout:
    payment_page.start_subscription(reader)
    checkout = Checkout.objects.get(user=reader, status="open")
    world.control("pay", session=str(checkout.stripe_session_id), email=reader.email, later="true")
    return apply_session(str(checkout.stripe_session_id), cause="test")


def _begin_anew(world: StripeWorld, client: Client, reader: User) -> Subscription:
    response = client.post("/support/subscribe/")
    assert response.status_code == 303
    checkout = Checkout.objects.get(user=reader, status="open")
    world.pay(checkout, reader.email)
    apply_session(str(checkout.stripe_session_id), cause="test")
    return Subscription.objects.filter(user=reader).latest("pk")


@pytest.mark.parametrize("ending", ["unpaid", "pause"])
def test_whom_stripe_no_longer_charges_begins_anew_and_the_dead_one_ends_first(
    ending: str, reader: User, stripe_world: StripeWorld
) -> None:
    stripe_id = _renewal_fails(stripe_world, reader, then=ending)
    stripe_world.control("clock", advance=str(90 * DAY))
    apply_subscription(stripe_id, cause="test")
    client = signed_in(reader)
    page = client.get("/account/")
    assertContains(page, "Your last payment failed.")
    assertContains(page, 'href="/support/subscribe/"')
    assertContains(client.get("/support/subscribe/"), "nothing more is charged for it")

    anew = _begin_anew(stripe_world, client, reader)

    assert anew.stripe_id != stripe_id
    assert anew.status == "active"
    assert stripe_world.client().v1.subscriptions.retrieve(stripe_id).status == "canceled"
    assertContains(client.get("/account/"), "You are a subscriber.")
    kinds = list(SupportEmail.objects.values_list("kind", flat=True))
    assert sorted(kinds) == ["payment_failed", "welcome", "welcome"], "no word of an end to one who stays"


def test_a_first_debit_that_failed_is_tried_anew_and_charged_once(reader: User, stripe_world: StripeWorld) -> None:
    checkout = _first_debit(stripe_world, reader)
    client = signed_in(reader)
    assertContains(client.get("/account/"), "Your first payment is not confirmed yet.")
    assert client.post("/support/subscribe/")["Location"] == "/account/"
    stripe_world.control("settle", session=str(checkout.stripe_session_id), outcome="fail")
    apply_subscription(Subscription.objects.get().stripe_id, cause="test")  # the session's own event was lost
    page = client.get("/account/")
    assertContains(page, "Your first payment failed.")
    assertContains(page, "Subscribe again")
    assertContains(page, "Pay $10 now")

    anew = _begin_anew(stripe_world, client, reader)

    assert anew.status == "active"
    former = Subscription.objects.exclude(pk=anew.pk).get()
    assert former.status in Subscription.ENDED
    (person,) = stripe_world.read("charges").values()
    assert person["charged"] - person["refunded"] == 1000


def test_a_new_try_goes_on_after_stripe_failed_in_between(reader: User, stripe_world: StripeWorld) -> None:
    stripe_id = _renewal_fails(stripe_world, reader, then="unpaid")
    stripe_world.control("clock", advance=str(90 * DAY))
    apply_subscription(stripe_id, cause="test")
    stripe_world.control("faults", kind="error", method="DELETE", path="/v1/subscriptions", times="3")
    with pytest.raises(Unreachable):
        payment_page.start_subscription(reader)
    assert not Checkout.objects.filter(status="open").exists()
    stripe_world.control("clear_faults")
    assert payment_page.start_subscription(reader)
    assert stripe_world.client().v1.subscriptions.retrieve(stripe_id).status == "canceled"


def test_what_is_paid_in_another_tab_while_beginning_anew_comes_back(reader: User, stripe_world: StripeWorld) -> None:
    checkout = _first_debit(stripe_world, reader)
    stripe_world.control("settle", session=str(checkout.stripe_session_id), outcome="fail")
    subscription = apply_subscription(Subscription.objects.get().stripe_id, cause="test")
    stripe_world.control("card", customer=str(reader.customer.stripe_id), fails_with="")
    stripe_world.control("faults", kind="error", method="DELETE", path="/v1/subscriptions", times="3")
    with pytest.raises(Unreachable):
        payment_page.start_subscription(reader)
    stripe_world.control("clear_faults")
    invoice = str(stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).latest_invoice)
    stripe_world.client().v1.invoices.pay(invoice)
    apply_invoice(invoice, cause="test")
    _begin_anew(stripe_world, signed_in(reader), reader)
    (person,) = stripe_world.read("charges").values()
    assert person["charged"] - person["refunded"] == 1000


def test_one_that_was_not_begun_here_is_left_alone_and_its_reader_told_to_write(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    Subscription.objects.update(status="unpaid", begun_here=False)
    client = signed_in(reader)
    page = client.get("/account/")
    assertContains(page, "It was not begun on this site")
    assertNotContains(page, "Subscribe again")
    assert client.get("/support/subscribe/")["Location"] == "/account/"
    assert not payment_page.replaceable(reader).exists()
    assert stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).status == "active"


def test_a_payment_that_failed_is_paid_on_its_own_page_from_the_account_and_from_the_mail(
    reader: User, stripe_world: StripeWorld
) -> None:
    stripe_id = _renewal_fails(stripe_world, reader, code="authentication_required")
    stripe_world.control("clock", advance=str(32 * DAY))
    subscription = apply_subscription(stripe_id, cause="test")
    assert subscription.status == "past_due"
    client = signed_in(reader)
    page = client.get("/account/")
    assertContains(page, "Your bank wants you to confirm the payment.")
    assertContains(page, "Pay $10 now")
    Subscription.objects.update(pay_url="")  # what is paid is asked live
    response = client.post("/support/pay/")
    invoice = stripe_world.client().v1.subscriptions.retrieve(stripe_id, {"expand": ["latest_invoice"]}).latest_invoice
    assert (response.status_code, response["Location"]) == (303, invoice.hosted_invoice_url)  # type: ignore[union-attr]


def test_the_button_to_pay_is_for_oneself_and_says_when_nothing_is_open(
    subscriber: User, reader: User, stripe_world: StripeWorld
) -> None:
    apply_session(str(Checkout.objects.get().stripe_session_id), cause="test")
    client = signed_in(subscriber)
    assertContains(client.post("/support/pay/", follow=True), "Nothing waits to be paid.")
    assertContains(signed_in(reader).post("/support/pay/", follow=True), "Nothing waits to be paid.")
    assert client.get("/support/pay/")["Location"] == "/account/"
    stripe_world.control("down", on="true")
    assertContains(client.post("/support/pay/"), "does not answer just now", status_code=503)


def test_paused_payments_are_said_instead_of_a_next_payment(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    client = signed_in(reader)
    Subscription.objects.update(collection_paused=True)
    assertContains(client.get("/account/"), "Your payments are paused; nothing is charged.")
    Subscription.objects.update(collection_resumes_at=timezone.now() + timedelta(days=40))
    page = client.get("/account/")
    assertContains(page, "Your payments are paused until")
    assertNotContains(page, "the next payment is on")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"interval": "year", "amount": 10000}, "$100 a year; the next payment"),
        ({"interval": "month", "interval_count": 3, "amount": 3000}, "$30 every 3 months; the next payment"),
        ({"amount": 0, "not_understood": "one of its prices has tiers"}, "subscriber.</strong> The next payment"),
    ],
)
def test_what_is_paid_is_said_as_it_is(
    fields: dict[str, Any], words: str, reader: User, stripe_world: StripeWorld
) -> None:
    stripe_world.subscribe(reader)
    Subscription.objects.update(**fields)
    assertContains(signed_in(reader).get("/account/"), words)


def test_of_several_the_one_that_serves_best_is_shown(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    Subscription.objects.create(
        user=reader,
        stripe_id="sub_elsewhere",
        status="unpaid",
        amount=500,
        currency="usd",
        started_at=timezone.now() + timedelta(days=1),
        current_period_end=timezone.now(),
    )
    assertContains(signed_in(reader).get("/account/"), "You are a subscriber.")
    assert LedgerEntry.objects.count() == 1
