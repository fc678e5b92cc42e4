"""The payment page: one for each checkout, whatever changes or fails at Stripe before it is paid."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.models import User
from subscriptions.checkout import payment_page
from subscriptions.models import Appeal, Checkout, Customer, Offer
from subscriptions.stripe.errors import Unreachable
from tests.subscriptions.conftest import StripeWorld


def _donation(user: User | None = None) -> Checkout:
    return payment_page.start_donation(form_id=uuid.uuid4(), user=user, amount=2500, currency="usd")


@pytest.mark.parametrize("monthly", [True, False], ids=["subscription", "donation"])
def test_a_reader_whose_customer_was_deleted_at_stripe_pays_as_a_new_one(
    monthly: bool, reader: User, stripe_world: StripeWorld
) -> None:
    former = payment_page.ensure_customer(reader)
    stripe_world.client().v1.customers.delete(former)
    assert payment_page.start_subscription(reader) if monthly else payment_page.payment_page(_donation(reader))
    session = stripe_world.client().v1.checkout.sessions.retrieve(str(Checkout.objects.get().stripe_session_id))
    customer = Customer.objects.get()
    assert customer.stripe_id not in (None, former)
    assert (session.customer, session.status) == (customer.stripe_id, "open")


def test_a_price_that_changes_while_stripe_is_down_is_the_new_one_afterwards(
    reader: User, stripe_world: StripeWorld
) -> None:
    stripe_world.control("down", on="true")
    with pytest.raises(Unreachable):
        payment_page.start_subscription(reader)
    assert Checkout.objects.get().stripe_session_id is None
    Offer.objects.update(monthly_amount=1500)
    stripe_world.control("down", on="false")
    assert payment_page.start_subscription(reader)
    assert list(Checkout.objects.order_by("pk").values_list("amount", "status")) == [(1000, "expired"), (1500, "open")]


@pytest.mark.parametrize("words", [{"name": "Zoya"}, {"message": "For the ferrymen."}], ids=["name", "message"])
def test_a_name_or_a_message_alone_is_deleted_after_a_week_too(words: dict[str, str], db: None) -> None:
    Checkout.objects.create(kind="donation", amount=2500, currency="usd", expires_at=timezone.now(), **words)
    Checkout.objects.update(created_at=timezone.now() - timedelta(days=8))
    payment_page.delete_unpaid_messages()
    assert Checkout.objects.values_list("name", "message").get() == ("", "")


def test_an_expired_page_is_followed_by_another_though_stripes_answer_was_lost(stripe_world: StripeWorld) -> None:
    checkout = _donation()
    payment_page.payment_page(checkout)
    Checkout.objects.update(status="expired")
    stripe_world.control("faults", kind="error_after", method="POST", path="/v1/checkout/sessions", times="3")
    with pytest.raises(Unreachable):
        payment_page.payment_page(checkout)
    Checkout.objects.update(expires_at=timezone.now() - timedelta(minutes=5))
    stripe_world.control("clear_faults")
    assert payment_page.payment_page(checkout)
    checkout.refresh_from_db()
    assert checkout.status == "open"


def test_a_page_that_expired_at_stripe_without_our_hearing_of_it_is_followed_by_another(
    stripe_world: StripeWorld,
) -> None:
    checkout = _donation()
    former = payment_page.payment_page(checkout)
    checkout.refresh_from_db()
    stripe_world.client().v1.checkout.sessions.expire(str(checkout.stripe_session_id))
    assert payment_page.payment_page(checkout) not in (None, former)


def test_whoever_does_not_pay_comes_back_to_the_appeal_or_to_the_support_page(stripe_world: StripeWorld) -> None:
    appeal = Appeal.objects.create(
        title="Who owns the wetlands?", slug="wetlands", sentence="A year.", text="For travel.", goal=100_000
    )
    for given, path in ((appeal, appeal.get_absolute_url()), (None, "/support/")):
        checkout = payment_page.start_donation(
            form_id=uuid.uuid4(), user=None, amount=2500, currency="usd", appeal=given
        )
        payment_page.payment_page(checkout)
        checkout.refresh_from_db()
        session = stripe_world.client().v1.checkout.sessions.retrieve(str(checkout.stripe_session_id))
        assert session.cancel_url == f"http://testserver{path}"
        assert session.success_url == payment_page.thanks_url(checkout)


def test_a_lost_answer_and_another_title_since_do_not_block_the_page(stripe_world: StripeWorld) -> None:
    """The idempotency key of the lost request belongs to other parameters then."""
    appeal = Appeal.objects.create(title="Snow", slug="snow", sentence="Why?", text="For it.", goal=100, on_site=True)
    gift = payment_page.start_donation(form_id=uuid.uuid4(), user=None, amount=2500, currency="usd", appeal=appeal)
    faults = {"kind": "reset_after", "times": "3", "method": "POST", "path": "/v1/checkout/sessions"}
    stripe_world.control("faults", **faults)
    with pytest.raises(Unreachable):
        payment_page.payment_page(gift)
    stripe_world.control("clear_faults")
    Appeal.objects.update(title="Snow in the valley")
    gift = Checkout.objects.get(pk=gift.pk)
    assert payment_page.payment_page(gift)
    gift.refresh_from_db()
    assert gift.attempt == 2
