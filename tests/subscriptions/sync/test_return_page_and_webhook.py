"""The return page, a second click and the webhook apply one payment at the same time, while Stripe takes its time to answer."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from newsroom.db.advisory_locks import advisory_lock
from newsroom.models import User
from subscriptions import staff_actions
from subscriptions.checkout import card_testing
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import (
    Checkout,
    Customer,
    Donation,
    Hold,
    LedgerEntry,
    StaffAction,
    StripeEvent,
    Subscription,
    SubscriptionChange,
)
from subscriptions.stripe.errors import Unreachable
from subscriptions.sync import events as stripe_events
from subscriptions.sync import records
from subscriptions.sync.apply import (
    apply_customer,
    apply_dispute,
    apply_invoice,
    apply_refund,
    apply_session,
    apply_subscription,
)
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
    with _while_held(lambda: advisory_lock(name), work):
        yield


@contextmanager
def _while_row_locked(row: Model, work: Callable[[], object]) -> Iterator[None]:
    with _while_held(lambda: type(row)._default_manager.select_for_update().get(pk=row.pk), work):
        yield


@contextmanager
def _while_held(hold: Callable[[], object], work: Callable[[], object]) -> Iterator[None]:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold()
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


def _at_stripe(world: StripeWorld, kind: str) -> int:
    return len(world.read("objects").get(kind, []))


def test_a_second_click_waits_for_the_first_one_before_it_asks_stripe_for_a_page(stripe_world: StripeWorld) -> None:
    checkout = checkouts.start_donation(form_id=uuid.uuid4(), user=None, amount=2500, currency="usd")
    before = _at_stripe(stripe_world, "checkout.session")
    with _while_row_locked(checkout, lambda: checkouts.payment_page(checkout)):
        assert _at_stripe(stripe_world, "checkout.session") == before
    assert _at_stripe(stripe_world, "checkout.session") == before + 1


def test_a_second_request_of_a_person_waits_before_it_makes_a_customer(reader: User, stripe_world: StripeWorld) -> None:
    customer = Customer.objects.create(user=reader)
    before = _at_stripe(stripe_world, "customer")
    with _while_row_locked(customer, lambda: checkouts.ensure_customer(reader)):
        assert _at_stripe(stripe_world, "customer") == before
        Customer.objects.update(stripe_id="cus_of_the_first")
    assert _at_stripe(stripe_world, "customer") == before


def test_a_second_press_waits_before_it_gives_money_back(publisher: User, stripe_world: StripeWorld) -> None:
    entry = LedgerEntry.objects.payments().get(donation=stripe_world.gift())
    refund = partial(staff_actions.refund, entry, form_id=uuid.uuid4(), amount=500, reason="Asked.", by=publisher)
    stripe_world.control("down", on="true")
    with pytest.raises(Unreachable):
        refund()
    stripe_world.control("down", on="false")
    before = _at_stripe(stripe_world, "refund")
    with _while_row_locked(StaffAction.objects.get(), refund):
        assert _at_stripe(stripe_world, "refund") == before
    assert _at_stripe(stripe_world, "refund") == before + 1


def test_what_changed_while_a_session_was_asked_for_stays(stripe_world: StripeWorld) -> None:
    checkout = checkouts.start_donation(form_id=uuid.uuid4(), user=None, amount=2500, currency="usd")
    checkouts.payment_page(checkout)
    stripe_world.pay(checkout)
    session = str(checkout.stripe_session_id)
    with _while_row_locked(checkout, lambda: apply_session(session, cause="return")):
        Checkout.objects.update(message="For the ferrymen.")
    checkout.refresh_from_db()
    assert (checkout.status, checkout.message) == ("paid", "For the ferrymen.")


@pytest.mark.parametrize(
    ("meanwhile", "after"), [({"generation": 5}, (None, 6)), ({"stripe_id": "cus_new"}, ("cus_new", 1))]
)
def test_a_customer_who_was_replaced_meanwhile_is_not_dropped(
    meanwhile: dict[str, object], after: tuple[str | None, int], reader: User, stripe_world: StripeWorld
) -> None:
    former = checkouts.ensure_customer(reader)
    stripe_world.client().v1.customers.delete(former)
    customer = Customer.objects.get()
    with _while_row_locked(customer, lambda: apply_customer(former, cause="test")):
        Customer.objects.update(**meanwhile)
    customer.refresh_from_db()
    assert (customer.stripe_id, customer.generation) == after


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
