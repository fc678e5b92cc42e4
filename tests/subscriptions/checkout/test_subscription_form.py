"""Readers choose between the month and the year, and may pay more, where the offer lets them."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from newsroom.models import User
from subscriptions.checkout.forms import SubscriptionForm
from subscriptions.models import Checkout, Offer, Subscription
from subscriptions.sync.apply import apply_session
from tests.articles.support import signed_in
from tests.subscriptions.conftest import StripeWorld


@pytest.fixture
def generous(db: None) -> None:
    """An offer of a year's price, and of more."""
    Offer.objects.update(yearly_amount=10000, choose_amount=True)


def _errors(**data: str) -> list[str]:
    form = SubscriptionForm(data, offer=Offer.objects.get())
    return [str(error) for errors in form.errors.values() for error in errors]


def test_nothing_chosen_is_the_monthly_price(db: None) -> None:
    form = SubscriptionForm({}, offer=Offer.objects.get())
    assert form.is_valid()
    assert form.choice == (1000, "month")
    assert form.query == {}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"interval": "year"}, ["Just now you can pay $10 a month."]),
        ({"amount": "25"}, ["Just now everybody pays the same: $10 a month."]),
        ({"amount": "10"}, []),
    ],
)
def test_what_is_not_offered_is_not_taken(data: dict[str, str], errors: list[str], db: None) -> None:
    assert _errors(**data) == errors


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"interval": "year"}, []),
        ({"interval": "year", "amount": "100"}, []),
        ({"interval": "year", "amount": "99.99"}, ["The smallest amount is $100 a year."]),
        ({"amount": "9.99"}, ["The smallest amount is $10 a month."]),
        ({"amount": "10000"}, []),
        ({"amount": "10000.01"}, ["For more than $10,000, please write to us: a transfer costs you and us less."]),
        ({"amount": "0"}, ["The smallest amount is $10 a month."]),
        ({"amount": " "}, []),
        ({"interval": "day"}, ["Just now you can pay $10 a month or $100 a year."]),
    ],
)
def test_the_bounds_of_an_own_amount(data: dict[str, str], errors: list[str], generous: None) -> None:
    assert _errors(**data) == errors


def test_the_month_comes_first_and_the_year_beside_it(client: Client, generous: None) -> None:
    page = client.get("/support/")
    month = '<label class="amount-choice"><input type="radio" name="interval" value="month" checked><span>$10 a month</span></label>'
    assertContains(page, month, html=True)
    assertContains(page, "$100 a year")
    assertContains(page, "Or more, if you can")
    Offer.objects.update(yearly_amount=None, choose_amount=False)
    page = Client().get("/support/?")
    assertContains(page, "<strong>$10</strong>/month")
    assertNotContains(page, "a year")


def test_the_choice_survives_signing_up(
    client: Client, reader: User, generous: None, stripe_world: StripeWorld
) -> None:
    response = client.post("/support/subscribe/", {"interval": "year", "amount": "120", "came_from": "/articles/snow/"})
    following = "/support/subscribe/%3Finterval%3Dyear%26amount%3D120%26came_from%3D%252Farticles%252Fsnow%252F"
    assert response["Location"] == f"/accounts/signup/?next={following}"
    signed = signed_in(reader)
    page = signed.get("/support/subscribe/", {"interval": "year", "amount": "120", "came_from": "/articles/snow/"})
    assertContains(page, "<strong>$120 a year</strong>, until you say stop.")
    assertContains(page, 'value="year" checked')
    assertContains(page, 'value="120"')


def test_a_wrong_amount_is_said_before_signing_up_and_stays(client: Client, generous: None) -> None:
    page = client.post("/support/subscribe/", {"interval": "year", "amount": "<b>12"})
    assertContains(page, "Please enter the amount as a number", status_code=422)
    assertContains(page, 'value="&lt;b&gt;12"', status_code=422)
    assertContains(page, 'value="year" checked', status_code=422)


def test_a_year_is_sold_as_a_year(reader: User, generous: None, stripe_world: StripeWorld) -> None:
    client = signed_in(reader)
    assert client.post("/support/subscribe/", {"interval": "year", "amount": "120"}).status_code == 303
    checkout = Checkout.objects.get()
    stripe_world.pay(checkout, reader.email)
    assertContains(client.get(f"/support/thanks/?checkout={checkout.public_id}"), "<strong>$120 a year</strong>")
    subscription = Subscription.objects.get()
    assert (subscription.amount, subscription.interval, subscription.monthly_amount) == (12000, "year", 1000)


def test_another_choice_in_another_tab_closes_the_first_page(
    reader: User, generous: None, stripe_world: StripeWorld
) -> None:
    client = signed_in(reader)
    choices: list[dict[str, Any]] = [{}, {"interval": "year"}, {"interval": "year", "amount": "200"}, {}]
    addresses = [client.post("/support/subscribe/", choice)["Location"] for choice in choices]
    assert len(set(addresses)) == 4
    assert client.post("/support/subscribe/", {})["Location"] == addresses[-1]
    sessions = stripe_world.client().v1.checkout.sessions
    statuses = [
        sessions.retrieve(str(checkout.stripe_session_id)).status for checkout in Checkout.objects.order_by("pk")
    ]
    assert statuses == ["expired", "expired", "expired", "open"]
    checkout = Checkout.objects.get(status="open")
    stripe_world.pay(checkout, reader.email)
    assert client.post("/support/subscribe/", {"interval": "year"})["Location"] == "/account/", "paid meanwhile"
    apply_session(str(checkout.stripe_session_id), cause="test")
    assert Subscription.objects.get().amount == 1000
