"""Card testers are stopped at the donation form; honest donors are not, also where they share a network."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from newsroom.http.client_network import network_hash
from newsroom.models import User
from subscriptions.checkout import card_testing
from subscriptions.models import Checkout, Hold, StripeEvent
from tests.articles.support import signed_in
from tests.subscriptions.conftest import StripeWorld, gift_form

SHARED = "198.51.100.7"  # the one address of a carrier's thousands


def give(client: Client, address: str = SHARED, **form: str) -> Any:
    return client.post("/support/donate/", {"amount": "5", "form_id": gift_form(), **form}, REMOTE_ADDR=address)


def begun(how_many: int, *, network: str = SHARED, **fields: Any) -> None:
    """Create donations that were just started and not paid."""
    rows = {"kind": "donation", "amount": 500, "currency": "usd", "expires_at": timezone.now(), **fields}
    hashed = network_hash(network, purpose=card_testing.NETWORK_HASH_PURPOSE)
    Checkout.objects.bulk_create(Checkout(network=hashed, **rows) for _ in range(how_many))


# The form


@pytest.mark.parametrize(
    "form_id",
    [lambda: "", lambda: str(uuid.uuid4()), lambda: gift_form() + "x", lambda: gift_form(2 * 86400), lambda: "\0"],
    ids=["none", "not signed", "forged", "of yesterday", "odd"],
)
def test_a_form_that_is_not_ours_asks_once_more_with_all_that_was_typed(
    client: Client, stripe_world: StripeWorld, form_id: Callable[[], str]
) -> None:
    page = give(client, form_id=form_id(), name="Zoya")
    assert page.status_code in (200, 422)
    assertContains(page, 'value="Zoya"', status_code=page.status_code)
    assert not Checkout.objects.exists()
    signed = page.context["form"].signed
    assert card_testing.valid_form_id(signed)


def test_whoever_is_faster_than_a_person_is_asked_once_more_and_the_form_stays_the_same(
    client: Client, stripe_world: StripeWorld
) -> None:
    form_id = gift_form(0)
    page = give(client, form_id=form_id, name="Zoya")
    assertContains(page, "One more step.")
    assertContains(page, f'value="{form_id}"')
    assertContains(page, 'value="Zoya"')
    assert not Checkout.objects.exists()
    assert give(client, form_id=gift_form(3)).status_code == 303


def test_one_form_begins_few_gifts(client: Client, stripe_world: StripeWorld) -> None:
    form_id = gift_form()
    for amount in range(5, 5 + card_testing.MAX_DONATIONS_PER_FORM):
        assert give(client, form_id=form_id, amount=str(amount)).status_code == 303
    page = give(client, form_id=form_id, amount="50")
    assertContains(page, "You are about to give <strong>$50</strong>")
    assertNotContains(page, form_id)
    assert Checkout.objects.count() == card_testing.MAX_DONATIONS_PER_FORM


def test_public_pages_give_out_no_form_and_the_overlay_gives_another_each_time(client: Client, db: None) -> None:
    assertNotContains(client.get("/support/"), "form_id")
    first, second = (client.get("/overlay/").json()["gift"] for _ in range(2))
    assert first != second
    assert card_testing.valid_form_id(first)


# How many


def test_too_many_unpaid_gifts_of_a_network_wait_and_lose_nothing(client: Client, stripe_world: StripeWorld) -> None:
    begun(card_testing.MAX_UNPAID_PER_NETWORK)
    page = give(client, name="Zoya", message="Ask the ferrymen.")
    assertContains(page, "Please try again in 10 minutes. You have not been charged.", status_code=429)
    assert 590 <= int(page["Retry-After"]) <= 600
    for kept in ('value="Zoya"', "Ask the ferrymen.", 'value="5"'):
        assertContains(page, kept, status_code=429)
    assert Checkout.objects.count() == card_testing.MAX_UNPAID_PER_NETWORK
    assert give(client, "203.0.113.9").status_code == 303, "another network goes on"
    Checkout.objects.update(created_at=timezone.now() - card_testing.UNPAID_WINDOW)
    assert give(client).status_code == 303, "and this one when it said"


def test_a_neighbourhood_that_gives_through_one_network_passes(
    client: Client, reader: User, stripe_world: StripeWorld
) -> None:
    """A good day: two hundred have paid, thirty have not yet, and some cards were refused."""
    begun(200, status="paid", refusals=0)
    begun(30)
    begun(5, refusals=2)
    assert give(client).status_code == 303
    begun(card_testing.MAX_UNPAID_PER_NETWORK)
    assert give(client).status_code == 429
    client.force_login(reader)
    assertContains(client.get("/support/donate/"), "You are about to give <strong>$5</strong>")
    assert give(client).status_code == 303, "whoever is known is not counted with the network"


def test_one_person_begins_few_gifts_from_wherever(client: Client, reader: User, stripe_world: StripeWorld) -> None:
    client.force_login(reader)
    for number in range(card_testing.MAX_UNPAID_PER_PERSON):
        begun(1, user=reader, network=f"203.0.{number}.1")
    assert give(client).status_code == 429
    Checkout.objects.update(status="paid")
    assert give(client).status_code == 303


def test_the_same_form_goes_on_though_too_many_were_begun_meanwhile(client: Client, stripe_world: StripeWorld) -> None:
    form_id = gift_form()
    first = give(client, form_id=form_id)
    begun(card_testing.MAX_UNPAID_PER_NETWORK)
    assert give(client, form_id=form_id)["Location"] == first["Location"]


# Refused cards


def refuse(world: StripeWorld, client: Client, checkout: Checkout, times: int) -> None:
    for _ in range(times):
        world.press(f"/pay/{checkout.stripe_session_id}", action="decline", email="thief@example.org")
    world.tell(client, "charge.failed")
    checkout.refresh_from_db()


def test_a_page_on_which_cards_are_refused_again_and_again_is_closed(client: Client, stripe_world: StripeWorld) -> None:
    form_id = gift_form()
    give(client, form_id=form_id)
    checkout = Checkout.objects.get()
    refuse(stripe_world, client, checkout, card_testing.MAX_REFUSALS_PER_PAGE - 1)
    assert (checkout.refusals, checkout.status) == (5, "open")
    refuse(stripe_world, client, checkout, 1)
    StripeEvent.objects.update(applied_at=None)
    refuse(stripe_world, client, checkout, 0)  # all of it told twice
    assert (checkout.refusals, checkout.status) == (6, "expired")
    thanks = client.get(f"/support/thanks/?checkout={checkout.public_id}")
    assertContains(thanks, "Your bank refused the card without saying why.")
    page = give(client, form_id=form_id)
    assertContains(page, "Banks have refused cards again and again.", status_code=429)
    assert 3590 <= int(page["Retry-After"]) <= 3600
    assert give(client).status_code == 303, "with another form one tries another card"


def test_guests_of_a_network_with_more_refused_cards_than_gifts_sign_in_first(
    client: Client, reader: User, publisher: User, stripe_world: StripeWorld
) -> None:
    begun(2, refusals=card_testing.MAX_REFUSALS_PER_PAGE, status="expired")
    begun(1, status="paid")
    give(client, name="Zoya", message="Ask the ferrymen.")
    refuse(stripe_world, client, Checkout.objects.latest("pk"), 1)
    count = Checkout.objects.count()

    page = give(client, name="Zoya", message="Ask the ferrymen.", amount="12.50")
    assertContains(page, "Your gift of <strong>$12.50</strong> is kept", status_code=403)
    assert Checkout.objects.count() == count
    assert give(Client(), "203.0.113.9").status_code == 303, "a guest of another network goes on"

    client.force_login(reader)  # who comes back to what was typed
    page = client.get("/support/donate/")
    for kept in ("You are about to give <strong>$12.50</strong>", "Ask the ferrymen.", 'value="Zoya"'):
        assertContains(page, kept)
    assert give(client, amount="12.50").status_code == 303
    assert client.get("/support/donate/").status_code == 302, "and is not asked again"

    hold = Hold.objects.get()
    assert (hold.whom, hold.asked) == ("one network", 1)
    assertContains(signed_in(publisher).get("/admin/"), "One network. Cards refused within an hour: 13. Gifts paid: 1.")


def test_whoever_signs_up_then_finds_their_gift_again(client: Client, stripe_world: StripeWorld) -> None:
    begun(1, refusals=card_testing.MAX_REFUSALS_OF_ALL_GUESTS)
    page = give(client, message="Ask the ferrymen.")
    assertContains(page, 'href="/accounts/signup/?next=/support/donate/"', status_code=403)
    new = {"email": "zoya@example.org", "password1": "a-very-good-one", "next": "/support/donate/"}
    client.post("/accounts/signup/", new)
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", str(mail.outbox[0].body), re.MULTILINE)
    assert code is not None, mail.outbox[0].body
    page = client.post("/accounts/confirm-email/", {"code": code[1]}, follow=True)
    assert page.redirect_chain[-1][0] == "/support/donate/"
    assertContains(page, "Ask the ferrymen.")


def test_refused_cards_all_over_the_site_hold_all_guests_until_the_publisher_has_looked(
    client: Client, publisher: User, editor: User, stripe_world: StripeWorld
) -> None:
    for number in range(card_testing.MAX_REFUSALS_OF_ALL_GUESTS):
        begun(1, network=f"203.{number}.113.1", refusals=1)
    assert give(client).status_code == 403
    hold = Hold.objects.get()
    action = {"action": "end", "_selected_action": hold.pk}
    theirs, own = signed_in(editor), signed_in(publisher)
    assert theirs.post("/admin/subscriptions/hold/", action).status_code == 403
    page = own.get("/admin/subscriptions/hold/")
    assertContains(page, "all guests")
    begun_then = page.content.decode().split('<td class="field-gifts"><a href="')[1].split('"')[0].replace("&amp;", "&")
    assertContains(own.get(begun_then), "30 checkouts")
    own.post("/admin/subscriptions/hold/", action)
    hold.refresh_from_db()
    assert hold.ended_by == publisher
    assert give(client).status_code == 303, "and none begins by itself for an hour"
    Hold.objects.update(ended_at=timezone.now() - card_testing.HOLD_DURATION)
    assert give(client).status_code == 403


def test_a_flood_of_unpaid_gifts_holds_all_guests_and_a_good_day_does_not(
    client: Client, stripe_world: StripeWorld
) -> None:
    begun(card_testing.MAX_UNPAID_OF_ALL_GUESTS, network="203.0.113.1")
    begun(card_testing.MAX_UNPAID_OF_ALL_GUESTS // 3, network="203.0.113.1", status="paid")
    assert give(client).status_code == 303
    begun(card_testing.MAX_UNPAID_OF_ALL_GUESTS, network="203.0.113.1")
    assert give(client).status_code == 403


def test_a_hold_ends_when_it_said(client: Client, stripe_world: StripeWorld) -> None:
    begun(1, refusals=card_testing.MAX_REFUSALS_OF_ALL_GUESTS)
    assert give(client).status_code == 403
    until = Hold.objects.get().until
    assert give(client).status_code == 403
    assert Hold.objects.get().until == until, "whoever asks again does not make it longer"
    later = timezone.now() - card_testing.REFUSAL_WINDOW
    Checkout.objects.update(created_at=later)
    Hold.objects.update(until=timezone.now())
    assert give(client).status_code == 303


# What is kept


def test_no_address_is_kept_and_what_stands_for_it_is_gone_after_a_week(
    client: Client, stripe_world: StripeWorld
) -> None:
    give(client)
    checkout = Checkout.objects.get()
    assert checkout.network == network_hash("198.51.100.200", purpose=card_testing.NETWORK_HASH_PURPOSE)
    assert checkout.network != network_hash(SHARED, purpose="comments.network")
    Hold.objects.create(network=checkout.network, words="", until=timezone.now())
    card_testing.delete_expired(timezone.now() + timedelta(days=6))
    checkout.refresh_from_db()
    assert checkout.network
    card_testing.delete_expired(timezone.now() + timedelta(days=8))
    checkout.refresh_from_db()
    assert (checkout.network, checkout.form, Hold.objects.get().network) == ("", None, "")


def test_one_person_begins_eight_gifts_and_not_nine(reader: User) -> None:
    network = network_hash(SHARED, purpose=card_testing.NETWORK_HASH_PURPOSE)
    begun(7, user=reader)
    card_testing.require_allowed(uuid.uuid4(), user=reader, network=network)
    begun(1, user=reader)
    with pytest.raises(card_testing.RateLimited):
        card_testing.require_allowed(uuid.uuid4(), user=reader, network=network)


@pytest.mark.parametrize(
    ("unpaid", "paid", "held"), [(149, 0, False), (150, 37, True), (152, 38, False), (153, 38, True)]
)
def test_a_flood_is_150_gifts_and_more_than_four_unpaid_for_each_that_is_paid(
    db: None, unpaid: int, paid: int, held: bool
) -> None:
    begun(unpaid)
    begun(paid, status="paid")
    card_testing.hold_all_guests_if_suspicious()
    assert Hold.objects.exists() is held


def test_refused_cards_of_people_who_are_signed_in_do_not_count_against_guests(reader: User) -> None:
    begun(1, user=reader, refusals=30)
    begun(1, refusals=1)
    card_testing.hold_guests_if_suspicious(Checkout.objects.get(user=None))
    assert not Hold.objects.exists()
