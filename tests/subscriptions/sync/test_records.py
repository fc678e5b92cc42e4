"""What Stripe says is written down: the checkout, the subscription with its audit row, the ledger."""

import uuid
from datetime import timedelta

import pytest
import stripe
from django.utils import timezone

from newsroom.models import User
from subscriptions.checkout import payment_page
from subscriptions.models import (
    Checkout,
    Customer,
    Donation,
    LedgerEntry,
    Subscription,
    SubscriptionChange,
    SupportEmail,
)
from subscriptions.stripe.invoices import Invoice, list_paid_invoices
from subscriptions.sync import records
from subscriptions.sync.apply import apply_fraud_warning, apply_invoice, apply_refund, apply_session, apply_subscription
from tests.subscriptions.conftest import StripeWorld


def _begun(user: User | None = None) -> Checkout:
    """A gift whose payment page is open."""
    checkout = payment_page.start_donation(form_id=uuid.uuid4(), user=user, amount=2500, currency="usd")
    payment_page.payment_page(checkout)
    checkout.refresh_from_db()
    return checkout


def _apply(checkout: Checkout, **how: bool) -> None:
    apply_session(str(checkout.stripe_session_id), cause="test", **how)
    checkout.refresh_from_db()


def test_a_paid_gift_is_kept_with_all_that_stripe_says_of_it(reader: User, stripe_world: StripeWorld) -> None:
    checkout = _begun(reader)
    stripe_world.pay(checkout, "somebody@example.org")
    for _ in range(2):
        _apply(checkout)
    donation = Donation.objects.get()
    entry = LedgerEntry.objects.get()
    assert checkout.status == "paid"
    assert (donation.checkout, donation.user, donation.amount, donation.currency) == (checkout, reader, 2500, "usd")
    assert donation.email
    intent = donation.payment_intent
    assert (entry.kind, entry.stripe_id, entry.payment_intent) == ("payment", intent, intent)
    assert (entry.amount, entry.currency, entry.donation, entry.subscription) == (2500, "usd", donation, None)
    assert entry.occurred_at == donation.paid_at
    assert abs(timezone.now() - entry.occurred_at) < timedelta(hours=1)
    assert SupportEmail.objects.get().kind == "thank_you"


def test_a_gift_that_a_bank_takes_days_for_waits_and_is_paid_or_refused(stripe_world: StripeWorld) -> None:
    for outcome, status in (("succeed", "paid"), ("fail", "expired")):
        checkout = _begun()
        session = str(checkout.stripe_session_id)
        stripe_world.control("pay", session=session, email="donor@example.org", later="true")
        _apply(checkout)
        assert checkout.status == "waiting"
        assert not Donation.objects.filter(checkout=checkout).exists()
        stripe_world.control("settle", session=session, outcome=outcome)
        _apply(checkout, failed=outcome == "fail")
        assert checkout.status == status
        assert Donation.objects.filter(checkout=checkout).exists() is (status == "paid")


def test_a_payment_page_that_ended_unpaid_expires_its_checkout_but_not_one_that_followed(
    stripe_world: StripeWorld,
) -> None:
    checkout = _begun()
    former = str(checkout.stripe_session_id)
    stripe_world.client().v1.checkout.sessions.expire(former)
    _apply(checkout)
    assert checkout.status == "expired"
    assert payment_page.payment_page(checkout)
    apply_session(former, cause="test")
    checkout.refresh_from_db()
    assert (checkout.status, checkout.stripe_session_id != former) == ("open", True)


def test_a_refused_card_is_kept_with_the_checkout_while_its_page_is_open(stripe_world: StripeWorld) -> None:
    checkout = _begun()
    stripe_world.press(f"/pay/{checkout.stripe_session_id}", action="decline", email="donor@example.org")
    _apply(checkout)
    assert (checkout.status, bool(checkout.card_problem)) == ("open", True)


