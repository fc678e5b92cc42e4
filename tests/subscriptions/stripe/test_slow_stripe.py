"""When Stripe is slow, a few wait for it, the others are told so at once, and who only reads is not kept waiting."""

from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import islice

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from newsroom.models import User
from subscriptions.models import Checkout
from subscriptions.stripe.client import MAX_CALLERS
from tests.concurrency import closing
from tests.running_site import wait_until
from tests.subscriptions.conftest import StripeWorld, gift_form

TEN = 10


def _give() -> int:
    form = {"amount": "25", "form_id": gift_form()}
    return int(closing(lambda: Client().post("/support/donate/", form).status_code))


def _slow(world: StripeWorld, times: int) -> None:
    world.control("faults", kind="delay", times=str(times), seconds="4", path="/v1/checkout/sessions")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_ten_slow_answers_leave_threads_and_connections_for_readers(client: Client, stripe_world: StripeWorld) -> None:
    _slow(stripe_world, TEN)
    with ThreadPoolExecutor(TEN) as pool:
        giving: list[Future[int]] = [pool.submit(_give) for _ in range(TEN)]
        first = [each.result() for each in islice(as_completed(giving), TEN - MAX_CALLERS)]
        assert client.get("/support/").status_code == 200
        waiting = sum(not each.done() for each in giving)
        assert (first, waiting) == ([503] * (TEN - MAX_CALLERS), MAX_CALLERS)
        assert sorted(each.result() for each in giving) == [303] * MAX_CALLERS + first
    assert Checkout.objects.count() == TEN, "what was meant to be given is not lost"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_finds_no_place_is_told_so_and_pays_at_the_next_try(
    client: Client, reader: User, stripe_world: StripeWorld
) -> None:
    client.force_login(reader)
    _slow(stripe_world, MAX_CALLERS)
    with ThreadPoolExecutor(MAX_CALLERS) as pool:
        giving = [pool.submit(_give) for _ in range(MAX_CALLERS)]
        wait_until(lambda: not stripe_world.read("faults")["armed"], "all places are taken")
        assertContains(client.post("/support/subscribe/"), "does not answer just now", status_code=503)
        assert [each.result() for each in giving] == [303] * MAX_CALLERS
    assert client.post("/support/subscribe/").status_code == 303
