"""Reconciliation finds and fixes what was lost on the way, and leaves the rest alone."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from newsroom.models import User
from subscriptions.checkout import payment_page as checkouts
from subscriptions.customers import UPDATE_TASK, send_email_address
from subscriptions.models import (
    Checkout,
    Customer,
    Discrepancy,
    Donation,
    LedgerEntry,
    ReconciliationRun,
    StripeEvent,
    Subscription,
    SupportEmail,
)
from subscriptions.stripe.errors import Unreachable
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


def _odd(world: StripeWorld, stripe_id: str, **values: object) -> None:
    """Give an object a value that Stripe's types allow and that cannot be read here."""
    world.control("patch", id=stripe_id, values=json.dumps(values))


NO_YEAR = 10**14  # a time so late that no calendar has it


def test_one_odd_object_is_listed_and_all_else_goes_on(reader: User, world: StripeWorld) -> None:
    odd = world.subscribe(reader)
    other = world.subscribe(User.objects.create_user("other@example.org"))
    reconcile(fix=True)
    _odd(world, odd.stripe_id, start_date=NO_YEAR)
    Subscription.objects.filter(pk=other.pk).update(amount=5)
    for _ in range(2):
        left = [each for each in reconcile(fix=True, full=True) if each.mended_at is None]
        assert {each.kind for each in left if each.stripe_id == odd.stripe_id} == {"shape"}
        assert {each.kind for each in left} <= {"shape", "event"}
    other.refresh_from_db()
    assert other.amount == 1000
    _odd(world, odd.stripe_id, start_date=int(odd.started_at.timestamp()))
    _assert_fixed()


def test_an_odd_invoice_does_not_hide_a_refund(reader: User, world: StripeWorld, old: Callable[[], None]) -> None:
    world.subscribe(reader)
    gift = world.gift()
    reconcile(fix=True)
    invoice = LedgerEntry.objects.get(donation=None).stripe_id
    _odd(world, invoice, status_transitions={"paid_at": NO_YEAR})
    world.client().v1.refunds.create({"payment_intent": gift.payment_intent, "amount": 500})
    reconcile(fix=True)
    assert LedgerEntry.objects.get(kind="refund").amount == -500
    assert Discrepancy.objects.get(kind="shape").stripe_id == invoice


def test_a_price_that_is_not_understood_stays_listed_until_it_is_gone(reader: User, world: StripeWorld) -> None:
    subscription = world.subscribe(reader)
    reconcile(fix=True)
    price = "items.data.0.price.billing_scheme"
    _odd(world, subscription.stripe_id, **{price: "tiered"})
    for _ in range(2):
        (left,) = [each for each in reconcile(fix=True) if each.mended_at is None]
        assert (left.kind, left.stripe_id, left.error) == ("shape", subscription.stripe_id, "")
    assert Discrepancy.objects.filter(kind="shape").count() == 1
    _odd(world, subscription.stripe_id, **{price: "per_unit"})
    _assert_fixed()


def test_a_run_that_was_stopped_goes_on_where_it_was(reader: User, world: StripeWorld) -> None:
    world.subscribe(reader)
    reconcile(fix=True)
    ReconciliationRun.objects.all().delete()
    world.control("faults", kind="error", times="20", path="/v1/invoices")
    with pytest.raises(Unreachable):
        reconcile(fix=True)
    stopped = ReconciliationRun.objects.get()
    assert (stopped.finished_at, stopped.error[:11]) == (None, "Unreachable")
    world.control("clear_faults")
    world.control("faults", kind="error", times="20", path="/v1/subscriptions")  # done before it was stopped
    assert reconcile(fix=True) == []
    stopped.refresh_from_db()
    assert stopped.finished_at is not None
    assert stopped.error == ""
    assert not ReconciliationRun.objects.is_late()


def test_a_night_lists_what_is_recent_and_a_full_pass_all(reader: User, world: StripeWorld) -> None:
    """Nothing is asked for one by one where nothing differs."""
    world.subscribe(reader)
    reconcile(fix=True)
    ReconciliationRun.objects.update(started_at=timezone.now() + timedelta(days=10), finished_at=timezone.now())
    Subscription.objects.update(amount=5)
    assert reconcile(fix=True) == [], "it was created before the last run"
    (found,) = reconcile(fix=True, full=True)
    assert found.mended_at is not None
    assert Subscription.objects.get().amount == 1000


def test_a_full_pass_goes_through_years_in_windows(reader: User, world: StripeWorld) -> None:
    world.subscribe(reader)
    reconcile(fix=True)
    Checkout.objects.update(created_at=timezone.now() - timedelta(days=400))
    LedgerEntry.objects.filter(donation=None).update(amount=5)
    (found,) = reconcile(fix=True, full=True)
    assert (found.kind, found.error) == ("payment", "")


def test_a_run_that_does_not_finish_is_late(world: StripeWorld) -> None:
    assert not ReconciliationRun.objects.is_late(), "there is nothing to compare yet"
    checkouts.payment_page(checkouts.start_donation(form_id=uuid.uuid4(), user=None, amount=500, currency="usd"))
    Checkout.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert ReconciliationRun.objects.is_late()
    reconcile(fix=True)
    assert not ReconciliationRun.objects.is_late()
    ReconciliationRun.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert ReconciliationRun.objects.is_late()


def test_a_changed_address_is_changed_at_stripe(reader: User, world: StripeWorld) -> None:
    world.subscribe(reader)
    customer = Customer.objects.get()
    reader.email = "new@example.org"
    reader.save()
    job = ProcrastinateJob.objects.filter(task_name=UPDATE_TASK).get()
    assert job.args == {"customer": customer.pk}
    send_email_address(customer.pk)
    assert world.client().v1.customers.retrieve(str(customer.stripe_id)).email == "new@example.org"
    reader.save()
    assert ProcrastinateJob.objects.filter(task_name=UPDATE_TASK).count() == 1, "nothing has changed since"


def test_an_address_that_differs_at_stripe_is_found_and_changed(reader: User, world: StripeWorld) -> None:
    world.subscribe(reader)
    reconcile(fix=True)
    customer = str(Customer.objects.get().stripe_id)
    User.objects.filter(pk=reader.pk).update(email="new@example.org")  # no task was enqueued, or it was lost
    found = {each.kind: each for each in reconcile(fix=True)}
    assert found["customer"].error == ""
    assert world.client().v1.customers.retrieve(customer).email == "new@example.org"
    world.client().v1.customers.update(customer, {"email": "old@example.org"})  # in the Dashboard
    assert "customer" in {each.kind for each in reconcile(fix=True, full=True)}
    assert world.client().v1.customers.retrieve(customer).email == "new@example.org"


def test_a_customer_deleted_at_stripe_is_nobodys_to_write_to(reader: User, world: StripeWorld) -> None:
    world.subscribe(reader)
    customer = Customer.objects.get()
    world.client().v1.customers.delete(str(customer.stripe_id))
    User.objects.filter(pk=reader.pk).update(email="new@example.org")
    send_email_address(customer.pk)
    reconcile(fix=True, full=True)
    assert Customer.objects.get().stripe_id is None
