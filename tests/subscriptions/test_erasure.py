"""The erasure of a reader who pays: at Stripe first. The rest is tested in tests/newsroom/privacy."""

import inspect
import json
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.db.models import ProtectedError
from django.test import Client
from pytest_django.asserts import assertContains

import comments.erasure
from newsroom.models import Erasure, User
from newsroom.privacy import erasure
from subscriptions import erasure as erasure_step
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, Customer, LedgerEntry, StaffAction, StripeEvent, Subscription, SupportEmail
from subscriptions.stripe.customers import delete_customer
from subscriptions.sync.records import record_subscription
from tests.factories import erase
from tests.subscriptions.conftest import StripeWorld
from tests.subscriptions.interrupted_erasure import is_interrupted_and_finished


def test_a_reader_who_leaves_is_charged_no_more_and_the_money_stays_in_the_books_without_them(
    reader: User, stripe_world: StripeWorld, client: Client
) -> None:
    stripe_world.reset()  # or what is told below would be other tests' too
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    subscription = stripe_world.subscribe(reader)
    own = stripe_world.gift(user=reader, email=reader.email)
    as_guest = stripe_world.gift(email=reader.email.upper())
    other = stripe_world.gift()
    Checkout.objects.update(name="Asma", message="A word")
    stripe_world.tell(client, "invoice.paid", "checkout.session.completed", "customer.subscription.created")
    assert StripeEvent.objects.filter(payload__icontains=reader.email).exists()
    erase(reader)

    assert stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).status == "canceled"
    assert not User.objects.filter(pk=reader.pk).exists()
    assert not Customer.objects.exists()
    subscription.refresh_from_db()
    assert (subscription.user, subscription.status) == (None, "canceled")
    for gift in (own, as_guest):
        gift.refresh_from_db()
        assert (gift.user, gift.email, gift.checkout.name, gift.checkout.message) == (None, "", "", "")
    other.refresh_from_db()
    assert (other.email, other.checkout.name) == ("donor@example.org", "Asma")
    assert LedgerEntry.objects.payments().count() == 4
    assert not StripeEvent.objects.filter(payload__icontains=reader.email).exists()
    assert any(json.loads(event.payload) for event in StripeEvent.objects.exclude(payload=""))


def test_while_stripe_does_not_answer_nothing_is_forgotten_and_it_is_tried_again(
    reader: User, publisher: User, stripe_world: StripeWorld, client: Client
) -> None:
    subscription = stripe_world.subscribe(reader)
    erasure.order_erasure(reader)
    first_in_line = User.objects.create_user("first@example.org")
    erasure.order_erasure(first_in_line)
    Erasure.objects.filter(person=first_in_line).update(due_at="2020-01-01T00:00Z")
    User.objects.filter(pk=first_in_line.pk).update(is_staff=True)  # so it cannot be, meanwhile
    stripe_world.control("down", on="true")
    erasure.erase_due()
    assert Subscription.objects.get().user == reader
    assert Erasure.objects.get(person=reader).problem.startswith("Unreachable")
    stripe_world.control("down", on="false")
    erasure.erase_due()
    assert not User.objects.filter(pk=reader.pk).exists()
    assert stripe_world.client().v1.subscriptions.retrieve(subscription.stripe_id).status == "canceled"
    assert "desk" in Erasure.objects.get().problem
    client.force_login(publisher)
    assertContains(client.get("/admin/"), "Not erased yet")


def test_no_other_way_of_deleting_a_payer_works(reader: User, stripe_world: StripeWorld) -> None:
    stripe_world.subscribe(reader)
    with pytest.raises(ProtectedError):
        reader.delete()
    assert Subscription.objects.chargeable().exists()


def test_the_open_payment_page_of_one_who_left_is_closed(reader: User, stripe_world: StripeWorld) -> None:
    checkouts.start_subscription(reader)
    session = str(Checkout.objects.get().stripe_session_id)
    erase(reader)
    assert stripe_world.client().v1.checkout.sessions.retrieve(session).status == "expired"


def test_whoever_gave_money_back_for_the_outlet_stays_in_the_books(reader: User, stripe_world: StripeWorld) -> None:
    StaffAction.objects.create(kind="cancel", subscription=stripe_world.subscribe(reader), reason="asked", by=reader)
    with pytest.raises(erasure.Objection, match="the books must say who did"):
        erasure.request_erasure(reader, Erasure.Comments.NAMELESS)


STEPS = [
    record_subscription,
    delete_customer,
    erasure._delete_person,
    comments.erasure.erase_person,
    erasure._send_last_mail,
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_killed_between_two_steps_nobody_is_gone_and_still_charged_and_the_next_run_finishes(
    step: Callable[..., object], stripe_world: StripeWorld
) -> None:
    code = inspect.unwrap(step).__code__
    assert is_interrupted_and_finished(stripe_world, "asma@example.org", lambda frame: frame.f_code is code)


def test_the_donations_of_others_keep_their_address_and_name(reader: User, stripe_world: StripeWorld) -> None:
    other = User.objects.create_user("other@example.org", "a-good-password")
    for person in (reader, other):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    own, others = stripe_world.gift(email=reader.email), stripe_world.gift(email=other.email)
    Checkout.objects.update(name="Zoya", message="For the ferrymen.")
    erase(reader)
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.email, own.checkout.name, own.checkout.message) == ("", "", "")
    assert (others.email, others.checkout.name, others.checkout.message) == (
        "other@example.org",
        "Zoya",
        "For the ferrymen.",
    )


def test_a_mail_that_still_waits_for_one_who_left_is_never_sent_and_those_to_others_are(
    reader: User, stripe_world: StripeWorld
) -> None:
    other = User.objects.create_user("other@example.org", "a-good-password")
    for person in (reader, other):
        subscription = stripe_world.subscribe(person)
        SupportEmail.objects.create(kind="ending", about=subscription.stripe_id, subscription=subscription)
    erasure_step.end_all_charges(reader)
    about_subscriptions = SupportEmail.objects.exclude(subscription=None)
    assert not about_subscriptions.filter(subscription__user=reader, unsendable=False).exists()
    assert not about_subscriptions.filter(subscription__user=other, unsendable=True).exists()
    assert about_subscriptions.filter(subscription__user=reader).count() == 2, "the end was written down too"
