"""What goes wrong on request, and how Stripe's own library meets it."""

import threading
import time

import pytest
import stripe

from tests.concurrency import all_at_once
from tests.devtools.stripe_standin.world import KEY, SECRET, World

CUSTOMERS = "/v1/customers"


def _arm(world: World, kind: str, **more: str) -> None:
    world.control("faults", kind=kind, path=CUSTOMERS, method="POST", **more)


def _create(world: World, retries: int = 0, key: str = "", timeout: float = 10) -> stripe.Customer:
    client = world.client(retries, timeout)
    return client.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": key} if key else {})


def _count(world: World) -> int:
    return len(world.client().v1.customers.list().data)


@pytest.mark.parametrize(("kind", "done"), [("reset", 0), ("reset_after", 1)])
def test_a_broken_connection_with_and_without_the_work_done(world: World, kind: str, done: int) -> None:
    _arm(world, kind)
    with pytest.raises(stripe.APIConnectionError):
        _create(world, key="k")
    assert _count(world) == done
    _create(world, key="k")  # the fault is used up
    assert _count(world) == 1


@pytest.mark.parametrize("kind", ["reset", "reset_after", "error", "error_after"])
def test_the_library_tries_again_with_the_same_key_and_the_work_is_done_once(world: World, kind: str) -> None:
    _arm(world, kind)
    assert _create(world, retries=2).email == "a@example.org"
    assert _count(world) == 1


@pytest.mark.parametrize(("kind", "done"), [("error", 0), ("error_after", 1), ("error_kept", 1)])
def test_a_500_with_and_without_the_work_done(world: World, kind: str, done: int) -> None:
    _arm(world, kind)
    with pytest.raises(stripe.APIError) as caught:
        _create(world, key="k")
    assert caught.value.http_status == 500
    assert _count(world) == done


def test_a_500_that_is_kept_is_the_answer_to_its_key_for_a_day(world: World) -> None:
    _arm(world, "error_kept")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            _create(world, retries=1, key="k")
    assert _count(world) == 1
    world.client().v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "another"})
    assert _count(world) == 2


def test_a_delay_past_the_time_out_after_the_work_is_met_by_the_same_key(world: World) -> None:
    _arm(world, "delay_after", seconds="1.5")
    with pytest.raises(stripe.APIConnectionError):
        _create(world, key="k", timeout=0.5)
    # Until the first has gone, its key is in use; then its answer is there.
    made = _create(world, retries=6, key="k")
    assert _count(world) == 1
    assert world.client().v1.customers.list().data[0].id == made.id


def test_a_key_is_in_use_while_its_request_is_delayed(world: World) -> None:
    _arm(world, "delay", seconds="1.5")
    first = threading.Thread(target=_create, args=(world, 0, "k"))
    first.start()
    deadline = time.monotonic() + 10
    while not world.read("health")["requests_in_flight"] and time.monotonic() < deadline:
        pass
    with pytest.raises(stripe.APIError) as caught:
        _create(world, key="k")
    assert caught.value.http_status == 409
    first.join()
    assert _count(world) == 1


def test_too_many_requests_are_not_tried_again_by_the_library(world: World) -> None:
    _arm(world, "rate_limit")
    with pytest.raises(stripe.RateLimitError):
        _create(world, retries=2)
    assert _count(world) == 0


def test_a_fault_meets_only_its_method_and_path_and_so_often(world: World) -> None:
    world.control("faults", kind="error", path=CUSTOMERS, method="POST", times="2")
    assert _count(world) == 0
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            _create(world)
    _create(world)
    assert world.read("faults")["armed"] == []
    for wrong in ({"kind": "fire"}, {"kind": "error", "times": "many"}, {}):
        with pytest.raises(AssertionError):
            world.control("faults", **wrong)


def test_while_it_is_down_nothing_is_answered(world: World) -> None:
    world.control("down", on="true")
    with pytest.raises(stripe.APIError) as caught:
        _create(world)
    assert caught.value.http_status == 503
    world.control("down", on="false")
    assert _count(world) == 0


