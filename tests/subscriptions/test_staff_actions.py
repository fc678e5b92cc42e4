"""Refunds and cancellations from the admin: confirmed, recorded, done once."""

import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from newsroom.models import User
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, LedgerEntry, StaffAction, Subscription
from subscriptions.sync.apply import apply_session
from tests.subscriptions.conftest import StripeWorld


@pytest.fixture
def desk(publisher: User) -> Client:
    client = Client()
    client.force_login(publisher)
    return client


@pytest.fixture
def gift(stripe_world: StripeWorld) -> LedgerEntry:
    checkout = checkouts.start_donation(form_id=uuid.uuid4(), user=None, amount=2500, currency="usd")
    checkouts.payment_page(checkout)
    stripe_world.pay(checkout)
    apply_session(str(Checkout.objects.get().stripe_session_id), cause="test")
    return LedgerEntry.objects.get()


@pytest.fixture
def subscription(subscriber: User) -> Subscription:
    apply_session(str(Checkout.objects.get(user=subscriber).stripe_session_id), cause="test")
    return Subscription.objects.get()


def _refunds(world: StripeWorld, intent: str) -> list[int]:
    return [refund.amount for refund in world.client().v1.refunds.list({"payment_intent": intent}).data]


def _form(**more: Any) -> dict[str, Any]:
    return {"form_id": str(uuid.uuid4()), "amount": "25.00", "seen": "2500", "reason": "Given twice by mistake", **more}


def test_a_gift_is_given_back_once_however_often_the_button_is_pressed(
    desk: Client, gift: LedgerEntry, publisher: User, stripe_world: StripeWorld
) -> None:
    path = f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/"
    assertContains(desk.get(f"/admin/subscriptions/ledgerentry/{gift.pk}/change/"), path)
    assertContains(desk.get(path), "<strong>$25</strong> goes back to the card")
    assert _refunds(stripe_world, gift.stripe_id) == []
    form = _form()
    for _ in range(2):
        assertContains(desk.post(path, form, follow=True), "Given back: $25.")
    assert _refunds(stripe_world, gift.stripe_id) == [2500]
    action = StaffAction.objects.get()
    assert (action.by, action.reason, action.amount, action.outcome) == (
        publisher,
        "Given twice by mistake",
        2500,
        "done",
    )
    assertContains(desk.get(path), "All of it was given back already.")


def test_a_second_tab_is_refused_in_words_and_gives_nothing(
    desk: Client, gift: LedgerEntry, stripe_world: StripeWorld
) -> None:
    path = f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/"
    desk.post(path, _form())
    assertContains(desk.post(path, _form()), "Stripe refused, and nothing was done.", status_code=409)
    assert _refunds(stripe_world, gift.stripe_id) == [2500]
    assert [action.outcome.partition(":")[0] for action in StaffAction.objects.order_by("pk")] == ["done", "refused"]


def test_a_month_is_given_back_too(desk: Client, subscription: Subscription, stripe_world: StripeWorld) -> None:
    entry = LedgerEntry.objects.get()
    path = f"/admin/subscriptions/ledgerentry/{entry.pk}/refund/"
    assertContains(desk.get(path), "The subscription goes on")
    assertContains(desk.post(path, _form(amount="10", seen="1000"), follow=True), "Given back: $10.")


def test_stripe_down_keeps_the_reason_and_the_same_form_does_it_later(
    desk: Client, gift: LedgerEntry, stripe_world: StripeWorld
) -> None:
    path = f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/"
    form = _form()
    stripe_world.control("down", on="true")
    assertContains(desk.get(path), "Stripe does not answer.", status_code=503)
    page = desk.post(path, form)
    assertContains(page, "Given twice by mistake", status_code=503)
    assertContains(page, form["form_id"], status_code=503)
    stripe_world.control("down", on="false")
    assertContains(desk.post(path, form, follow=True), "Given back: $25.")
    assert StaffAction.objects.count() == 1


