"""The publisher finds every payment by what they know of it, and disputes with the way to their answer."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom.models import User
from subscriptions.models import Checkout, Customer, Dispute, Donation, LedgerEntry, Subscription
from subscriptions.sync.records import record_dispute, record_refund
from tests.articles.support import signed_in
from tests.subscriptions.conftest import StripeWorld


@pytest.fixture
def desk(publisher: User) -> Client:
    return signed_in(publisher)


def _found(desk: Client, model: str, typed: str) -> int:
    page = desk.get(f"/admin/subscriptions/{model}/", {"q": typed}).content.decode()
    match = re.search(r"\b(\d+) (?:ledger|donation)", page)
    assert match, typed
    return int(match[1])


def test_the_ledger_is_searched_by_address_name_amount_and_any_id(
    desk: Client, stripe_world: StripeWorld, reader: User
) -> None:
    gift = stripe_world.gift(email="donor@example.org", amount=1250)
    other = stripe_world.gift(email="other@example.org", amount=9900)
    Checkout.objects.filter(pk=gift.checkout_id).update(name="Nuzhat Bhat")
    subscription = stripe_world.subscribe(reader)
    payment = LedgerEntry.objects.get(donation=gift)
    refund = stripe_world.client().v1.refunds.create({"payment_intent": gift.payment_intent, "amount": 250})
    record_refund(refund.id, payment)
    dispute = stripe_world.control("dispute", charge=stripe_world.charge_of(other.payment_intent))["id"]
    record_dispute(dispute, LedgerEntry.objects.get(donation=other))
    month = LedgerEntry.objects.get(subscription=subscription)
    customer = Customer.objects.get(user=reader).stripe_id
    for typed, entries, donations in [
        ("donor@example.org", 2, 1),
        ("DONOR@example.org ", 2, 1),
        ("nuzhat", 2, 1),
        ("12.50", 1, 1),
        ("$12.50", 1, 1),
        ("2.5", 1, 1),
        ("₹12.50", 0, 0),
        ("10", 1, 0),
        (gift.payment_intent, 2, 1),
        (refund.id, 1, 1),
        (dispute, 2, 1),
        (month.stripe_id, 1, 0),
        (month.payment_intent, 1, 0),
        (subscription.stripe_id, 1, 0),
        (str(customer), 1, 0),
        (reader.email, 1, 0),
        (reader.name, 1, 0),
        ("nobody", 0, 0),
        ("9" * 30, 0, 0),
        ("%_\\' <b>", 0, 0),
    ]:
        assert _found(desk, "ledgerentry", typed) == entries, typed
        assert _found(desk, "donation", typed) == donations, typed
    assert desk.get("/admin/subscriptions/ledgerentry/", {"q": "x" * 100_000}).status_code == 200
    assert desk.get("/admin/subscriptions/ledgerentry/", {"q": "a\0b"}).status_code == 200


def test_lists_and_search_cost_the_same_however_many_there_are(
    desk: Client, stripe_world: StripeWorld, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        stripe_world.gift(email=f"donor{number}@example.org")
    for model in ("ledgerentry", "donation"):
        for query in ({}, {"q": "25"}):
            with django_assert_max_num_queries(22):
                desk.get(f"/admin/subscriptions/{model}/", query)


def test_a_dispute_waits_on_the_first_page_and_leads_to_its_answer(
    desk: Client, stripe_world: StripeWorld, editor: User
) -> None:
    gift = stripe_world.gift()
    entry = LedgerEntry.objects.get()
    record_dispute(stripe_world.control("dispute", charge=stripe_world.charge_of(gift.payment_intent))["id"], entry)
    dispute = Dispute.objects.get()
    assert dispute.due_at is not None
    due = f"{timezone.localtime(dispute.due_at):%-d %B %Y, %H:%M}"
    page = desk.get("/admin/").content.decode()
    assert "Disputes to answer" in page
    assert f"The reader says that they did not make this payment. Answer it at Stripe until {due}." in page
    assert "isputes to answer" not in signed_in(editor).get("/admin/").content.decode()
    address = re.search(r'href="(/admin/subscriptions/dispute/\?[^"]+)"', page)
    assert address
    assert "1 dispute" in desk.get(address[1].replace("&amp;", "&")).content.decode()
    page = desk.get(f"/admin/subscriptions/dispute/{dispute.pk}/change/").content.decode()
    assert f"https://dashboard.stripe.com/test/disputes/{dispute.stripe_id}" in page
    assert f"/admin/subscriptions/ledgerentry/{entry.pk}/change/" in page
    Dispute.objects.update(status="under_review")
    assert "Disputes to answer" not in desk.get("/admin/").content.decode()


def test_days_are_those_of_the_outlet(desk: Client, stripe_world: StripeWorld) -> None:
    stripe_world.gift()
    late = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)  # half past one of the next day in Kashmir
    Donation.objects.update(paid_at=late)
    LedgerEntry.objects.update(occurred_at=late)
    assert str(Donation.objects.get()) == "$25 on 2026-12-01"
    assert "2026-12-01,Payment" in desk.get("/admin/subscriptions/subscription/desk/ledger.csv").content.decode()


def test_reasons_for_cancelling_are_counted_in_plain_words(
    desk: Client, reader: User, stripe_world: StripeWorld
) -> None:
    stripe_world.subscribe(reader)
    page = desk.get("/admin/subscriptions/subscription/desk/").content.decode()
    assert "Nobody has said why." in page
    now = timezone.now()
    Subscription.objects.update(
        status="canceled", ended_at=now, cancel_reason="too_expensive", cancel_comment="I lost my <job>."
    )
    page = desk.get("/admin/subscriptions/subscription/desk/").content.decode()
    assert re.search(r'It was too expensive</th><td><a href="([^"]+)">1</a>', page)
    assert "I lost my &lt;job&gt;." in page
    address = re.search(r'href="(/admin/subscriptions/subscription/\?cancel_reason[^"]+)"', page)
    assert address
    assert "1 subscription" in desk.get(address[1]).content.decode()
    Subscription.objects.update(ended_at=now - timedelta(days=91))
    assert "Nobody has said why." in desk.get("/admin/subscriptions/subscription/desk/").content.decode()


def test_a_yearly_subscription_is_listed_as_such(desk: Client, reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    Subscription.objects.update(interval="year", amount=10000)
    assert "$100 a year" in desk.get("/admin/subscriptions/subscription/").content.decode()
