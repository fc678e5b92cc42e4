"""Subscribing and donating, from the buttons of the public pages to the thanks."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from newsroom.models import User
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import GRACE_PERIOD, Checkout, Customer, Donation, LedgerEntry, Offer, Subscription
from subscriptions.sync.apply import apply_session, apply_subscription
from tests.subscriptions.conftest import StripeWorld, gift_form


@pytest.fixture
def browser() -> Client:
    """A browser that is asked for the token, as real ones are."""
    return Client(enforce_csrf_checks=True)


def _token(client: Client) -> str:
    return str(client.get("/overlay/").json()["token"])


def _give(client: Client, **form: str) -> str:
    form = {"form_id": gift_form(), **form, "csrfmiddlewaretoken": _token(client)}
    response = client.post("/support/donate/", form)
    assert response.status_code == 303
    return str(response["Location"])


def test_a_gift_without_a_token_is_first_shown_to_be_confirmed(browser: Client, stripe_world: StripeWorld) -> None:
    response = browser.post("/support/donate/", {"amount": "25"})
    assertContains(response, "You are about to give <strong>$25</strong>, once.")
    assertContains(response, 'value="25"')
    assert not Checkout.objects.exists()


def test_a_guest_gives_once_and_is_thanked(browser: Client, stripe_world: StripeWorld) -> None:
    address = _give(browser, amount="12.50")
    assert address.startswith("http://127.0.0.1:")
    checkout = Checkout.objects.get()
    assert (checkout.kind, checkout.amount, checkout.status) == ("donation", 1250, "open")

    stripe_world.pay(checkout, "guest@example.org")
    page = f"/support/thanks/?checkout={checkout.public_id}"
    assertContains(browser.get(page), "Your gift of <strong>$12.50</strong> has arrived.")
    assertContains(browser.get(page), "Your gift of <strong>$12.50</strong> has arrived.")

    donation = Donation.objects.get()
    assert (donation.amount, donation.currency, donation.user, donation.email) == (
        1250,
        "usd",
        None,
        "guest@example.org",
    )
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.stripe_id, entry.donation) == (1250, donation.payment_intent, donation)


def test_the_same_form_sent_twice_is_one_gift_and_another_amount_is_another(
    browser: Client, stripe_world: StripeWorld
) -> None:
    form_id = gift_form()
    first = _give(browser, amount="25", form_id=form_id)
    assert _give(browser, amount="25", form_id=form_id) == first
    assert Checkout.objects.count() == 1
    assert _give(browser, amount="30", form_id=form_id) != first
    assert Checkout.objects.count() == 2


def test_a_form_sent_again_after_it_was_paid_leads_to_the_thanks(browser: Client, stripe_world: StripeWorld) -> None:
    form_id = gift_form()
    _give(browser, amount="25", form_id=form_id)
    stripe_world.pay(Checkout.objects.get())
    assert "/support/thanks/" in _give(browser, amount="25", form_id=form_id)
    assert Checkout.objects.get().status == "paid"
    assert Donation.objects.count() == 1


def test_an_expired_payment_page_is_followed_by_a_new_one(browser: Client, stripe_world: StripeWorld) -> None:
    form_id = gift_form()
    first = _give(browser, amount="25", form_id=form_id)
    session = str(Checkout.objects.get().stripe_session_id)
    stripe_world.client().v1.checkout.sessions.expire(session)
    apply_session(session, cause="test")
    assert Checkout.objects.get().status == "expired"

    again = _give(browser, amount="25", form_id=form_id)

    assert again != first
    checkout = Checkout.objects.get()
    assert (checkout.status, checkout.attempt) == ("open", 2)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Please enter an amount."),
        ({"amount": "much"}, "Please enter the amount as a number"),
        ({"amount": "0.50"}, "The smallest gift we can take is $1."),
        ({"amount": "10001"}, "For more than $10,000, please write to us"),
        ({"amount": "9" * 100_000}, "That amount is too large."),
        ({"amount": "12.345"}, "Please use no more than 2 decimal places."),
        ({"preset": "<script>"}, "Please enter the amount as a number"),
    ],
)
def test_an_amount_that_cannot_be_is_said_beside_the_field(
    browser: Client, stripe_world: StripeWorld, typed: dict[str, str], message: str
) -> None:
    response = browser.post("/support/donate/", {**typed, "csrfmiddlewaretoken": _token(browser)})
    assertContains(response, message, status_code=422)
    assert not Checkout.objects.exists()


def test_ones_own_amount_wins_over_the_preset(browser: Client, stripe_world: StripeWorld) -> None:
    _give(browser, preset="25", amount="40")
    assert Checkout.objects.get().amount == 4000


def test_stripe_down_is_said_plainly_and_trying_again_is_the_same_gift(
    browser: Client, stripe_world: StripeWorld
) -> None:
    form = {"amount": "25", "form_id": gift_form(), "csrfmiddlewaretoken": _token(browser)}
    stripe_world.control("down", on="true")
    response = browser.post("/support/donate/", form)
    assertContains(response, "The payment service does not answer just now.", status_code=503)
    assertContains(response, 'value="25"', status_code=503)
    assertContains(response, form["form_id"], status_code=503)
    assert Checkout.objects.get().stripe_session_id is None

    stripe_world.control("down", on="false")
    assert browser.post("/support/donate/", form).status_code == 303
    assert Checkout.objects.count() == 1


def test_a_guest_who_wants_to_subscribe_is_asked_to_sign_up_first(browser: Client, db: None) -> None:
    response = browser.post("/support/subscribe/")
    assert response["Location"] == "/accounts/signup/?next=/support/subscribe/"


def test_a_reader_subscribes_and_is_shown_as_a_subscriber(reader: User, stripe_world: StripeWorld) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assertContains(client.post("/support/subscribe/"), "Continue to payment")
    assert client.get("/overlay/").json()["supporter"] is False
    response = client.post("/support/subscribe/", {"csrfmiddlewaretoken": _token(client)})
    assert response.status_code == 303

    checkout = Checkout.objects.get()
    stripe_world.pay(checkout, reader.email)
    assertContains(client.get(f"/support/thanks/?checkout={checkout.public_id}"), "You are a subscriber now")
    assertContains(client.get("/account/"), "You are a subscriber.")
    assert client.get("/overlay/").json()["supporter"] is True
    assert Customer.objects.get().user == reader


def test_two_tabs_and_a_double_click_meet_on_one_payment_page(reader: User, stripe_world: StripeWorld) -> None:
    assert checkouts.start_subscription(reader) == checkouts.start_subscription(reader)
    assert Checkout.objects.count() == 1
    assert Customer.objects.count() == 1


def test_a_new_price_closes_the_payment_page_of_the_old_one(reader: User, stripe_world: StripeWorld) -> None:
    old = checkouts.start_subscription(reader)
    Offer.objects.update(monthly_amount=1500)
    new = checkouts.start_subscription(reader)
    assert new != old
    assert list(Checkout.objects.order_by("pk").values_list("amount", "status")) == [(1000, "expired"), (1500, "open")]
    first = stripe_world.client().v1.checkout.sessions.retrieve(
        str(Checkout.objects.order_by("pk")[0].stripe_session_id)
    )
    assert first.status == "expired"


def test_a_second_subscription_is_stopped_before_the_payment_page(subscriber: User, stripe_world: StripeWorld) -> None:
    # We have not heard of the payment yet: it is found out at the very click.
    with pytest.raises(checkouts.AlreadySubscribed):
        checkouts.start_subscription(subscriber)
    assert Subscription.objects.get(user=subscriber).status == "active"
    with pytest.raises(checkouts.AlreadySubscribed):
        checkouts.start_subscription(subscriber)
    client = Client()
    client.force_login(subscriber)
    assert client.post("/support/subscribe/")["Location"] == "/account/"


def test_cancelling_in_the_portal_shows_until_when_it_stays(subscriber: User, stripe_world: StripeWorld) -> None:
    checkout = Checkout.objects.get(user=subscriber)
    apply_session(str(checkout.stripe_session_id), cause="test")
    subscription = Subscription.objects.get()
    stripe_world.client().v1.subscriptions.update(subscription.stripe_id, {"cancel_at_period_end": True})
    subscription = apply_subscription(subscription.stripe_id, cause="test")

    assert subscription.state == "ending"
    client = Client()
    client.force_login(subscriber)
    assertContains(client.get("/account/"), "Your subscription ends on")
    assert Subscription.objects.entitling().count() == 1


def test_the_portal_opens_by_post_and_only_for_oneself(
    subscriber: User, reader: User, stripe_world: StripeWorld
) -> None:
    client = Client()
    assert client.post("/support/manage/")["Location"].startswith("/accounts/login/")
    client.force_login(reader)
    assert client.post("/support/manage/")["Location"] == "/account/"
    client.force_login(subscriber)
    assert client.get("/support/manage/")["Location"] == "/account/"
    assert client.post("/support/manage/").status_code == 303


NOW = timezone.now()


@pytest.mark.parametrize(
    ("status", "past_due_since", "entitled"),
    [
        ("active", None, True),
        ("trialing", None, True),
        ("past_due", NOW, True),
        ("past_due", NOW - GRACE_PERIOD - timedelta(days=1), False),
        ("unpaid", None, False),
        ("canceled", None, False),
        ("incomplete", None, False),
        ("incomplete_expired", None, False),
        ("paused", None, False),
    ],
)
def test_who_is_entitled(reader: User, status: str, past_due_since: datetime | None, entitled: bool) -> None:
    Subscription.objects.create(
        user=reader,
        stripe_id="sub_1",
        status=status,
        amount=1000,
        currency="usd",
        started_at=NOW,
        current_period_end=NOW,
        past_due_since=past_due_since,
    )
    assert Subscription.objects.entitling().exists() is entitled


def test_a_thanks_page_tells_nothing_without_its_secret_address(client: Client, db: None) -> None:
    assert client.get("/support/thanks/")["Location"] == "/support/"
    assert client.get("/support/thanks/?checkout=1")["Location"] == "/support/"
    assert client.get(f"/support/thanks/?checkout={uuid.uuid4()}").status_code == 404