def test_an_error_after_the_work_was_done_gives_back_once(
    desk: Client, gift: LedgerEntry, stripe_world: StripeWorld
) -> None:
    stripe_world.control("faults", kind="error_after", method="POST", path="/v1/refunds", times="9")
    path = f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/"
    form = _form()
    desk.post(path, form)
    stripe_world.control("clear_faults")
    assertContains(desk.post(path, form, follow=True), "Given back: $25.")
    assert _refunds(stripe_world, gift.stripe_id) == [2500]


def test_a_part_is_given_back_after_the_page_has_said_so_once_more(
    desk: Client, gift: LedgerEntry, stripe_world: StripeWorld
) -> None:
    path = f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/"
    assertContains(desk.get(path), 'value="25.00"')
    form = _form(amount="5")
    page = desk.post(path, form)
    assertContains(page, "<strong>$5</strong> of the $25 that is left goes back")
    assertContains(page, "Give $5 back")
    assertContains(page, form["form_id"])
    assert _refunds(stripe_world, gift.stripe_id) == []
    for _ in range(2):
        assertContains(desk.post(path, form | {"seen": "500"}, follow=True), "Given back: $5.")
    assert _refunds(stripe_world, gift.stripe_id) == [500]
    assert (StaffAction.objects.get().amount, gift.left) == (500, 2000)
    assertContains(desk.get(path), 'value="20.00"')
    page = desk.post(path, _form(amount="20.50"))
    assertContains(page, "Only $20 is left of this payment.", status_code=422)
    page = desk.post(path, _form(amount="20.50", seen="2050"))
    assertContains(page, "Stripe refused, and nothing was done.", status_code=409)
    assert _refunds(stripe_world, gift.stripe_id) == [500]


def test_what_was_given_back_at_stripe_is_refused_and_written_down(
    desk: Client, gift: LedgerEntry, stripe_world: StripeWorld
) -> None:
    stripe_world.client().v1.refunds.create({"payment_intent": gift.stripe_id})
    path = f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/"
    assertContains(desk.post(path, _form()), "Stripe refused, and nothing was done.", status_code=409)
    assert gift.left == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"reason": ""},
        {"reason": "x" * 301},
        {"amount": ""},
        {"amount": "9" * 30},
        {"amount": "0"},
        {"amount": "25.01"},
        {"amount": "\0"},
    ],
)
def test_without_a_reason_or_an_amount_nothing_is_done(
    desk: Client, gift: LedgerEntry, stripe_world: StripeWorld, odd: dict[str, str]
) -> None:
    response = desk.post(f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/", _form(**odd))
    assert response.status_code in (200, 422)
    assert not StaffAction.objects.exists()


def test_cancelling_at_the_end_keeps_what_is_paid(desk: Client, subscription: Subscription, publisher: User) -> None:
    path = f"/admin/subscriptions/subscription/{subscription.pk}/cancel/"
    assertContains(desk.get(path), "What was paid is not given back")
    assertContains(desk.post(path, _form(), follow=True), "Done: cancelled at the end of what is paid.")
    subscription.refresh_from_db()
    assert (subscription.state, subscription.status) == ("ending", "active")
    assert StaffAction.objects.get().by == publisher


def test_cancelling_at_once_ends_it_once(desk: Client, subscription: Subscription) -> None:
    path = f"/admin/subscriptions/subscription/{subscription.pk}/cancel/"
    form = _form(at_once="on")
    desk.post(path, form)
    subscription.refresh_from_db()
    assert subscription.state == "ended"
    assertContains(desk.post(path, form, follow=True), "It has ended already.")
    assert StaffAction.objects.count() == 1
    assert subscription.changes.last().cause.endswith("Given twice by mistake")  # type: ignore[union-attr]


def test_only_the_publisher_may(editor: User, gift: LedgerEntry, stripe_world: StripeWorld) -> None:
    client = Client()
    client.force_login(editor)
    path = f"/admin/subscriptions/ledgerentry/{gift.pk}/refund/"
    assert client.get(path).status_code == 403
    assert client.post(path, _form()).status_code == 403
    assert _refunds(stripe_world, gift.stripe_id) == []
