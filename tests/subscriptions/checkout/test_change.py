"""A subscriber changes amount or interval: said before, charged from the next payment on, once."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django.asserts import assertContains, assertRedirects

from newsroom.models import User
from subscriptions.models import LedgerEntry, Offer, Subscription
from subscriptions.sync.apply import apply_subscription
from tests.articles.support import signed_in
from tests.subscriptions.conftest import StripeWorld

PAGE = "/support/change/"
DAY = 86400


@pytest.fixture(autouse=True)
def _afterwards(stripe_world: StripeWorld) -> Any:
    Offer.objects.update(yearly_amount=10000, choose_amount=True)
    stripe_world.reset()
    yield
    stripe_world.reset()


def _confirmed(client: Client, **chosen: str) -> dict[str, str]:
    """Choose, and return the form that confirms what the page then says."""
    response = client.post(PAGE, {"form_id": str(uuid.uuid4()), **chosen})
    assert response.status_code == 200
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', response.content.decode()))


def _next(subscription: Subscription) -> str:
    return date_format(timezone.localtime(subscription.current_period_end), "j F Y")


@pytest.mark.parametrize(
    ("chosen", "price", "amount", "days"),
    [
        ({"amount": "15"}, "$15 a month", 1500, 32),
        ({"interval": "year"}, "$100 a year", 10000, 32),
        ({"interval": "year", "amount": "250"}, "$250 a year", 25000, 32),
    ],
    ids=["amount", "yearly", "yearly-and-more"],
)
def test_what_is_chosen_is_said_and_begins_with_the_next_payment(
    chosen: dict[str, str], price: str, amount: int, days: int, reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    client = signed_in(reader)
    assertContains(client.get("/account/"), "Change the amount")
    assertContains(client.get(PAGE), "You pay $10 a month.")
    said = f"From {_next(subscription)} you pay <strong>{price}</strong>. Nothing is charged today."
    assertContains(client.post(PAGE, chosen), said)
    assert Subscription.objects.get().amount == 1000

    page = client.post(PAGE, _confirmed(client, **chosen), follow=True)

    assertContains(page, f"From {_next(subscription)} you pay {price}. Nothing was charged today.")
    assertContains(page, f"{price}; the next payment is on {_next(subscription)}")
    (person,) = stripe_world.read("charges").values()
    assert person["charged"] == 1000
    assert Subscription.objects.entitling().exists()
    stripe_world.control("clock", advance=str(days * DAY))
    stripe_world.tell(client)
    assert list(LedgerEntry.objects.order_by("pk").values_list("amount", flat=True)) == [1000, amount]
    changed = Subscription.objects.get()
    assert (changed.status, changed.amount) == ("active", amount)


def test_back_from_a_year_to_a_month_before_it_began(reader: User, stripe_world: StripeWorld) -> None:
    ends = stripe_world.subscribe(reader).current_period_end
    client = signed_in(reader)
    client.post(PAGE, _confirmed(client, interval="year"))
    client.post(PAGE, _confirmed(client, interval="month", amount="12"))
    subscription = Subscription.objects.get()
    assert (subscription.amount, subscription.interval, subscription.current_period_end) == (1200, "month", ends)
    stripe_world.control("clock", advance=str(32 * DAY))
    (person,) = stripe_world.read("charges").values()
    assert person["charged"] == 1000 + 1200


def test_a_double_click_and_a_lost_answer_change_once(reader: User, stripe_world: StripeWorld) -> None:
    stripe_id = stripe_world.subscribe(reader).stripe_id
    client = signed_in(reader)
    form = _confirmed(client, amount="15")
    stripe_world.control("faults", kind="error_after", method="POST", path="/v1/subscriptions", times="3")
    page = client.post(PAGE, form)
    assertContains(page, "does not answer just now", status_code=503)
    assertContains(page, 'value="15"', status_code=503)
    stripe_world.control("clear_faults")
    assertRedirects(client.post(PAGE, form), "/account/")
    assertRedirects(client.post(PAGE, form), "/account/")
    changes = [body for body in stripe_world.events("customer.subscription.updated") if b"1500" in body]
    assert len(changes) == 1
    assert apply_subscription(stripe_id, cause="test").amount == 1500


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"amount": "9"}, "The smallest amount is $10 a month."),
        ({"interval": "year", "amount": "99"}, "The smallest amount is $100 a year."),
        ({"amount": "much"}, "Please enter the amount as a number"),
        ({"amount": "9" * 100_000}, "That amount is too large."),
        ({"interval": "week"}, "Just now you can pay $10 a month or $100 a year."),
        ({"amount": "10001"}, "For more than $10,000, please write to us"),
        ({"form_id": "\0", "seen": "<b>", "amount": "😀"}, "Please enter the amount as a number"),
    ],
)
def test_what_cannot_be_is_said_in_words(
    typed: dict[str, str], words: str, reader: User, stripe_world: StripeWorld
) -> None:
    stripe_world.subscribe(reader)
    assertContains(signed_in(reader).post(PAGE, typed), words, status_code=422)


def test_who_has_nothing_to_change_is_led_to_the_account(reader: User, stripe_world: StripeWorld) -> None:
    client = signed_in(reader)
    assertRedirects(client.get(PAGE), "/account/")
    stripe_world.subscribe(reader)
    assert client.get(PAGE).status_code == 200
    assertContains(client.post(PAGE, {"interval": "month"}, follow=True), "nothing is changed")
    for fields in ({"not_understood": "it has no price"}, {"begun_here": False}, {"cancel_at": timezone.now()}):
        before = Subscription.objects.values(*fields).get()
        Subscription.objects.update(**fields)
        assertRedirects(client.post(PAGE, {"amount": "15"}), "/account/")
        Subscription.objects.update(**before)
    Offer.objects.update(currency="inr")
    assertRedirects(client.get(PAGE), "/account/")


def test_a_subscription_of_several_prices_is_changed_by_the_publisher_alone(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    stripe = stripe_world.client().v1.subscriptions
    product = str(stripe.retrieve(subscription.stripe_id).items.data[0].price.product)
    more = {"currency": "usd", "product": product, "recurring": {"interval": "month"}, "unit_amount": 500}
    stripe.update(subscription.stripe_id, {"items": [{"price_data": more}], "proration_behavior": "none"})  # type: ignore[arg-type]
    client = signed_in(reader)
    assertContains(client.post(PAGE, _confirmed(client, amount="25")), "terms of its own", status_code=409)
    assert apply_subscription(subscription.stripe_id, cause="test").amount == 1500
