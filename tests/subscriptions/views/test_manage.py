"""The account page shows a person their support, and what they can do about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django.asserts import assertContains, assertNotContains

from newsroom.models import User
from subscriptions.access import access_for
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import GRACE_PERIOD, Checkout, Customer, LedgerEntry, Subscription
from subscriptions.sync.apply import apply_session, apply_subscription
from tests.subscriptions.conftest import StripeWorld


@pytest.fixture
def known_subscriber(subscriber: User) -> User:
    """A subscriber whose payment is applied."""
    apply_session(str(Checkout.objects.get(user=subscriber).stripe_session_id), cause="test")
    return subscriber


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _day(moment: object) -> str:
    return date_format(timezone.localtime(moment), "j F Y")  # type: ignore[arg-type]


def test_a_subscriber_sees_state_next_charge_payments_and_why(known_subscriber: User) -> None:
    page = _client(known_subscriber).get("/account/")
    subscription = Subscription.objects.get()
    assertContains(page, f"$10 a month; the next payment is on {_day(subscription.current_period_end)}")
    assertContains(page, f"everything stays open until {_day(subscription.current_period_end)}")
    assertContains(page, '<td class="money">$10</td>', html=True)
    assertContains(page, "Why do I have access?")
    assertContains(page, "<strong>Open.</strong>")


def test_what_was_given_back_is_in_the_history(known_subscriber: User) -> None:
    subscription = Subscription.objects.get()
    LedgerEntry.objects.create(
        kind="refund",
        stripe_id="re_1",
        amount=-1000,
        currency="usd",
        subscription=subscription,
        payment=LedgerEntry.objects.get(subscription=subscription),
        occurred_at=timezone.now(),
    )
    assertContains(_client(known_subscriber).get("/account/"), '<td class="money">−$10</td>', html=True)


def test_a_cancellation_in_the_portal_is_known_on_the_way_back(
    known_subscriber: User, stripe_world: StripeWorld
) -> None:
    client = _client(known_subscriber)
    stripe_id = Subscription.objects.get().stripe_id
    stripe_world.client().v1.subscriptions.update(stripe_id, {"cancel_at_period_end": True})
    page = client.get("/support/manage/back/", follow=True)
    assertContains(page, "Your subscription ends on")
    assertContains(page, "Keep my subscription")
    stripe_world.client().v1.subscriptions.update(stripe_id, {"cancel_at_period_end": False})
    assertContains(client.get("/support/manage/back/", follow=True), "You are a subscriber.")


@pytest.mark.parametrize(
    ("to", "flow"), [("card", "payment_method_update"), ("cancel", "subscription_cancel"), ("", None), ("\0", None)]
)
def test_the_portal_begins_with_what_was_asked_for(
    known_subscriber: User, stripe_world: StripeWorld, to: str, flow: str | None
) -> None:
    client = _client(known_subscriber)
    assert client.post("/support/manage/", {"to": to}).status_code == 303
    (*_, session) = stripe_world.read("objects")["billing_portal.session"]
    assert (session["flow"] and session["flow"]["type"]) == flow
    Subscription.objects.update(cancel_at=timezone.now())
    assert client.post("/support/manage/", {"to": "cancel"}).status_code == 303, "cancelled in another tab meanwhile"


def test_a_renewal_that_fails_is_said_with_what_to_do_and_access_stays(
    known_subscriber: User, stripe_world: StripeWorld
) -> None:
    customer = Customer.objects.get()
    stripe_world.control("card", customer=str(customer.stripe_id), fails_with="insufficient_funds")
    stripe_world.control("clock", advance=str(33 * 86400))
    subscription = apply_subscription(Subscription.objects.get().stripe_id, cause="test")
    assert subscription.status == "past_due"
    page = _client(known_subscriber).get("/account/")
    assertContains(page, "Your last payment failed.")
    assertContains(page, "There was not enough money on the card.")
    assertContains(page, f"It is tried again until {_day(subscription.retried_until)}.")
    assertContains(page, "Change card")
    assertContains(page, "<strong>Open.</strong> The last payment failed, and it stays open")
    stripe_world.control("reset")


def test_after_the_grace_period_the_reader_is_told_why_not(known_subscriber: User) -> None:
    Subscription.objects.update(status="past_due", past_due_since=timezone.now() - GRACE_PERIOD - timedelta(days=1))
    page = _client(known_subscriber).get("/account/")
    assertContains(page, "Why do I not have access?")
    assertContains(page, "was tried again until")


def test_a_reader_without_a_subscription_is_told_the_rule(reader: User) -> None:
    page = _client(reader).get("/account/")
    assertContains(page, "This account never had a subscription.")
    assertContains(page, "A gift opens nothing, and closes nothing.")


@pytest.mark.parametrize("status", ["active", "trialing", "past_due", "unpaid", "paused", "incomplete", "canceled"])
def test_the_reason_agrees_with_what_is_open(reader: User, status: str) -> None:
    Subscription.objects.create(
        user=reader,
        stripe_id="sub_1",
        status=status,
        amount=1000,
        currency="usd",
        started_at=timezone.now(),
        current_period_end=timezone.now(),
        past_due_since=timezone.now() if status == "past_due" else None,
    )
    assert access_for(reader).open is Subscription.objects.entitling().filter(user=reader).exists()


def test_receipts_of_a_month_and_of_a_gift_lead_to_stripe(known_subscriber: User, stripe_world: StripeWorld) -> None:
    client = _client(known_subscriber)
    form_id = Checkout.objects.get().public_id
    gift = checkouts.start_donation(form_id=form_id, user=known_subscriber, amount=2500, currency="usd")
    checkouts.payment_page(gift)
    stripe_world.pay(gift)
    apply_session(str(Checkout.objects.get(kind="donation").stripe_session_id), cause="test")
    addresses = [client.get(f"/support/receipts/{entry.pk}/")["Location"] for entry in LedgerEntry.objects.all()]
    assert sorted(address.split("/")[3] for address in addresses) == ["invoices", "receipts"]


def test_receipts_are_for_oneself_and_stripe_down_is_said(
    known_subscriber: User, reader: User, stripe_world: StripeWorld
) -> None:
    path = f"/support/receipts/{LedgerEntry.objects.get().pk}/"
    assert Client().get(path)["Location"].startswith("/accounts/login/")
    assert _client(reader).get(path).status_code == 404
    stripe_world.control("down", on="true")
    assertContains(_client(known_subscriber).get(path), "does not answer just now", status_code=503)


def test_the_badge_is_off_until_somebody_wants_it(known_subscriber: User) -> None:
    client = _client(known_subscriber)
    assert known_subscriber.shows_support is False
    client.post("/account/badge/", {"shows_support": "on"})
    known_subscriber.refresh_from_db()
    assert known_subscriber.shows_support is True
    client.post("/account/badge/")
    known_subscriber.refresh_from_db()
    assert known_subscriber.shows_support is False


def test_staff_see_the_same_facts_at_the_persons_page(publisher: User, editor: User, known_subscriber: User) -> None:
    path = f"/admin/newsroom/user/{known_subscriber.pk}/change/"
    page = _client(publisher).get(path)
    assertContains(page, "<strong>Open.</strong>")
    assertContains(page, "The rule: Open to whoever has a subscription")
    assert _client(editor).get(path).status_code == 403
    assertNotContains(_client(publisher).get("/admin/newsroom/user/add/"), "The rule:")