# Deliveries


def test_an_event_is_delivered_twice(world: World) -> None:
    world.control("faults", kind="duplicate", type="customer.")
    world.customer()
    assert world.told() == ["customer.created"] * 2


def test_a_lost_event_is_never_delivered_and_the_list_of_events_says_so(world: World) -> None:
    world.control("faults", kind="drop", type="customer.created")
    customer = world.customer()
    world.client().v1.customers.update(customer.id, {"name": "Asma Khan"})
    assert world.told() == ["customer.updated"]
    assert world.told() == []
    (lost,) = world.client().v1.events.list({"delivery_success": False}).data
    assert lost.type == "customer.created"
    world.control("resend", event=lost.id)
    assert world.told() == ["customer.created"]
    assert world.client().v1.events.list({"delivery_success": False}).data == []


def test_events_come_shuffled_and_the_same_seed_gives_the_same_order(world: World) -> None:
    orders = []
    for _ in range(2):
        world.control("reset")
        world.control("clear_faults", seed="7")
        session = world.session(customer=world.customer().id)
        world.control("pay", session=session.id, email="a@example.org")
        world.control("faults", kind="shuffle", times="100")
        orders.append(world.told())
    world.control("reset")
    session = world.session(customer=world.customer().id)
    world.control("pay", session=session.id, email="a@example.org")
    straight = world.told()
    assert orders[0] == orders[1] != straight
    assert sorted(orders[0]) == sorted(straight)


def test_an_event_of_an_old_version_and_one_signed_by_somebody_else(world: World) -> None:
    world.control("faults", kind="old_version")
    world.customer()
    world.control("drain")
    assert [event.api_version for event in world.site.received] == ["2020-08-27"]

    world.site.received.clear()
    world.control("faults", kind="wrong_secret")
    world.customer()
    assert "answered 400" in world.control("drain")["failed"][0]
    assert len(world.site.refused) == 1
    assert world.told() == ["customer.created"]  # sent again, and signed rightly


def test_a_site_that_does_not_answer_200_is_told_again(world: World) -> None:
    world.site.answer = 500
    world.customer()
    assert len(world.control("drain")["failed"]) == 1
    assert world.read("outbox") == {"pending": 1}
    world.site.answer = 200
    assert world.told() == ["customer.created"]
    assert world.read("outbox") == {"pending": 0}


def test_a_delivery_is_what_the_library_takes_for_an_event(world: World) -> None:
    customer = world.customer()
    world.control("drain")
    (event,) = world.site.received
    body = str(event).encode()
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET, 1)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.StripeClient(KEY).construct_event(body, header, SECRET)
    assert event.data.object["id"] == customer.id


def test_several_drains_at_once_deliver_each_event_once(world: World) -> None:
    for _ in range(5):
        world.customer()
    all_at_once(lambda: world.control("drain"), 4)
    assert [event.type for event in world.site.received] == ["customer.created"] * 5


# The books


def test_the_books_are_shown_whole_and_closed_for_ever(world: World) -> None:
    subscription, charge = world.subscription(), world.gift()
    objects = world.read("objects")
    assert [found["id"] for found in objects["subscription"]] == [subscription.id]
    assert not any(name.startswith("_") for found in objects["invoice"] for name in found)
    charges = world.read("charges")
    assert charges[subscription.customer]["charged"] == 1000
    assert charges["guest guest@example.org"]["charges"][0]["id"] == charge.id
    world.control("reset")
    assert set(world.read("objects")) == {"webhook_endpoint"}
    assert world.read("charges") == {}


def test_everything_is_still_there_after_a_kill(world: World) -> None:
    subscription = world.subscription()
    world.advance(86400)
    world.client().v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "k"})
    now = world.read("health")["now"]
    assert world.process is not None
    world.process.kill()
    world.process.wait()
    world.start()
    assert world.client().v1.subscriptions.retrieve(subscription.id).status == "active"
    assert world.read("health")["now"] >= now
    world.client().v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "k"})
    assert len(world.client().v1.customers.list({"email": "a@example.org"}).data) == 1