def test_each_change_of_a_subscription_leaves_an_audit_row_and_nothing_else_does(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    apply_subscription(subscription.stripe_id, cause="again")
    stripe_world.client().v1.subscriptions.cancel(subscription.stripe_id)
    for _ in range(2):
        apply_subscription(subscription.stripe_id, cause="cancelled there")
    rows = SubscriptionChange.objects.filter(subscription=subscription)
    assert list(rows.values_list("from_status", "to_status", "cause")) == [
        ("", "active", "test"),
        ("active", "canceled", "cancelled there"),
    ]
    assert SupportEmail.objects.filter(kind="ended", subscription=subscription).count() == 1


def test_one_that_stripe_does_not_know_has_ended_and_says_by_what(reader: User, stripe_world: StripeWorld) -> None:
    subscription = stripe_world.subscribe(reader)
    Subscription.objects.update(cancel_at=timezone.now() + timedelta(days=9))
    records.record_unknown_to_stripe(subscription.stripe_id, cause="reconcile")
    subscription.refresh_from_db()
    assert (subscription.status, subscription.cancel_at) == ("canceled", None)
    assert subscription.ended_at is not None
    change = SubscriptionChange.objects.latest("pk")
    assert (change.subscription, change.from_status, change.to_status) == (subscription, "active", "canceled")
    assert change.cause == "reconcile"


def test_past_due_counts_from_the_first_failure_and_ends_with_the_next_payment(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    assert (subscription.past_due_since, subscription.unwanted_since, subscription.card_problem) == (None, None, "")
    Subscription.objects.update(past_due_since=timezone.now())
    apply_subscription(subscription.stripe_id, cause="test")
    subscription.refresh_from_db()
    assert subscription.past_due_since is None


def test_a_subscription_of_nobody_here_is_refused_and_one_of_a_person_who_left_is_given_back(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    Customer.objects.all().delete()
    SupportEmail.objects.all().delete()
    LedgerEntry.objects.all().delete()
    Subscription.objects.all().delete()
    Checkout.objects.update(user=None)
    reader.delete()
    apply_subscription(subscription.stripe_id, cause="test")
    left = Subscription.objects.get()
    assert (left.user, left.status, left.unwanted_since) == (None, "canceled", left.started_at)
    assert LedgerEntry.objects.count() == 2
    assert LedgerEntry.objects.net() == 0
    assert not SupportEmail.objects.filter(kind="ended").exists()

    SupportEmail.objects.all().delete()
    LedgerEntry.objects.exclude(kind="payment").delete()
    LedgerEntry.objects.all().delete()
    Subscription.objects.all().delete()
    Checkout.objects.all().delete()
    with pytest.raises(records.NotOurs):
        apply_subscription(subscription.stripe_id, cause="test")


def test_a_warning_of_fraud_is_kept_with_its_payment_alone(stripe_world: StripeWorld) -> None:
    first, second = (LedgerEntry.objects.payments().get(donation=stripe_world.gift()) for _ in range(2))
    warning = stripe_world.control("fraud_warning", charge=stripe_world.charge_of(first.payment_intent))
    assert apply_fraud_warning(warning["id"], cause="test") == first
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.warned_at is not None, second.warned_at) == (True, None)


@pytest.mark.parametrize("checkout", ["", "made-up", "961c6875-d8c6-4313-9ac9-68f9ca0e2219"])
def test_a_checkout_that_was_not_begun_here_is_known_as_such(checkout: str, db: None) -> None:
    assert not records.is_begun_here(checkout)
    begun = Checkout.objects.create(kind="donation", amount=500, currency="usd", expires_at=timezone.now())
    assert records.is_begun_here(str(begun.public_id))


def test_the_first_month_is_welcomed_and_a_later_one_confirmed(reader: User, stripe_world: StripeWorld) -> None:
    subscription = stripe_world.subscribe(reader)
    first, welcome = LedgerEntry.objects.get(), SupportEmail.objects.get()
    assert (welcome.kind, welcome.entry, welcome.about) == ("welcome", first, first.stripe_id)
    stripe_world.control("clock", advance=str(32 * 86400))
    for invoice in list_paid_invoices(subscription=subscription.stripe_id):
        apply_invoice(invoice.id, cause="test")
    receipt = SupportEmail.objects.exclude(pk=welcome.pk).get()
    assert (receipt.kind, receipt.entry) == ("receipt", LedgerEntry.objects.latest("pk"))
    assert LedgerEntry.objects.count() == 2


def test_a_subscription_heard_of_before_its_customer_is_the_persons_who_began_it(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    SupportEmail.objects.all().delete()
    LedgerEntry.objects.all().delete()
    SubscriptionChange.objects.all().delete()
    Subscription.objects.all().delete()
    Customer.objects.all().delete()
    apply_subscription(subscription.stripe_id, cause="test")
    again = Subscription.objects.get()
    assert (again.user, again.status, again.unwanted_since) == (reader, "active", None)


def test_a_failed_payment_is_told_with_the_cards_problem_once(reader: User, stripe_world: StripeWorld) -> None:
    subscription = stripe_world.subscribe(reader)
    SupportEmail.objects.all().delete()
    customer = str(Customer.objects.get().stripe_id)
    stripe_world.control("card", customer=customer, fails_with="insufficient_funds")
    stripe_world.control("clock", advance=str(32 * 86400))
    for _ in range(2):
        apply_subscription(subscription.stripe_id, cause="test")
    subscription.refresh_from_db()
    assert (subscription.status, subscription.card_problem) == ("past_due", "funds")
    assert subscription.past_due_since is not None
    email = SupportEmail.objects.get()
    assert (email.kind, email.subscription, email.about[:3]) == ("payment_failed", subscription, "in_")


def test_a_refund_is_recorded_with_its_payment_and_told_once(stripe_world: StripeWorld) -> None:
    payment = LedgerEntry.objects.payments().get(donation=stripe_world.gift())
    SupportEmail.objects.all().delete()
    refund = stripe_world.client().v1.refunds.create({"payment_intent": payment.payment_intent, "amount": 1000}).id
    for _ in range(2):
        entry = apply_refund(refund, cause="test")
    assert (entry.kind, entry.amount, entry.payment, entry.donation) == ("refund", -1000, payment, payment.donation)
    assert (entry.currency, entry.payment_intent, entry.stripe_id) == ("usd", payment.payment_intent, refund)
    email = SupportEmail.objects.get()
    assert (email.kind, email.about, email.entry) == ("refunded", refund, entry)


def test_a_subscription_begun_by_another_site_of_the_account_is_left_alone(
    reader: User, stripe_world: StripeWorld
) -> None:
    """Both sites number their people: the other's metadata names a person of ours by chance."""
    foreign = stripe_world.subscribe(reader)
    SupportEmail.objects.all().delete()
    LedgerEntry.objects.all().delete()
    SubscriptionChange.objects.all().delete()
    for model in (Subscription, Customer, Checkout):
        model.objects.all().delete()
    Customer.objects.create(user=reader, generation=2)  # ours is another customer than theirs
    own = stripe_world.subscribe(reader)
    with pytest.raises(records.NotOurs):
        apply_subscription(foreign.stripe_id, cause="test")
    assert Subscription.objects.get() == own
    at_stripe = stripe_world.client().v1.subscriptions
    for subscription in (own, foreign):
        assert at_stripe.retrieve(subscription.stripe_id).status == "active"


@pytest.mark.parametrize(
    ("payments", "intent"),
    [
        ([{"status": "paid", "payment": {"type": "payment_record", "payment_record": "pr_1"}}], None),
        ([{"status": "paid", "payment": {"type": "payment_intent"}}], None),
        (
            [
                {"status": "open", "payment": {"type": "payment_intent", "payment_intent": "pi_open"}},
                {"status": "paid", "payment": {"type": "payment_intent", "payment_intent": "pi_paid"}},
            ],
            "pi_paid",
        ),
    ],
)
def test_an_invoice_may_be_paid_outside_stripe_or_in_several_attempts(
    payments: list[dict[str, object]], intent: str | None
) -> None:
    invoice = stripe.Invoice.construct_from(
        {
            "id": "in_1",
            "status": "paid",
            "billing_reason": "subscription_cycle",
            "parent": None,
            "payments": {"object": "list", "data": payments},
            "amount_paid": 1000,
            "currency": "usd",
            "created": 1,
            "status_transitions": {"paid_at": 2},
        },
        None,
    )
    assert Invoice.from_stripe(invoice).payment_intent == intent
