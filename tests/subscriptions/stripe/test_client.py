"""Stripe breaks at each button: a plain word, nothing typed is lost, and the second try is the same payment."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from newsroom.models import User
from subscriptions.models import Checkout
from subscriptions.stripe import client as client_module
from subscriptions.stripe.client import _client_for, is_base_allowed
from subscriptions.sync.apply import apply_session
from tests.subscriptions.conftest import StripeWorld, gift_form

FAULTS = ["reset", "reset_after", "error", "error_after", "rate_limit"]
ALWAYS = "20"  # more often than the library tries


def _sessions(world: StripeWorld, checkout: Checkout) -> int:
    found = world.client().v1.checkout.sessions.list({"limit": 100})
    return sum(session.client_reference_id == str(checkout.public_id) for session in found.data)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_gift_is_one_payment_page_whatever_breaks(client: Client, stripe_world: StripeWorld, fault: str) -> None:
    form = {"amount": "25", "name": "Zoya", "message": "For the ferry.", "form_id": gift_form()}
    stripe_world.control("faults", kind=fault, times=ALWAYS, path="/v1/checkout/sessions")
    response = client.post("/support/donate/", form)
    for kept in ("does not answer just now", "For the ferry.", 'value="Zoya"', form["form_id"]):
        assertContains(response, kept, status_code=503)
    stripe_world.control("clear_faults")
    assert client.post("/support/donate/", form).status_code == 303
    checkout = Checkout.objects.get()
    assert (checkout.message, _sessions(stripe_world, checkout)) == ("For the ferry.", 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_subscribing_is_one_payment_page_whatever_breaks(
    client: Client, reader: User, stripe_world: StripeWorld, fault: str
) -> None:
    client.force_login(reader)
    form = {"came_from": "/articles/snow/whole/"}
    stripe_world.control("faults", kind=fault, times=ALWAYS, path="/v1/checkout/sessions")
    response = client.post("/support/subscribe/", form)
    assertContains(response, "does not answer just now", status_code=503)
    assertContains(response, 'value="/articles/snow/whole/"', status_code=503)
    stripe_world.control("clear_faults")
    assert client.post("/support/subscribe/", form).status_code == 303
    checkout = Checkout.objects.get()
    assert (checkout.came_from, _sessions(stripe_world, checkout)) == ("/articles/snow/whole/", 1)


def test_an_answer_that_comes_too_late_is_no_second_payment(
    client: Client, stripe_world: StripeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time-out is shortened, not the wait: the library itself gives up, and tries again with the same key."""
    monkeypatch.setattr(client_module, "TIMEOUT", (1, 0.3))
    _client_for.cache_clear()
    form = {"amount": "25", "form_id": gift_form()}
    try:
        stripe_world.control(
            "faults", kind="delay_after", seconds="1", times=ALWAYS, path="/v1/checkout/sessions", method="POST"
        )
        assertContains(client.post("/support/donate/", form), "does not answer just now", status_code=503)
        stripe_world.control("clear_faults")
    finally:
        monkeypatch.undo()
        _client_for.cache_clear()
    assert client.post("/support/donate/", form).status_code == 303
    assert _sessions(stripe_world, Checkout.objects.get()) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_the_portal_and_receipts_say_so(subscriber: User, stripe_world: StripeWorld, fault: str) -> None:
    apply_session(str(Checkout.objects.get().stripe_session_id), cause="test")
    client = Client()
    client.force_login(subscriber)
    stripe_world.control("faults", kind=fault, times="60", path="/v1/")
    assertContains(client.post("/support/manage/"), "Nothing was changed.", status_code=503)
    assertContains(client.get("/support/manage/back/", follow=True), "You are a subscriber.")
    entry = subscriber.subscriptions.get().ledger.get()
    assertContains(client.get(f"/support/receipts/{entry.pk}/"), "does not answer just now", status_code=503)
    stripe_world.control("clear_faults")
    assert client.post("/support/manage/").status_code == 303


def test_before_a_second_gift_of_which_nothing_is_known_none_is_begun(
    client: Client, stripe_world: StripeWorld
) -> None:
    client.post("/support/donate/", {"amount": "25", "form_id": gift_form()})
    stripe_world.pay(Checkout.objects.get())
    stripe_world.control("down", on="true")
    again = {"amount": "25", "form_id": gift_form()}
    assertContains(client.post("/support/donate/", again), "does not answer just now", status_code=503)
    assert Checkout.objects.count() == 1
    stripe_world.control("down", on="false")
    assertContains(client.post("/support/donate/", again), "You gave <strong>$25</strong>")


def test_no_address_but_stripes_own_is_called_with_a_live_key() -> None:
    assert is_base_allowed("https://api.stripe.com", "sk_live_1")
    assert is_base_allowed("http://127.0.0.1:18000", "sk_test_1")
    assert not is_base_allowed("http://127.0.0.1:18000", "sk_live_1")
    assert not is_base_allowed("https://stripe.example", "sk_test_1")
    assert not is_base_allowed("http://127.0.0.1.example", "sk_test_1")
