"""Gifts to the outlet and to appeals: what is asked, shown, kept, and asked again."""

import urllib.request
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from newsroom.models import User
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Appeal, Checkout, Donation, LedgerEntry, Offer
from subscriptions.tasks import delete_unpaid_messages
from tests.subscriptions.conftest import StripeWorld, gift_form


@pytest.fixture
def appeal(db: None) -> Appeal:
    appeal: Appeal = Appeal.objects.create(
        title="Who owns the wetlands?",
        slug="wetlands",
        sentence="A year in the land records.",
        text="For travel.\n\nFor the lawyer.",
        goal=100_000,
        deadline=timezone.localdate() + timedelta(days=3),
        on_site=True,
    )
    return appeal


def give(client: Client, **form: str) -> Any:
    return client.post("/support/donate/", {"form_id": gift_form(), **form})


def paid(client: Client, world: StripeWorld, email: str = "donor@example.org", **form: str) -> Checkout:
    """Give, pay and apply a donation. Return its checkout."""
    known = set(Checkout.objects.values_list("pk", flat=True))
    assert give(client, **form).status_code == 303
    checkout = Checkout.objects.exclude(pk__in=known).get()
    world.pay(checkout, email)
    client.get(f"/support/thanks/?checkout={checkout.public_id}")
    checkout.refresh_from_db()
    return checkout


@given(gift=st.integers(50, 10**9), share=st.integers(0, 2000), fixed=st.integers(0, 1000))
def test_with_the_fee_covered_all_of_the_gift_arrives_and_not_a_cent_more_is_asked(
    gift: int, share: int, fixed: int
) -> None:
    offer = Offer(fee_share=share, fee_fixed=fixed)
    fee = offer.fee_to_cover(gift)
    kept_twice = 2 * (gift + fee) * share + 10_000  # the share, rounded half up
    assert gift + fee - kept_twice // 20_000 - fixed >= gift
    less = gift + fee - 1
    assert less * (10_000 - share) < (gift + fixed) * 10_000


def test_the_total_with_the_fee_is_shown_before_paying_and_is_what_stripe_asks(
    client: Client, stripe_world: StripeWorld
) -> None:
    form = {"amount": "25", "cover_fee": "on", "form_id": gift_form()}
    response = client.post("/support/donate/", form)
    assertContains(response, "<strong>$26.06</strong>")
    assertContains(response, "your gift of $25, and $1.06 that Stripe keeps")
    assert not Checkout.objects.exists()
    assert client.post("/support/donate/", {**form, "total": "2606"}).status_code == 303
    checkout = Checkout.objects.get()
    assert (checkout.amount, checkout.fee) == (2606, 106)
    session = stripe_world.client().v1.checkout.sessions.retrieve(str(checkout.stripe_session_id))
    assert session.amount_total == 2606


def test_a_fee_that_was_changed_meanwhile_is_shown_again(client: Client, stripe_world: StripeWorld) -> None:
    Offer.objects.update(fee_share=500)
    response = give(client, amount="25", cover_fee="on", total="2606")
    assertContains(response, "$26.64")
    assert not Checkout.objects.exists()


def test_a_gift_to_an_appeal_moves_it_and_shows_the_name(
    client: Client, stripe_world: StripeWorld, appeal: Appeal
) -> None:
    name = "Zoya <b>ژ</b> 😀"
    checkout = paid(client, stripe_world, appeal="wetlands", amount="25", name=name, message="Ask the ferrymen.")
    assert (checkout.appeal, checkout.name, checkout.message) == (appeal, name, "Ask the ferrymen.")
    page = client.get(appeal.get_absolute_url())
    assertContains(page, "<strong>$25</strong> of $1,000 from 1 reader")
    assertContains(page, "Zoya &lt;b&gt;ژ&lt;/b&gt; 😀")
    assertNotContains(page, "Ask the ferrymen.")
    assertContains(client.get(f"/support/thanks/?checkout={checkout.public_id}"), "It goes to")


def test_the_payment_page_says_which_report_it_is_for(
    client: Client, stripe_world: StripeWorld, appeal: Appeal
) -> None:
    with urllib.request.urlopen(give(client, appeal="wetlands", amount="25")["Location"], timeout=10) as page:
        assert "Donation: Who owns the wetlands?" in page.read().decode()


def test_an_anonymous_gift_counts_and_names_nobody(client: Client, stripe_world: StripeWorld, appeal: Appeal) -> None:
    paid(client, stripe_world, appeal="wetlands", amount="25", name="Zoya", anonymous="on")
    page = client.get(appeal.get_absolute_url())
    assertContains(page, "from 1 reader")
    assertNotContains(page, "Zoya")


