"""Two sites on one Stripe account, and what a publisher makes in the Dashboard, are left alone in every path."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.models import Erasure, User
from subscriptions import erasure, installation
from subscriptions.checkout import payment_page
from subscriptions.models import Checkout, Customer, Discrepancy, Installation, LedgerEntry, Subscription, SupportEmail
from subscriptions.stripe.errors import Refused
from subscriptions.sync import records
from subscriptions.sync.apply import apply_customer, apply_session, apply_subscription
from subscriptions.sync.reconcile import reconcile
from tests.subscriptions.conftest import StripeWorld


@pytest.fixture
def world(stripe_world: StripeWorld) -> StripeWorld:
    stripe_world.reset()
    return stripe_world


def _status(world: StripeWorld, subscription: Subscription) -> str:
    return str(world.client().v1.subscriptions.retrieve(subscription.stripe_id).status)


def test_what_a_copy_of_this_site_began_for_the_same_reader_is_left_alone(reader: User, world: StripeWorld) -> None:
    """The copy has our customers and our checkouts: only the installation's id tells it from us."""
    theirs = world.subscribe(reader)
    installation.set_copied()
    for model in (SupportEmail, LedgerEntry, Subscription):
        model.objects.all().delete()
    apply_session(world.second_subscription(reader), cause="test")
    own = Subscription.objects.get()
    with pytest.raises(records.NotOurs):
        apply_subscription(theirs.stripe_id, cause="test")
    for _ in range(2):
        reconcile(fix=True)
    assert (_status(world, own), _status(world, theirs)) == ("active", "active")
    assert world.paid_and_kept(str(Customer.objects.get().stripe_id)) == 2000


def test_what_a_copy_began_stops_nobody_here(reader: User, world: StripeWorld) -> None:
    world.subscribe(reader)
    installation.set_copied()
    for model in (SupportEmail, LedgerEntry, Subscription):
        model.objects.all().delete()
    assert payment_page.start_subscription(reader)
    assert apply_customer(str(Customer.objects.get().stripe_id), cause="test")
    assert not Subscription.objects.exists()


def test_one_that_the_publisher_made_in_the_dashboard_survives_any_number_of_nights(
    reader: User, client: Client, world: StripeWorld
) -> None:
    first = world.subscribe(reader)
    session = world.second_subscription(reader)
    Checkout.objects.filter(stripe_session_id=session).delete()
    world.tell(client)
    for _ in range(3):
        reconcile(fix=True)
    second = Subscription.objects.exclude(pk=first.pk).get()
    assert (first.begun_here, second.begun_here) == (True, False)
    assert (_status(world, first), _status(world, second)) == ("active", "active")
    assert not LedgerEntry.objects.filter(kind="refund").exists()


def test_a_reader_who_leaves_takes_only_what_was_begun_here(reader: User, world: StripeWorld) -> None:
    first = world.subscribe(reader)
    session = world.second_subscription(reader)
    Checkout.objects.filter(stripe_session_id=session).delete()
    apply_subscription(world.client().v1.checkout.sessions.retrieve(session).subscription, cause="test")  # type: ignore[arg-type]
    second = Subscription.objects.exclude(pk=first.pk).get()
    erasure.end_all_charges(reader)
    assert (_status(world, first), _status(world, second)) == ("canceled", "active")
    customer = str(Customer.objects.get().stripe_id)
    assert not getattr(world.client().v1.customers.retrieve(customer), "deleted", False)
    assert Discrepancy.objects.get(stripe_id=second.stripe_id).kind == "unwanted"
    erasure.anonymize(Erasure(), reader)
    assert not Customer.objects.exists()


def test_a_copy_of_the_database_on_another_address_changes_nothing_at_stripe(reader: User, world: StripeWorld) -> None:
    subscription = world.subscribe(reader)
    Installation.objects.update(site_url="https://the-real-one.example")
    before = world.read("objects")
    for change in (
        lambda: payment_page.payment_page(_gift()),
        lambda: erasure.end_all_charges(reader),
        lambda: payment_page.ensure_customer(User.objects.create_user("other@example.org")),
    ):
        with pytest.raises(Refused, match=r"made for https://the-real-one\.example"):
            change()
    apply_subscription(subscription.stripe_id, cause="test")  # to read is allowed
    assert world.read("objects") == before
    installation.set_moved()
    assert payment_page.payment_page(_gift())


def _gift() -> Checkout:
    return payment_page.start_donation(form_id=uuid.uuid4(), user=None, amount=2500, currency="usd")


def test_two_installations_with_the_same_reader_have_a_customer_each(reader: User, world: StripeWorld) -> None:
    """Both would ask for person 1 and the same address within a day: with one key they would share a customer."""
    first = payment_page.ensure_customer(reader)
    Customer.objects.all().delete()
    installation.set_copied()
    assert payment_page.ensure_customer(reader) != first


def test_a_lost_dispute_ends_the_subscription_that_it_was_about(
    reader: User, client: Client, world: StripeWorld
) -> None:
    subscription = world.subscribe(reader)
    payment = LedgerEntry.objects.get()
    dispute = world.control("dispute", charge=world.charge_of(payment.payment_intent))
    world.tell(client, "charge.dispute.created", "charge.dispute.funds_withdrawn")
    known = payment.disputes.get()
    assert (known.status, known.reason, known.amount, known.currency) == ("needs_response", "fraudulent", 1000, "usd")
    assert known.due_at is not None
    assert known.due_at > timezone.now() + timedelta(days=5)
    assert _status(world, subscription) == "active"
    world.control("close_dispute", dispute=dispute["id"], outcome="lost")
    world.tell(client, "charge.dispute.closed")
    assert _status(world, subscription) == "canceled"
    subscription.refresh_from_db()
    assert subscription.status == "canceled"
    assert not type(known).objects.to_be_answered().exists()


def test_why_somebody_cancelled_goes_with_them(reader: User, world: StripeWorld) -> None:
    subscription = world.subscribe(reader)
    Subscription.objects.update(cancel_comment="My bank closed my account.")
    erasure.end_all_charges(reader)
    Subscription.objects.update(cancel_comment="My bank closed my account.")
    erasure.anonymize(Erasure(), reader)
    assert apply_subscription(subscription.stripe_id, cause="test").cancel_comment == ""
    assert Subscription.objects.get().cancel_comment == ""
