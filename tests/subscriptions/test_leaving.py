import pytest
from django.db.models import ProtectedError

from newsroom.models import User
from subscriptions import checkout as checkouts
from subscriptions import stripe_api
from subscriptions.leaving import delete_reader
from subscriptions.models import Checkout, Customer, LedgerEntry, Subscription
from tests.subscriptions.conftest import StripeWorld


def test_a_reader_who_leaves_is_charged_no_more_and_the_money_stays_in_the_books(
    reader: User, stripe_world: StripeWorld
) -> None:
    subscription = stripe_world.subscribe(reader)
    donation = stripe_world.gift(user=reader, email=reader.email)
    delete_reader(reader)

    assert stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).status == "canceled"
    assert not User.objects.filter(pk=reader.pk).exists()
    assert not Customer.objects.exists()
    subscription.refresh_from_db()
    donation.refresh_from_db()
    assert (subscription.user, subscription.status, donation.email) == (None, "canceled", "")
    assert LedgerEntry.objects.payments().count() == 2


def test_while_stripe_does_not_answer_the_reader_stays(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    stripe_world.control("down", on="true")
    with pytest.raises(stripe_api.Unreachable):
        delete_reader(reader)
    assert User.objects.filter(pk=reader.pk).exists()


def test_no_other_way_of_deleting_a_payer_works(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    with pytest.raises(ProtectedError):
        reader.delete()
    assert Subscription.objects.live().exists()


def test_the_open_payment_page_of_one_who_left_is_closed(reader: User, stripe_world: StripeWorld) -> None:
    checkouts.start_subscription(reader)
    session = str(Checkout.objects.get().stripe_session_id)
    delete_reader(reader)
    assert stripe_world.client().v1.checkout.sessions.retrieve(session).status == "expired"