def test_what_is_given_back_leaves_the_appeal(client: Client, stripe_world: StripeWorld, appeal: Appeal) -> None:
    paid(client, stripe_world, "one@example.org", appeal="wetlands", amount="25", name="Zoya")
    paid(Client(), stripe_world, "two@example.org", appeal="wetlands", amount="30")
    paid(Client(), stripe_world, "TWO@example.org", appeal="wetlands", amount="5")
    assertContains(client.get(appeal.get_absolute_url()), "<strong>$60</strong> of $1,000 from 2 readers")
    donation = Donation.objects.get(email="one@example.org")
    LedgerEntry.objects.create(
        kind="refund",
        stripe_id="re_1",
        amount=-2500,
        currency="usd",
        donation=donation,
        payment=LedgerEntry.objects.get(donation=donation),
        occurred_at=timezone.now(),
    )
    page = client.get(appeal.get_absolute_url())
    assertContains(page, "<strong>$35</strong> of $1,000 from 1 reader")
    assertNotContains(page, "Zoya")


def test_an_appeal_that_has_ended_takes_no_gift_and_loses_nothing(client: Client, appeal: Appeal) -> None:
    Appeal.objects.update(deadline=timezone.localdate() - timedelta(days=1), story="/articles/wetlands/")
    page = client.get(appeal.get_absolute_url())
    assertContains(page, "This appeal has ended.")
    assertContains(page, 'href="/articles/wetlands/"')
    assertNotContains(page, "<form")
    assertNotContains(client.get("/support/"), "Who owns the wetlands?")
    response = give(client, appeal="wetlands", amount="25", name="Zoya")
    assertContains(response, "This appeal has ended. Your gift would go", status_code=422)
    assertContains(response, 'value="Zoya"', status_code=422)
    assert not Checkout.objects.exists()


def test_an_appeal_that_is_not_on_the_site_is_nowhere(client: Client, appeal: Appeal) -> None:
    Appeal.objects.update(on_site=False)
    assert client.get(appeal.get_absolute_url()).status_code == 404
    assertNotContains(client.get("/support/"), "wetlands")


