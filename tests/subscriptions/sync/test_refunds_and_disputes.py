"""Refunds and disputes, whoever makes them, are in the ledger once and reduce what is left."""

import pytest
from django.test import Client

from newsroom.models import User
from subscriptions.models import Donation, LedgerEntry, StripeEvent, SupportEmail
from subscriptions.sync.duplicates import refund_payment
from tests.subscriptions.conftest import StripeWorld


def _payment(donation: Donation) -> LedgerEntry:
    return LedgerEntry.objects.payments().get(donation=donation)


def test_a_refund_made_at_stripe_reduces_what_is_left_once(client: Client, stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift(amount=2500)
    stripe_world.client().v1.refunds.create({"payment_intent": donation.payment_intent, "amount": 1000})
    for _ in range(2):
        stripe_world.tell(client, "refund.created", "charge.refund.updated")
        StripeEvent.objects.update(applied_at=None)
        stripe_world.tell(client)
    assert _payment(donation).left == 1500
    assert LedgerEntry.objects.filter(donation=donation).count() == 2
    assert LedgerEntry.objects.net() == 1500


def test_a_refund_that_fails_later_is_put_back(client: Client, stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift()
    refund = stripe_world.client().v1.refunds.create({"payment_intent": donation.payment_intent})
    stripe_world.control("fail_refund", refund=refund.id)
    stripe_world.tell(client, "refund.created", "refund.updated", "refund.failed")
    assert _payment(donation).left == 2500
    assert set(LedgerEntry.objects.values_list("kind", "amount")) == {
        ("payment", 2500),
        ("refund", -2500),
        ("unrefunded", 2500),
    }


@pytest.mark.parametrize(("outcome", "left"), [("lost", 0), ("won", 2500)])
def test_a_dispute_takes_the_money_away_until_it_is_won(
    client: Client, stripe_world: StripeWorld, outcome: str, left: int
) -> None:
    donation = stripe_world.gift()
    dispute = stripe_world.control("dispute", charge=stripe_world.charge_of(donation.payment_intent))
    stripe_world.tell(client, "charge.dispute.created", "charge.dispute.funds_withdrawn")
    assert _payment(donation).left == 0

    stripe_world.control("close_dispute", dispute=dispute["id"], outcome=outcome)
    stripe_world.tell(client, "charge.dispute.funds_reinstated", "charge.dispute.closed")
    assert _payment(donation).left == left


def test_a_refund_that_is_heard_of_before_its_payment_finds_it(client: Client, stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift()
    stripe_world.client().v1.refunds.create({"payment_intent": donation.payment_intent})
    SupportEmail.objects.all().delete()
    LedgerEntry.objects.all().delete()
    donation.checkout.status = "open"
    donation.checkout.save()
    donation.delete()
    stripe_world.tell(client, "refund.created")
    assert LedgerEntry.objects.net() == 0
    assert LedgerEntry.objects.count() == 2


def test_a_refund_of_another_product_is_left_alone(client: Client, stripe_world: StripeWorld) -> None:
    made = stripe_world.client().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://other.example/",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Mug"}}}
            ],
        }
    )
    stripe_world.control("pay", session=made.id, email="somebody@example.org")
    paid = stripe_world.client().v1.checkout.sessions.retrieve(made.id)
    stripe_world.client().v1.refunds.create({"payment_intent": str(paid.payment_intent)})
    stripe_world.tell(client, "refund.created")
    assert not LedgerEntry.objects.exists()
    assert StripeEvent.objects.latest("pk").outcome.startswith("ignored: ")


def test_giving_back_twice_is_once_and_what_was_given_back_elsewhere_is_noted(stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift()
    payment = _payment(donation)
    refund_payment(payment)
    refund_payment(payment)
    assert payment.left == 0

    another = _payment(stripe_world.gift())
    stripe_world.client().v1.refunds.create({"payment_intent": another.payment_intent})
    refund_payment(another)
    assert another.left == 0


def test_a_warning_of_fraud_is_shown_and_changes_nothing(client: Client, stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift()
    stripe_world.control("fraud_warning", charge=stripe_world.charge_of(donation.payment_intent))
    stripe_world.tell(client, "radar.early_fraud_warning.created")
    assert "warning of fraud" in StripeEvent.objects.latest("pk").outcome
    assert _payment(donation).left == 2500


def test_a_refunded_month_reduces_the_ledger(reader: User, client: Client, stripe_world: StripeWorld) -> None:
    subscription = stripe_world.subscribe(reader)
    payment = LedgerEntry.objects.payments().get(subscription=subscription)
    assert payment.payment_intent.startswith("pi_")
    stripe_world.client().v1.refunds.create({"payment_intent": payment.payment_intent})
    stripe_world.tell(client, "refund.created")
    assert LedgerEntry.objects.filter(subscription=subscription).net() == 0
