"""Prices and goals are typed in the admin as people write them, in the currency that the publisher has chosen."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from newsroom.models import User
from subscriptions import money
from subscriptions.checkout import payment_page
from subscriptions.checkout.forms import DonationForm
from subscriptions.models import Appeal, Offer
from tests.articles.support import signed_in
from tests.subscriptions.conftest import StripeWorld

OFFER = "/admin/subscriptions/offer/1/change/"
WORDS = ("heading", "sentence", "promise", "button")


@pytest.fixture
def desk(publisher: User) -> Client:
    return signed_in(publisher)


def _offer(**changes: Any) -> dict[str, Any]:
    offer = Offer.objects.get()
    names = ["heading", "sentence", "explanation", "payment_note", "link_text"]
    names += [f"{kind}_{part}" for kind in ("subscribe", "donate") for part in WORDS]
    form = {name: getattr(offer, name) for name in names}
    form |= {"currency": offer.currency, "monthly_amount": "10", "yearly_amount": "", "presets": "10, 25, 50"}
    return form | {"minimum": "1", "maximum": "10000", "fee_share": "2.9", "fee_fixed": "0.30"} | changes


def _appeal(**changes: Any) -> dict[str, Any]:
    return {"title": "Dam", "slug": "dam", "sentence": "Who pays?", "text": "Travel.", "goal": "5,000"} | changes


def _post(desk: Client, path: str, form: dict[str, Any], status: int = 302) -> str:
    response = desk.post(path, form)
    page = unescape(response.content.decode())
    assert response.status_code == status, re.findall(r'errorlist"[^>]*>(.*?)</ul>', page, re.S)
    return page


def test_an_amount_is_typed_as_people_write_it_and_shown_as_readers_read_it(desk: Client) -> None:
    page = desk.get(OFFER).content.decode()
    assert re.search(r'name="monthly_amount" value="10"', page)
    assert re.search(r'name="presets" value="10, 25, 50, 100"', page)
    assert "Readers see: $10 a month." in page
    assert "Readers see: $10 · $25 · $50 · $100." in page
    form = _offer(monthly_amount="100", yearly_amount="$1,000", presets="5;12.50، ٢٥", fee_fixed="0.35")
    _post(desk, OFFER, form)
    offer = Offer.objects.get()
    assert (offer.monthly_amount, offer.yearly_amount, offer.fee_fixed) == (10000, 100000, 35)
    assert offer.presets == [500, 1250, 2500]
    assert "Readers see: $100 a month." in desk.get(OFFER).content.decode()
    assert "smallest unit" not in page + desk.get("/admin/subscriptions/appeal/add/").content.decode()


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("monthly_amount", "ten", "Please enter the amount as a number, like 25 or 12.50."),
        ("monthly_amount", "", "This field is required."),
        ("monthly_amount", "0.10", "Enter at least $0.50."),
        ("monthly_amount", "1000000", "Enter at most $999,999.99."),
        ("monthly_amount", "€12", "Please enter the amount in $, not in €."),
        ("yearly_amount", "0.10", "Enter at least $0.50."),
        ("presets", "10, 25, 20000", "$20,000 is not between the smallest and the largest gift, $1 and $10,000."),
        ("presets", "1,2,3,4,5,6,7", "No more than 6 amounts, please, and no comma inside an amount."),
        ("presets", "1,500, 50", "Put a space after each comma, and no comma inside an amount, like 500, 1500."),
        ("presets", "10, <b>", "Please enter the amount as a number, like 25 or 12.50."),
        ("minimum", "20000", "The largest gift must not be below the smallest, $20,000."),
        ("maximum", "9" * 100_000, "That amount is too large."),
        ("fee_fixed", "400", "Enter at most $327.67."),
        ("fee_share", "290", "Enter at most 20 %."),
        ("fee_share", "20.01", "Enter at most 20 %."),
        ("fee_share", "2.905", "Please use no more than 2 decimal places."),
        ("fee_share", "-1", "Please enter the share in percent, like 2.9."),
        ("fee_share", "9" * 5000, "Please enter the share in percent, like 2.9."),
        ("currency", "xxx", "Select a valid choice. xxx is not one of the available choices."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_price_is_refused_in_words_and_loses_nothing_typed(
    desk: Client, name: str, typed: str, words: str
) -> None:
    page = _post(desk, OFFER, _offer(heading="Kept as it was typed", **{name: typed}), 200)
    assert words in page
    assert "Kept as it was typed" in page
    assert "Constraint" not in page
    assert Offer.objects.get().monthly_amount == 1000
    if name != "monthly_amount" and name != "currency":
        assert "Readers see: $10 a month." in page


@pytest.mark.parametrize(
    ("typed", "share"), [("2.9", 290), ("2,9 %", 290), ("٢٫٩", 290), ("0", 0), (" 3 ", 300), ("20", 2000), (".25", 25)]
)
def test_the_card_fee_is_typed_in_percent(typed: str, share: int, desk: Client) -> None:
    assert re.search(r'name="fee_share" value="2.9"', desk.get(OFFER).content.decode())
    _post(desk, OFFER, _offer(fee_share=typed))
    assert Offer.objects.get().fee_share == share


def test_a_chosen_currency_converts_nothing_and_all_pages_follow(desk: Client) -> None:
    _post(desk, "/admin/subscriptions/appeal/add/", _appeal())
    rupees = _offer(currency="inr", monthly_amount="800", presets="200, 500", minimum="50", fee_fixed="3")
    _post(desk, OFFER, rupees)
    offer, appeal = Offer.objects.get(), Appeal.objects.get()
    assert (offer.currency, offer.monthly_amount, offer.presets) == ("inr", 80000, [20000, 50000])
    assert (appeal.currency, appeal.shown_goal) == ("inr", "₹5,000")
    page = _support_page()
    assert "₹800" in page
    assert "$" not in re.sub(r"<(style|script).*?</\1>", "", page, flags=re.S)
    _post(desk, OFFER, {**rupees, "currency": "jpy"})  # the same numbers, in a currency without decimals
    assert Offer.objects.get().monthly_amount == 800
    assert Appeal.objects.get().shown_goal == "JPY 5,000"
    assert "Please enter a whole number" in _post(desk, OFFER, {**rupees, "currency": "krw", "minimum": "0.5"}, 200)


@pytest.mark.parametrize("currency", ["usd", "jpy", "kwd", "pkr", "inr", "chf", "isk"])
def test_the_suggested_gifts_of_every_currency_can_be_given(desk: Client, currency: str) -> None:
    _post(
        desk, OFFER, _offer(currency=currency, monthly_amount="800", presets="200, 1500", minimum="100", fee_fixed="0")
    )
    offer = Offer.objects.get()
    for (value, _label), amount in zip(offer.preset_choices, offer.presets, strict=True):
        assert re.fullmatch(r"\d+", value)
        form = DonationForm({"preset": value}, offer=offer)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["donation"] == amount
        covered = DonationForm({"preset": value, "cover_fee": "1"}, offer=offer)
        assert covered.is_valid()
        assert covered.minor % money.smallest_step(currency) == 0  # Stripe would refuse it


def _support_page() -> str:
    return Client().get("/support/").content.decode()


def test_the_currency_stays_once_somebody_has_begun_to_pay(
    desk: Client, reader: User, stripe_world: StripeWorld
) -> None:
    payment_page.start_subscription(reader)
    assert "It stays USD: payments in it have begun" in desk.get(OFFER).content.decode()
    _post(desk, OFFER, _offer(currency="inr", monthly_amount="12"))
    offer = Offer.objects.get()
    assert (offer.currency, offer.monthly_amount) == ("usd", 1200)


def test_an_appeal_is_in_the_currency_of_the_offer(desk: Client) -> None:
    Offer.objects.update(currency="inr")
    path = "/admin/subscriptions/appeal/add/"
    assert "Please enter the amount in ₹, not in $." in _post(desk, path, _appeal(goal="$5"), 200)
    assert "Enter at least ₹0.01." in _post(desk, path, _appeal(goal="0"), 200)
    _post(desk, path, _appeal(goal="5,00,000"))
    appeal = Appeal.objects.get()
    assert (appeal.currency, appeal.goal) == ("inr", 50_000_000)
    page = desk.get(f"/admin/subscriptions/appeal/{appeal.pk}/change/").content.decode()
    assert 'value="500000"' in page
    assert "Readers see: ₹500,000." in page
