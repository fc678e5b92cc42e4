"""What follows from an object that Stripe tells of: duplicates end, and a missing payment is found."""

import pytest

from newsroom.models import User
from subscriptions.models import Checkout, Donation, LedgerEntry, Subscription, SubscriptionChange, SupportEmail
from subscriptions.stripe.checkout_sessions import retrieve_session
from subscriptions.sync.apply import apply_invoice, apply_subscription, payment_of
from subscriptions.sync.records import NotOurs
from tests.subscriptions.conftest import StripeWorld


def test_a_duplicate_is_returned_as_it_is_after_its_end(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    second = str(retrieve_session(stripe_world.second_subscription(reader)).subscription)
    assert apply_subscription(second, cause="second").status == "canceled"
    assert Subscription.objects.get(stripe_id=second).status == "canceled"


def test_a_duplicate_that_an_invoice_tells_of_ends_with_the_invoices_cause(
    reader: User, stripe_world: StripeWorld
) -> None:
    first = stripe_world.subscribe(reader)
    session = retrieve_session(stripe_world.second_subscription(reader))
    entry = apply_invoice(str(session.invoice), cause="its invoice")
    assert entry is not None
    assert entry.left == 0
    changes = SubscriptionChange.objects.exclude(subscription=first).order_by("pk")
    assert list(changes.values_list("to_status", "cause")) == [("active", "its invoice"), ("canceled", "its invoice")]


def test_a_payment_that_is_missing_in_the_ledger_is_found_and_no_other_with_it(
    reader: User, stripe_world: StripeWorld
) -> None:
    stripe_world.subscribe(reader)
    stripe_world.gift()
    stripe_world.gift()
    month, gift, _ = LedgerEntry.objects.order_by("pk").values_list("payment_intent", flat=True)
    SupportEmail.objects.all().delete()
    LedgerEntry.objects.all().delete()
    Donation.objects.all().delete()
    Checkout.objects.update(status="open")
    assert (payment_of(month, cause="test").amount, payment_of(gift, cause="test").amount) == (1000, 2500)
    assert set(LedgerEntry.objects.values_list("payment_intent", flat=True)) == {month, gift}
    assert payment_of(month, cause="test").subscription == Subscription.objects.get()
    assert payment_of(gift, cause="test").donation == Donation.objects.get()


def test_no_payment_is_nobodys_and_a_payment_of_another_product_not_ours(stripe_world: StripeWorld) -> None:
    gift = stripe_world.gift()
    SupportEmail.objects.all().delete()
    LedgerEntry.objects.all().delete()
    Donation.objects.all().delete()
    Checkout.objects.all().delete()  # so nothing says any more that it was begun here
    for unknown in (None, gift.payment_intent):
        with pytest.raises(NotOurs):
            payment_of(unknown, cause="test")
    assert not LedgerEntry.objects.exists()
