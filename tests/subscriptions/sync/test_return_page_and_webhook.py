"""The return page, a second click and the webhook apply one payment at the same time, while Stripe takes its time to answer."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client

from newsroom.models import User
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, Donation, LedgerEntry, StripeEvent, Subscription, SubscriptionChange
from subscriptions.sync import events as stripe_events
from subscriptions.sync.apply import apply_session, apply_subscription
from tests.concurrency import all_at_once
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
