"""The return page, a second click and the webhook apply one payment at the same time, while Stripe takes its time to answer."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from newsroom.db.advisory_locks import advisory_lock
from newsroom.models import User
from subscriptions.checkout import card_testing
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, Donation, Hold, LedgerEntry, StripeEvent, Subscription, SubscriptionChange
from subscriptions.sync import events as stripe_events
from subscriptions.sync import records
from subscriptions.sync.apply import apply_dispute, apply_invoice, apply_refund, apply_session, apply_subscription
from tests.concurrency import all_at_once, closing, until_waiting
from tests.subscriptions.conftest import StripeWorld, deliver, gift_form

# Several connections at once need rows that are really there.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _tables() -> Iterator[None]:
    """Delete the jobs that these tests leave, which no other fixture does."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.mark.parametrize("slow", ["/v1/checkout/sessions/", "/v1/subscriptions/", "/v1/invoices/"])
def test_many_who_apply_one_subscription_at_once_make_it_once_and_nobody_fails(
    stripe_world: StripeWorld, slow: str
) -> None:
    user = User.objects.create_user("subscriber@example.org", "a-good-password", name="Bilal")
    checkouts.start_subscription(user)
    checkout = Checkout.objects.get(user=user)
    stripe_world.pay(checkout, user.email)
    checkout.refresh_from_db()
    page = f"/support/thanks/?checkout={checkout.public_id}"
    for body in stripe_world.events("customer.subscription.created", "checkout.session.completed", "invoice.paid")[-3:]:
        assert deliver(Client(), body) == 200
    events = list(StripeEvent.objects.values_list("pk", flat=True))
    subscription = str(
        stripe_world.client().v1.checkout.sessions.retrieve(str(checkout.stripe_session_id)).subscription
    )
    # Whoever comes first holds its locks while Stripe thinks, and everybody else runs into them.
    stripe_world.control("faults", kind="delay", method="GET", path=slow, seconds="0.2", times="4")

    work: list[Callable[[], object]] = [
        lambda: Client().get(page).status_code,
        lambda: apply_session(str(checkout.stripe_session_id), cause="return").status,
        lambda: checkouts.payment_page(checkout),  # the second click
        lambda: apply_subscription(subscription, cause="test").status,
        *[lambda event=event: stripe_events.apply_event(event) for event in events],
    ]

    results = all_at_once(lambda: work.pop()(), len(work))

    assert [result for result in results if isinstance(result, Exception)] == []
    assert len(results) == 7
    assert Subscription.objects.get().status == "active"
    assert SubscriptionChange.objects.count() == 1
    assert LedgerEntry.objects.get().amount == 1000
    assert Checkout.objects.get().status == Checkout.Status.PAID
    assert not StripeEvent.objects.filter(applied_at=None).exists()


def test_many_who_apply_one_gift_at_once_record_it_once(stripe_world: StripeWorld) -> None:
    client = Client(enforce_csrf_checks=False)
    client.post("/support/donate/", {"amount": "25", "form_id": gift_form()})
    checkout = Checkout.objects.get()
    stripe_world.pay(checkout)
    checkout.refresh_from_db()
    (body,) = stripe_world.events("checkout.session.completed")[-1:]
    deliver(client, body)
    event = StripeEvent.objects.get()
    stripe_world.control("faults", kind="delay", method="GET", path="/v1/checkout/", seconds="0.2", times="3")

    def turn() -> object:
        stripe_events.apply_event(event.pk)
        return apply_session(str(checkout.stripe_session_id), cause="return").status

    assert all_at_once(turn, 4) == ["paid"] * 4
    assert Donation.objects.count() == 1
    assert LedgerEntry.objects.get().amount == 2500


@contextmanager
def _while_locked(name: str, work: Callable[[], object]) -> Iterator[None]:
    """Somebody else is at the same object: the work has begun, and waits until they have finished."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            advisory_lock(name)
            begun = pool.submit(closing, work)
            until_waiting(begun)
            assert not begun.done(), begun.result()
            yield
        begun.result()


def test_a_session_is_asked_for_once_whoever_holds_it_has_finished(stripe_world: StripeWorld) -> None:
    checkout = checkouts.start_donation(form_id=uuid.uuid4(), user=None, amount=2500, currency="usd")
    checkouts.payment_page(checkout)
    checkout.refresh_from_db()
    session = str(checkout.stripe_session_id)
    with _while_locked(session, lambda: apply_session(session, cause="return")):
        stripe_world.pay(checkout)
    checkout.refresh_from_db()
    assert checkout.status == "paid"


def test_a_subscription_is_asked_for_once_whoever_holds_it_has_finished(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    with _while_locked(subscription.stripe_id, lambda: apply_subscription(subscription.stripe_id, cause="test")):
        stripe_world.client().v1.subscriptions.cancel(subscription.stripe_id)
    subscription.refresh_from_db()
    assert subscription.status == "canceled"


def test_a_subscription_that_stripe_does_not_know_ends_from_where_it_stood_then(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    with _while_locked(
        subscription.stripe_id, lambda: records.record_unknown_to_stripe(subscription.stripe_id, cause="test")
    ):
        Subscription.objects.update(status="past_due")
    change = SubscriptionChange.objects.latest("pk")
    assert (change.from_status, change.to_status, change.cause) == ("past_due", "canceled", "test")


def test_a_paid_month_is_written_down_by_one_after_the_other(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    invoice = LedgerEntry.objects.get().stripe_id
    LedgerEntry.objects.update(amount=1)
    with _while_locked(invoice, lambda: apply_invoice(invoice, cause="test")):
        LedgerEntry.objects.update(amount=2)
    assert LedgerEntry.objects.get().amount == 1000


def test_a_refund_and_a_dispute_are_asked_for_once_whoever_holds_them_has_finished(stripe_world: StripeWorld) -> None:
    first, second = (LedgerEntry.objects.payments().get(donation=stripe_world.gift()) for _ in range(2))
    refund = stripe_world.client().v1.refunds.create({"payment_intent": first.payment_intent}).id
    with _while_locked(refund, lambda: apply_refund(refund, cause="test")):
        stripe_world.control("fail_refund", refund=refund)
    assert first.left == first.amount
    assert LedgerEntry.objects.filter(payment=first).count() == 2

    dispute = stripe_world.control("dispute", charge=stripe_world.charge_of(second.payment_intent))["id"]
    with _while_locked(dispute, lambda: apply_dispute(dispute, cause="test")):
        stripe_world.control("close_dispute", dispute=dispute, outcome="won")
    assert second.left == second.amount
    assert LedgerEntry.objects.filter(payment=second).count() == 2


def test_the_subscriptions_of_one_person_are_compared_by_one_after_the_other(
    reader: User, stripe_world: StripeWorld
) -> None:
    first = stripe_world.subscribe(reader)
    session = stripe_world.second_subscription(reader)
    with _while_locked(f"person {reader.pk}", lambda: apply_session(session, cause="test")):
        assert Subscription.objects.chargeable().filter(user=reader).count() == 2
    assert Subscription.objects.chargeable().get(user=reader) == first
    assert Subscription.objects.exclude(pk=first.pk).get().unwanted_since is not None


def test_two_refused_cards_at_once_begin_one_hold(db: None) -> None:
    Checkout.objects.create(
        kind="donation", amount=500, currency="usd", expires_at=timezone.now(), network="n", refusals=30
    )
    with _while_locked("hold None", card_testing.hold_all_guests_if_suspicious):
        Hold.objects.create(network=None, words="Before.", until=timezone.now() + timedelta(minutes=1))
    assert Hold.objects.get().words.startswith("Cards refused within an hour: 30.")
