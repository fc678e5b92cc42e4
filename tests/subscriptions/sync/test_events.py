import json
import time

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from newsroom.models import User
from subscriptions.models import LedgerEntry, StripeEvent, Subscription, SubscriptionChange
from subscriptions.stripe.errors import Unreachable
from subscriptions.sync import events
from tests.subscriptions.conftest import StripeWorld, deliver


def _apply_all() -> None:
    for event in StripeEvent.objects.filter(applied_at=None).order_by("pk"):
        events.apply_event(event.pk)


def _numbers() -> tuple[int, int, int]:
    return Subscription.objects.count(), SubscriptionChange.objects.count(), LedgerEntry.objects.count()


def _event(**changes: object) -> bytes:
    event = {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "data": {"object": {"id": "x_1", "object": "thing"}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "thing.happened",
    }
    return json.dumps(event | changes).encode()


def test_a_wrong_signature_is_400_and_stores_nothing(client: Client, db: None) -> None:
    assert deliver(client, _event(), secret="whsec_another") == 400
    assert deliver(client, _event(), timestamp=int(time.time()) - 3600) == 400
    assert deliver(client, _event(), timestamp=int(time.time()) + 3600) == 400
    assert client.post("/stripe/webhook/", _event(), "application/json").status_code == 400
    changed = client.post(
        "/stripe/webhook/", _event(id="evt_2"), "application/json", headers={"Stripe-Signature": "t=1,v1=00"}
    )
    assert changed.status_code == 400
    assert client.post("/stripe/webhook/", b"\xff\xfe", "application/json").status_code == 400
    assert not StripeEvent.objects.exists()


ODD_EVENTS = [
    *(b"", b"[]", b"{}", b"null", b'{"id": 1}', b'{"a":' * 5000, b"9" * 5000),
    *(_event(id=id_) for id_ in ("", "evt_\0", "evt_\ud800", "evt_" + "x" * 300)),
    *(_event(type=type_) for type_ in ("a" * 200, "charge\0")),
    *(_event(data={"object": {"id": id_}}) for id_ in ("x" * 300, "\0", "\ud800", {"id": 1})),
    _event(api_version="\0"),
]


@pytest.mark.parametrize("body", ODD_EVENTS, ids=range(len(ODD_EVENTS)))
def test_what_is_signed_but_no_event_is_400(body: bytes, client: Client, db: None) -> None:
    assert deliver(client, body) == 400
    assert not StripeEvent.objects.exists()


def test_an_unknown_event_is_stored_and_ignored_visibly(client: Client, db: None) -> None:
    assert deliver(client, _event()) == 200
    _apply_all()
    assert StripeEvent.objects.get().outcome == "ignored: nothing here depends on it"


def test_an_event_of_live_money_is_ignored_by_a_test_key(client: Client, db: None) -> None:
    assert deliver(client, _event(livemode=True)) == 200
    event = StripeEvent.objects.get()
    assert event.applied_at is not None
    assert "other mode" in event.outcome
    assert not ProcrastinateJob.objects.exists()


def test_an_event_and_its_work_are_stored_together_and_once(client: Client, db: None) -> None:
    assert deliver(client, _event()) == 200
    assert deliver(client, _event()) == 200
    event = StripeEvent.objects.get()
    job = ProcrastinateJob.objects.get()
    assert job.args == {"event": event.pk}


def test_a_subscription_comes_into_being_by_its_events_and_the_same_ones_again_change_nothing(
    client: Client, subscriber: User, stripe_world: StripeWorld
) -> None:
    bodies = stripe_world.events()
    for body in bodies:
        assert deliver(client, body) == 200
    _apply_all()

    subscription = Subscription.objects.get(user=subscriber)
    assert (subscription.status, subscription.amount, subscription.currency) == ("active", 1000, "usd")
    assert Subscription.objects.entitling().filter(user=subscriber).exists()
    assert LedgerEntry.objects.get(subscription=subscription).amount == 1000
    before = _numbers()

    for body in bodies:
        assert deliver(client, body) == 200
    _apply_all()
    for event in StripeEvent.objects.all():  # and even if we had lost that they were applied
        StripeEvent.objects.filter(pk=event.pk).update(applied_at=None)
        events.apply_event(event.pk)
    assert _numbers() == before


def test_events_in_the_wrong_order_come_to_the_same(
    client: Client, subscriber: User, stripe_world: StripeWorld
) -> None:
    for body in reversed(stripe_world.events()):
        deliver(client, body)
    _apply_all()
    assert Subscription.objects.get(user=subscriber).status == "active"
    assert LedgerEntry.objects.count() == 1
    assert not StripeEvent.objects.exclude(error="").exists()


def test_while_stripe_does_not_answer_the_event_waits_with_its_error(
    client: Client, subscriber: User, stripe_world: StripeWorld
) -> None:
    (body,) = stripe_world.events("invoice.paid")[-1:]
    deliver(client, body)
    stripe_world.control("down", on="true")
    event = StripeEvent.objects.get()
    with pytest.raises(Unreachable):
        events.apply_event(event.pk)
    event.refresh_from_db()
    assert event.applied_at is None
    assert event.error.startswith("Unreachable")

    stripe_world.control("down", on="false")
    events.apply_event(event.pk)
    event.refresh_from_db()
    assert (event.outcome, event.error) == ("payment in the ledger", "")


def test_an_event_that_could_not_be_applied_is_applied_when_it_is_sent_again(client: Client, db: None) -> None:
    deliver(client, _event())
    ProcrastinateJob.objects.filter(args__event__gt=0).update(status="failed")
    assert deliver(client, _event()) == 200
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1
    _apply_all()
    ProcrastinateJob.objects.filter(status="todo").update(status="succeeded")
    deliver(client, _event())
    assert not ProcrastinateJob.objects.filter(status="todo").exists()


def test_an_object_of_another_product_is_left_alone(client: Client, stripe_world: StripeWorld, db: None) -> None:
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
    (body,) = stripe_world.events("checkout.session.completed")[-1:]
    assert deliver(client, body) == 200
    _apply_all()
    assert StripeEvent.objects.get().outcome.startswith("ignored: Session")
    assert not LedgerEntry.objects.exists()


def test_an_event_in_another_api_version_is_applied_and_shows_it(
    client: Client, subscriber: User, stripe_world: StripeWorld
) -> None:
    (body,) = stripe_world.events("customer.subscription.created")[-1:]
    assert deliver(client, json.dumps(json.loads(body) | {"api_version": "2020-08-27"}).encode()) == 200
    _apply_all()
    event = StripeEvent.objects.get()
    assert (event.outcome, event.api_version) == ("subscription active", "2020-08-27")


def test_late_events_do_not_overwrite_what_is_newer(
    client: Client, subscriber: User, stripe_world: StripeWorld
) -> None:
    early = stripe_world.events("customer.subscription.created", "customer.subscription.updated")
    stripe_world.tell(client)
    subscription = Subscription.objects.get(user=subscriber)
    stripe_world.client().v1.subscriptions.cancel(subscription.stripe_id)
    stripe_world.tell(client, "customer.subscription.deleted")
    StripeEvent.objects.all().delete()
    for body in early:
        deliver(client, body)
    _apply_all()
    subscription.refresh_from_db()
    assert subscription.status == "canceled"