def test_the_pages_of_support_are_the_same_for_everyone_and_cost_little(
    client: Client, appeal: Appeal, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for path in ("/support/", "/support/appeals/wetlands/"):
        client.get(path)
        with django_assert_max_num_queries(4):
            response = client.get(path)
        assert not response.cookies
        assert "public" in response["Cache-Control"]


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "x" * 100_000},
        {"message": "x" * 501},
        {"appeal": "\0"},
        {"preset": "\0", "amount": ""},
        {"appeal": "no-such"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_begun(client: Client, db: None, odd: dict[str, str]) -> None:
    assertContains(give(client, **{"amount": "25", **odd}), "Please look at this again.", status_code=422)
    assert not Checkout.objects.exists()


@pytest.mark.parametrize(
    ("button", "words"),
    [("decline", "Your bank refused the card without saying why."), ("3ds_fail", "Your bank wants you to confirm")],
)
def test_whoever_comes_back_unpaid_is_told_what_the_bank_said(
    client: Client, stripe_world: StripeWorld, button: str, words: str
) -> None:
    give(client, amount="25")
    checkout = Checkout.objects.get()
    stripe_world.press(f"/pay/{checkout.stripe_session_id}", action=button, email="donor@example.org")
    page = f"/support/thanks/?checkout={checkout.public_id}"
    assertContains(client.get(page), words)
    stripe_world.pay(checkout)
    assertNotContains(client.get(page), words)


# A second gift


def test_what_came_with_a_gift_that_was_never_paid_is_gone_after_a_week(db: None) -> None:
    def gift(status: str, days: int) -> Checkout:
        words = {"name": "Zoya", "message": "For the ferrymen."}
        gift = Checkout.objects.create(
            kind="donation", amount=2500, currency="usd", status=status, expires_at=timezone.now(), **words
        )
        Checkout.objects.filter(pk=gift.pk).update(created_at=timezone.now() - timedelta(days=days))
        return gift

    kept = [gift("open", 6), gift("expired", 6), gift("waiting", 8), gift("paid", 8)]
    gone = [gift("open", 8), gift("expired", 8)]
    delete_unpaid_messages(timestamp=0)
    for each in (*kept, *gone):
        each.refresh_from_db()
    assert {(each.name, each.message) for each in kept} == {("Zoya", "For the ferrymen.")}
    assert {(each.name, each.message) for each in gone} == {("", "")}


def test_a_guest_who_gave_a_moment_ago_is_asked_first(client: Client, stripe_world: StripeWorld) -> None:
    first = paid(client, stripe_world, amount="25")
    Checkout.objects.update(created_at=timezone.now() - timedelta(minutes=9))
    form = {"amount": "30", "form_id": gift_form()}
    response = client.post("/support/donate/", form)
    assertContains(response, "You gave <strong>$25</strong> 9\xa0minutes ago")
    assertContains(response, "Yes, give $30 again")
    assert Checkout.objects.count() == 1
    assert client.post("/support/donate/", {**form, "again": str(first.public_id)}).status_code == 303
    assert Checkout.objects.count() == 2


def test_a_gift_that_we_have_not_heard_of_is_remembered_too(client: Client, stripe_world: StripeWorld) -> None:
    give(client, amount="25")
    stripe_world.pay(Checkout.objects.get())  # and the tab was closed
    assertContains(give(client, amount="25"), "You gave <strong>$25</strong>")
    assert Donation.objects.count() == 1


def test_an_unpaid_gift_or_somebody_elses_is_not_asked_about(
    client: Client, reader: User, stripe_world: StripeWorld
) -> None:
    paid(Client(), stripe_world, amount="25")
    give(client, amount="25")
    assert give(client, amount="30").status_code == 303
    client.force_login(reader)
    assert give(client, amount="35").status_code == 303


def test_a_reader_is_asked_on_every_device(reader: User, stripe_world: StripeWorld) -> None:
    phone, desk = Client(), Client()
    phone.force_login(reader)
    desk.force_login(reader)
    paid(phone, stripe_world, reader.email, amount="25")
    assertContains(give(desk, amount="25"), "You gave <strong>$25</strong>")
    Checkout.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert give(desk, amount="25").status_code == 303


def test_the_memory_of_a_gift_goes_to_the_private_step_alone(client: Client, stripe_world: StripeWorld) -> None:
    cookie = give(client, amount="25").cookies["gift"]
    assert (cookie["path"], cookie["max-age"], cookie["httponly"]) == ("/support/donate/", 3600, True)
    client.cookies["gift"] = "forged"
    assert give(client, amount="25").status_code == 303


# Where they came from


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/articles/snow/", "/articles/snow/"),
        ("/articles/snow/whole/", "/articles/snow/whole/"),
        ("/articles/preview/abc/", ""),
        ("//evil.example/articles/snow/", ""),
        ("https://evil.example/", ""),
        ("/admin/", ""),
    ],
)
def test_only_an_article_is_kept_as_where_they_came_from(
    client: Client, stripe_world: StripeWorld, typed: str, kept: str
) -> None:
    give(client, amount="25", came_from=typed)
    checkout = Checkout.objects.get()
    assert checkout.came_from == kept
    page = client.get(f"/support/thanks/?checkout={checkout.public_id}")
    stripe_world.pay(checkout)
    page = client.get(f"/support/thanks/?checkout={checkout.public_id}")
    assert ("Back to what you were reading" in page.content.decode()) is bool(kept)


def test_subscribing_from_an_article_leads_back_to_it(reader: User, stripe_world: StripeWorld) -> None:
    client = Client()
    response = client.post("/support/subscribe/", {"came_from": "/articles/snow/whole/"})
    signup = "/accounts/signup/?next=/support/subscribe/%3Fcame_from%3D%252Farticles%252Fsnow%252Fwhole%252F"
    assert response["Location"] == signup
    client.force_login(reader)
    page = client.get("/support/subscribe/?came_from=/articles/snow/whole/")
    assertContains(page, 'value="/articles/snow/whole/"')
    client.post("/support/subscribe/", {"came_from": "/articles/snow/whole/"})
    checkout = Checkout.objects.get()
    stripe_world.pay(checkout, reader.email)
    thanks = client.get(f"/support/thanks/?checkout={checkout.public_id}")
    assertContains(thanks, 'href="/articles/snow/whole/"')


def test_a_subscriber_is_told_so_before_paying(subscriber: User, stripe_world: StripeWorld) -> None:
    client = Client()
    client.force_login(subscriber)
    page = client.post("/support/subscribe/", follow=True)
    assertContains(page, "You are already a subscriber: nothing was charged.")


def test_one_form_sent_by_a_guest_and_by_a_person_is_two_gifts_and_unpaid_words_are_replaced(reader: User) -> None:
    form = uuid.uuid4()

    def give(user: User | None, message: str) -> Checkout:
        return checkouts.start_donation(form_id=form, user=user, amount=500, currency="usd", message=message)

    first, second = give(None, "First."), give(reader, "Second.")
    assert first != second
    assert give(None, "Better.") == first
    assert set(Checkout.objects.values_list("message", flat=True)) == {"Better.", "Second."}
    Checkout.objects.update(status="paid")
    give(None, "Too late.")
    assert set(Checkout.objects.values_list("message", flat=True)) == {"Better.", "Second."}
