"""One chargeable subscription for each person, whatever they do, and no payment kept for nothing."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from newsroom.models import User
from subscriptions import emails
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, Customer, LedgerEntry, Subscription, SupportEmail
from subscriptions.stripe.errors import Unreachable
from subscriptions.sync.apply import apply_customer, apply_session, apply_subscription
from subscriptions.sync.duplicates import refund_payment
from tests.subscriptions.conftest import StripeWorld


def _customer(user: User) -> str:
    return str(Customer.objects.get(user=user).stripe_id)


def test_a_second_subscription_is_ended_given_back_and_explained(reader: User, stripe_world: StripeWorld) -> None:
    first = stripe_world.subscribe(reader)
    apply_session(stripe_world.second_subscription(reader), cause="test")

    assert list(Subscription.objects.chargeable().filter(user=reader)) == [first]
    assert Subscription.objects.exclude(pk=first.pk).get().status == "canceled"
    assert stripe_world.paid_and_kept(_customer(reader)) == 1000
    assert LedgerEntry.objects.net() == 1000
    email = SupportEmail.objects.get(kind="refunded")
    emails.send_email(email.pk)
    assert "two subscriptions at once" in mail.outbox[0].body
    assert not SupportEmail.objects.filter(kind="ended").exists()


def test_a_duplicate_is_ended_though_we_were_interrupted_after_marking_it(
    reader: User, client: Client, stripe_world: StripeWorld
) -> None:
    first = stripe_world.subscribe(reader)
    session = stripe_world.second_subscription(reader)
    stripe_world.control("faults", kind="error", method="POST", path="/v1/refunds", times="3")
    with pytest.raises(Unreachable):
        apply_session(session, cause="test")
    assert stripe_world.paid_and_kept(_customer(reader)) == 2000

    stripe_world.tell(client, "customer.subscription.deleted")
    assert stripe_world.paid_and_kept(_customer(reader)) == 1000
    assert Subscription.objects.chargeable().get() == first


def test_of_two_that_ended_before_we_heard_of_the_second_that_one_is_given_back(
    reader: User, stripe_world: StripeWorld
) -> None:
    first = stripe_world.subscribe(reader)
    customer = _customer(reader)
    stripe_world.control("clock", advance="3600")
    session = stripe_world.second_subscription(reader)
    stripe_world.control("clock", advance="3600")
    stripe_world.client().v1.customers.delete(customer)
    apply_session(session, cause="test")
    assert list(Subscription.objects.values_list("status", flat=True)) == ["canceled", "canceled"]
    assert Subscription.objects.get(unwanted_since=None) == first
    assert stripe_world.paid_and_kept(customer) == 1000
    assert LedgerEntry.objects.net() == 1000
    stripe_world.control("reset")


def test_one_that_followed_another_is_no_duplicate(reader: User, stripe_world: StripeWorld) -> None:
    first = stripe_world.subscribe(reader)
    stripe_world.control("clock", advance="60")  # paid and ended in one second would be paid after its end
    stripe_world.client().v1.subscriptions.cancel(first.stripe_id)
    apply_subscription(first.stripe_id, cause="test")
    second = stripe_world.subscribe(reader)
    for subscription in (first, second):
        apply_subscription(subscription.stripe_id, cause="test")
    assert not Subscription.objects.exclude(unwanted_since=None).exists()
    assert stripe_world.paid_and_kept(_customer(reader)) == 2000


def test_the_one_that_works_is_kept(reader: User, stripe_world: StripeWorld) -> None:
    first = stripe_world.subscribe(reader)
    stripe_world.client().v1.subscriptions.update(first.stripe_id, {"cancel_at_period_end": True})
    apply_subscription(first.stripe_id, cause="test")
    stripe_world.control("clock", advance="60")
    apply_session(stripe_world.second_subscription(reader), cause="test")
    assert Subscription.objects.chargeable().get() != first
    assert stripe_world.paid_and_kept(_customer(reader)) == 2000, "what was paid before there were two is not refunded"


def test_one_that_we_never_heard_of_is_found_before_the_payment_page(reader: User, stripe_world: StripeWorld) -> None:
    checkouts.start_subscription(reader)
    stripe_world.pay(Checkout.objects.get(user=reader), reader.email)
    Checkout.objects.all().delete()  # as after a restored backup
    with pytest.raises(checkouts.AlreadySubscribed):
        checkouts.start_subscription(reader)
    assert Subscription.objects.chargeable().filter(user=reader).count() == 1


def test_one_that_ended_without_our_hearing_of_it_does_not_block(reader: User, stripe_world: StripeWorld) -> None:
    first = stripe_world.subscribe(reader)
    stripe_world.client().v1.subscriptions.cancel(first.stripe_id)
    assert checkouts.start_subscription(reader)


def test_a_bank_that_pays_after_the_end_gets_it_back(reader: User, client: Client, stripe_world: StripeWorld) -> None:
    checkouts.start_subscription(reader)
    session = str(Checkout.objects.get(user=reader).stripe_session_id)
    stripe_world.control("pay", session=session, email=reader.email, later="true")
    assert apply_session(session, cause="test").status == "waiting"
    begun = Subscription.objects.get(user=reader)
    assert begun.status == "incomplete"
    stripe_world.client().v1.subscriptions.cancel(begun.stripe_id)
    stripe_world.control("settle", session=session, outcome="succeed")
    stripe_world.tell(client, "invoice.paid", "customer.subscription.deleted")
    assert stripe_world.paid_and_kept(_customer(reader)) == 0
    assert LedgerEntry.objects.net() == 0


def test_one_person_has_one_customer(reader: User, stripe_world: StripeWorld) -> None:
    assert checkouts.ensure_customer(reader) == checkouts.ensure_customer(reader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.create(user=reader, stripe_id="cus_another")


def test_a_customer_deleted_at_stripe_is_followed_by_a_new_one(
    reader: User, client: Client, stripe_world: StripeWorld
) -> None:
    stripe_world.subscribe(reader)
    first = _customer(reader)
    stripe_world.client().v1.customers.delete(first)
    stripe_world.tell(client, "customer.deleted")
    assert not Subscription.objects.chargeable().exists()
    assert Customer.objects.get().stripe_id is None

    assert stripe_world.subscribe(reader).status == "active"
    assert _customer(reader) != first
    assert apply_customer(_customer(reader), cause="test")


def test_a_payment_that_is_heard_of_before_its_customer_finds_its_person(
    subscriber: User, client: Client, stripe_world: StripeWorld
) -> None:
    Customer.objects.all().delete()
    stripe_world.tell(client, "invoice.paid")
    assert Subscription.objects.get(user=subscriber).status == "active"
    assert LedgerEntry.objects.net() == 1000


def test_a_guest_who_gives_with_a_readers_address_is_still_a_guest(reader: User, stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift(email=reader.email)
    assert donation.user is None
    assert donation.email == reader.email


def test_after_lost_answers_the_same_payment_page_is_found_again(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.control("faults", kind="reset_after", method="POST", path="/v1/checkout/sessions", times="3")
    with pytest.raises(Unreachable):
        checkouts.start_subscription(reader)
    checkouts.start_subscription(reader)
    pages = stripe_world.client().v1.checkout.sessions.list({"customer": _customer(reader)}).data
    assert [page.id for page in pages] == [Checkout.objects.get().stripe_session_id]


def test_a_customer_deleted_without_our_hearing_of_it_does_not_block(reader: User, stripe_world: StripeWorld) -> None:
    first = checkouts.ensure_customer(reader)
    stripe_world.client().v1.customers.delete(first)
    assert stripe_world.subscribe(reader).status == "active"
    assert _customer(reader) != first


def test_a_payment_that_its_bank_took_back_unheard_of_is_not_refunded_and_the_dispute_is_recorded(
    stripe_world: StripeWorld,
) -> None:
    payment, other = (LedgerEntry.objects.payments().get(donation=stripe_world.gift()) for _ in range(2))
    stripe_world.control("dispute", charge=stripe_world.charge_of(payment.payment_intent))
    refund_payment(payment)
    assert (payment.left, other.left) == (0, other.amount)
    assert LedgerEntry.objects.exclude(kind="payment").values_list("kind", "payment").get() == ("dispute", payment.pk)
