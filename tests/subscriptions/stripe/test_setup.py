"""`manage.py stripe_setup` makes what is missing, changes what differs in place, and leaves other sites' alone."""

from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from newsroom.models import User
from subscriptions import installation
from subscriptions.checkout import payment_page
from subscriptions.models import Offer
from subscriptions.stripe.portal import find_configuration
from subscriptions.stripe.setup import EVENT_TYPES, endpoint_problem
from tests.subscriptions.conftest import StripeWorld


@pytest.fixture
def world(stripe_world: StripeWorld) -> StripeWorld:
    stripe_world.reset()
    return stripe_world


def _setup(*options: str) -> str:
    out = StringIO()
    call_command("stripe_setup", *options, stdout=out)
    return out.getvalue()


def _check() -> str:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("stripe_setup", "--check", stdout=out)
    return out.getvalue()


def _endpoints(world: StripeWorld) -> dict[str, tuple[str, str]]:
    """Return address and status of each endpoint by its id, without the stand-in's own."""
    found = world.read("objects")["webhook_endpoint"]
    return {each["id"]: (each["url"], each["status"]) for each in found if each["id"] != "we_standin"}


def test_setting_up_again_and_again_makes_no_duplicates(reader: User, world: StripeWorld) -> None:
    Offer.objects.update(yearly_amount=10_000)
    said = [_setup() for _ in range(3)]
    assert ["STRIPE_WEBHOOK_SECRET=whsec_" in each for each in said] == [True, False, False], "three runs, one secret"
    assert "STRIPE_WEBHOOK_SECRET stays as it is." in said[1]
    objects = world.read("objects")
    assert {each["lookup_key"] for each in objects["price"]} == {"monthly-1000-usd", "yearly-10000-usd"}
    assert len(objects["product"]) == 1
    assert len([c for c in objects["billing_portal.configuration"] if c["metadata"]]) == 1
    assert len(_endpoints(world)) == 1
    payment_page.start_subscription(reader)
    assert len(world.read("objects")["price"]) == 2, "the payment page takes the price that was set up"


def test_a_new_address_is_changed_in_place(world: StripeWorld, settings: Any) -> None:
    _setup()
    (endpoint,) = _endpoints(world)
    settings.SITE_URL = "https://new.example"
    said = _setup("--moved")
    assert "Its secret stays." in said
    assert "whsec_" not in said
    assert _endpoints(world) == {endpoint: ("https://new.example/stripe/webhook/", "enabled")}


def test_a_new_version_makes_one_new_endpoint_once(world: StripeWorld) -> None:
    _setup()
    (old,) = _endpoints(world)
    world.control("patch", id=old, values='{"api_version": "2020-08-27"}')
    assert "API version" in _check()
    said = [_setup() for _ in range(3)]
    assert ["whsec_" in each for each in said] == [True, False, False]
    assert f"Disabled the endpoint {old}" in said[0]
    assert sorted(status for _, status in _endpoints(world).values()) == ["disabled", "enabled"]


def test_one_that_was_disabled_is_found_and_enabled_again(world: StripeWorld) -> None:
    url = f"{settings.SITE_URL}/stripe/webhook/"
    assert "no webhook endpoint" in endpoint_problem(url)
    _setup()
    assert endpoint_problem(url) == ""
    (endpoint,) = _endpoints(world)
    world.client().v1.webhook_endpoints.update(endpoint, {"disabled": True})
    assert "is disabled" in endpoint_problem(url)
    assert "enabled again" in _setup()
    world.client().v1.webhook_endpoints.update(endpoint, {"enabled_events": EVENT_TYPES[1:]})  # type: ignore[arg-type]
    assert EVENT_TYPES[0] in endpoint_problem(url)
    assert "whsec_" not in _setup()
    assert endpoint_problem(url) == ""


def test_another_sites_endpoint_and_portal_stay(world: StripeWorld, settings: Any) -> None:
    _setup()
    (first,) = _endpoints(world)
    portal = find_configuration()
    settings.SITE_URL = "https://staging.example"
    _setup("--copied")
    assert len(_endpoints(world)) == 2
    assert _endpoints(world)[first][1] == "enabled"
    assert portal
    assert find_configuration() not in (None, portal)
    assert installation.copied_from() is None


def test_an_endpoint_without_a_mark_is_left_and_named(world: StripeWorld) -> None:
    made = world.client().v1.webhook_endpoints.create(
        {"url": "https://old.example/stripe/webhook/", "enabled_events": ["invoice.paid"]}
    )
    assert f"{made.id} (https://old.example/stripe/webhook/) is nobody's by its marks" in _setup()
    assert _endpoints(world)[made.id][1] == "enabled"


def test_the_check_changes_nothing_and_says_what_to_do(world: StripeWorld) -> None:
    before = world.read("objects")
    said = _check()
    for words in ("no price of 1000 usd a month", "portal is not set up", "no webhook endpoint"):
        assert words in said
    assert world.read("objects") == before
    _setup()
    out = StringIO()
    call_command("stripe_setup", "--check", stdout=out)
    assert "Nothing to do." in out.getvalue()
