"""Reconciliation finds and fixes what was lost on the way, and leaves the rest alone."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from newsroom.models import User
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, Discrepancy, Donation, LedgerEntry, StripeEvent, Subscription, SupportEmail
from subscriptions.sync.reconcile import reconcile
from tests.subscriptions.conftest import StripeWorld


@pytest.fixture
def world(stripe_world: StripeWorld) -> StripeWorld:
    stripe_world.reset()
    return stripe_world


@pytest.fixture
def old(world: StripeWorld) -> Callable[[], None]:
    """Advance Stripe's clock until it has deleted the events, and only its books are left."""
    return lambda: world.control("clock", advance=str(40 * 86400)) and None


def _kinds() -> set[str]:
    return {discrepancy.kind for discrepancy in reconcile(fix=False)}


def _assert_fixed() -> None:
    """Assert that one run with `--fix` fixes everything, and that another finds nothing."""
    assert [str(left) for left in reconcile(fix=True) if left.mended_at is None] == []
    assert reconcile(fix=True) == []


def test_where_all_is_well_nothing_is_found(reader: User, client: Client, world: StripeWorld) -> None:
    world.subscribe(reader)
    world.gift()
    world.tell(client)
    assert reconcile(fix=False) == []


def test_events_that_never_came_are_fetched_and_applied(reader: User, world: StripeWorld) -> None:
    checkouts.start_subscription(reader)
    world.pay(Checkout.objects.get(), reader.email)
    assert "event" in _kinds()
    assert not Subscription.objects.exists()
    _assert_fixed()
    assert Subscription.objects.get().status == "active"
    assert StripeEvent.objects.exclude(outcome="").exists()


def test_a_gift_and_a_subscription_without_events_are_found_in_the_books(
    reader: User, world: StripeWorld, old: Callable[[], None]
) -> None:
    world.subscribe(reader)
    world.gift()
    old()  # and a month has been paid, of which no event tells any more
    for model in (LedgerEntry, Donation):
        SupportEmail.objects.all().delete()
        model.objects.all().delete()
    Checkout.objects.update(status="open")
    Subscription.objects.all().delete()
    assert {"checkout", "subscription"} <= _kinds()
    _assert_fixed()
    assert LedgerEntry.objects.net() == 2500 + 1000 + 1000
    assert Subscription.objects.get().status == "active"


@pytest.mark.parametrize(
    "change", [{"status": "canceled"}, {"amount": 500}, {"cancel_at": timezone.now()}, {"status": "past_due"}]
)
def test_a_subscription_that_differs_is_mended(reader: User, world: StripeWorld, change: dict[str, object]) -> None:
    world.subscribe(reader)
    reconcile(fix=True)
    Subscription.objects.update(**change)
    assert _kinds() == {"subscription"}
    _assert_fixed()
    subscription = Subscription.objects.get()
    assert (subscription.status, subscription.amount, subscription.cancel_at) == ("active", 1000, None)


def test_what_stripe_does_not_know_has_ended(reader: User, world: StripeWorld) -> None:
    world.subscribe(reader)
    reconcile(fix=True)
    Subscription.objects.create(
        user=reader,
        stripe_id="sub_unknown",
        status="active",
        amount=1000,
        currency="usd",
        started_at=timezone.now(),
        current_period_end=timezone.now(),
    )
    assert _kinds() == {"subscription", "unwanted"}
    _assert_fixed()
    assert Subscription.objects.chargeable().count() == 1
    assert not Subscription.objects.chargeable().filter(stripe_id="sub_unknown").exists()


def test_a_wrong_amount_a_lost_refund_and_a_lost_dispute_are_mended(
    reader: User, world: StripeWorld, old: Callable[[], None]
) -> None:
    world.subscribe(reader)
    gift, another = world.gift(), world.gift()
    world.client().v1.refunds.create({"payment_intent": gift.payment_intent, "amount": 500})
    world.control("dispute", charge=world.charge_of(another.payment_intent))
    old()
    LedgerEntry.objects.filter(donation=None).update(amount=1)
    assert {"payment", "refund", "dispute", "subscription"} <= _kinds()
    _assert_fixed()
    assert LedgerEntry.objects.net() == 1000 + 1000 + 2000 + 0


def test_a_duplicate_is_found_and_refunded(reader: User, world: StripeWorld) -> None:
    first = world.subscribe(reader)
    world.second_subscription(reader)
    _assert_fixed()
    assert Subscription.objects.chargeable().get() == first
    assert LedgerEntry.objects.net() == 1000


def test_a_payment_that_is_in_our_books_alone_stays_on_the_list(world: StripeWorld, reader: User) -> None:
    subscription = world.subscribe(reader)
    reconcile(fix=True)
    LedgerEntry.objects.create(
        kind="payment",
        stripe_id="in_unknown",
        amount=1,
        currency="usd",
        subscription=subscription,
        occurred_at=timezone.now(),
    )
    (left,) = reconcile(fix=True)
    assert left.mended_at is None
    assert left.error.startswith("Gone")
    assert Discrepancy.objects.filter(mended_at=None).count() == 1


def test_the_command_says_what_it_found_and_the_publisher_mends_one(
    reader: User, publisher: User, world: StripeWorld
) -> None:
    world.subscribe(reader)
    reconcile(fix=True)
    Subscription.objects.update(amount=500)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("reconcile", stdout=out)
    assert "differs in amount (not mended)" in out.getvalue()

    client = Client()
    client.force_login(publisher)
    discrepancy = Discrepancy.objects.get(mended_at=None)
    page = client.post(
        "/admin/subscriptions/discrepancy/",
        {"action": "mend", "_selected_action": [discrepancy.pk]},
        follow=True,
    )
    assert "1 of 1 are mended." in page.content.decode()
    discrepancy.refresh_from_db()
    assert discrepancy.mended_by == publisher
    assert Subscription.objects.get().amount == 1000


def test_setting_up_again_and_again_makes_no_duplicates(reader: User, world: StripeWorld) -> None:
    said = []
    for _ in range(2):
        out = StringIO()
        call_command("stripe_setup", stdout=out)
        said.append(out.getvalue().splitlines()[:3])
    assert said[0] == said[1]
    objects = world.read("objects")
    assert len(objects["price"]) == len(objects["product"]) == 1
    assert len([c for c in objects["billing_portal.configuration"] if c["metadata"]]) == 1
    assert len(objects["webhook_endpoint"]) == 2  # the stand-in's own, and that of the tests' address

    checkouts.start_subscription(reader)
    assert len(world.read("objects")["price"]) == 1, "the payment page takes the price that was set up"
