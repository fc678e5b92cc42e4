"""Donations, subscriptions and refunds against the Stripe stand-in's own pages."""

import json
import re
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from devtools.defaults import standin_port
from tests.browser.conftest import OpenPage, continue_to_payment, sign_in
from tests.running_site import Site, wait_until

APPEAL = "/support/appeals/wetlands/"


def _standin(site: Site, control: str, **form: str) -> Any:
    address = f"http://127.0.0.1:{standin_port(site.port)}/_standin/{control}"
    data = urlencode(form).encode() if form else None
    with urllib.request.urlopen(address, data, timeout=30) as response:
        return json.load(response)


def _pay(page: Page, email: str, button: str = "Pay") -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name=button, exact=True).click()


def _has_no_violation(page: Page) -> None:
    """Check our own part of an admin page; the frame around it is Django's."""
    assert not Axe().run(page, context="#content-main").response["violations"]


def _wait_for_token(page: Page) -> None:
    """Focus the form and wait for its CSRF token, without which the site would show the form once more."""
    page.get_by_label("Another amount").focus()
    page.locator("#give input[name=csrfmiddlewaretoken]").wait_for(state="attached")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_guest_gives_to_an_appeal_after_a_refused_card(javascript: bool, open_page: OpenPage) -> None:
    name = f"Haseena {'Mir' if javascript else 'Dar'}"
    page = open_page("/support/", width=360, java_script_enabled=javascript)
    page.get_by_role("link", name="Who owns the wetlands?").click()
    page.get_by_role("radio", name="$50").check()
    page.get_by_text("Add your name or a word to us").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("A word to the newsroom").fill("Ask at the landing, too.")
    if javascript:
        _wait_for_token(page)
    page.get_by_role("button", name="Donate").click()
    if not javascript:
        expect(page.get_by_text("You are about to give $50, once")).to_be_visible()
        expect(page.get_by_label("A word to the newsroom")).to_have_value("Ask at the landing, too.")
    continue_to_payment(page, page.get_by_text("Total: $50.00"))
    _pay(page, "haseena@example.org", "Decline")
    expect(page.get_by_text("Your card was declined.")).to_be_visible()
    _pay(page, "haseena@example.org")
    expect(page.get_by_text("Your gift of $50 has arrived.")).to_be_visible()
    page.get_by_role("link", name="Who owns the wetlands?").click()
    expect(page.get_by_role("region", name="Made possible by")).to_contain_text(name)


def test_the_charge_includes_the_fee_and_a_second_donation_is_confirmed(open_page: OpenPage) -> None:
    page = open_page(APPEAL)
    page.get_by_label("Another amount").fill("40")
    page.get_by_label("Cover the card fee").check()
    page.get_by_role("button", name="Donate").click()
    expect(page.get_by_text("You are about to give $41.51, once")).to_be_visible()
    continue_to_payment(page, page.get_by_text("Total: $41.51"))
    _pay(page, "omar@example.org", "3-D Secure fail")
    expect(page.get_by_role("alert")).to_be_visible()
    _pay(page, "omar@example.org", "3-D Secure pass")
    expect(page.get_by_text("Your gift of $41.51 has arrived.")).to_be_visible()

    page.goto(APPEAL)
    _wait_for_token(page)
    page.get_by_role("button", name="Donate").click()
    continue_to_payment(page, page.get_by_role("heading", name="Give again?"))
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="Yes, give $25 again").click()
    expect(page.get_by_text("Total: $25.00")).to_be_visible()


def test_a_form_sent_too_fast_is_shown_once_more(open_page: OpenPage) -> None:
    page = open_page("/support/", width=360, java_script_enabled=False)
    page.get_by_role("button", name="Donate").click()
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.get_by_text("One more step.").locator("..")).to_be_focused()


def test_stripe_down_loses_nothing(site: Site, open_page: OpenPage) -> None:
    page = open_page(APPEAL, width=360)
    page.get_by_label("Another amount").fill("12.50")
    _wait_for_token(page)
    _standin(site, "down", on="true")
    try:
        page.get_by_role("button", name="Donate").click()
        continue_to_payment(
            page, page.get_by_role("alert").get_by_text("The payment service does not answer just now.")
        )
        expect(page.get_by_role("alert")).to_be_focused()
        assert not Axe().run(page).response["violations"]
        expect(page.get_by_label("Another amount")).to_have_value("12.50")
    finally:
        _standin(site, "down", on="false")
    continue_to_payment(page, page.get_by_text("Total: $12.50"))


def test_cancel_and_resume(open_page: OpenPage) -> None:
    page = open_page("/account/")
    sign_in(page, "subscriber")
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel subscription").click()
    page.get_by_role("link", name="Back to the site").click()
    expect(page.get_by_text("Your subscription ends on")).to_be_visible()
    page.get_by_role("button", name="Keep my subscription").click()
    page.get_by_role("button", name="Keep subscription").click()
    page.get_by_role("link", name="Back to the site").click()
    expect(page.get_by_text("You are a subscriber.")).to_be_visible()


def test_the_publisher_refunds_a_donation_to_an_appeal(site: Site, open_page: OpenPage) -> None:
    page = open_page(APPEAL)
    page.get_by_label("Another amount").fill("77")
    _wait_for_token(page)
    page.get_by_role("button", name="Donate").click()
    continue_to_payment(page, page.get_by_text("Total: $77.00"))
    _pay(page, "wrong-button@example.org")
    expect(page.get_by_text("Your gift of $77 has arrived.")).to_be_visible()

    desk = open_page("/admin/subscriptions/subscription/desk/")
    sign_in(desk, "publisher")
    expect(desk.get_by_role("heading", name="Month by month")).to_be_visible()
    _has_no_violation(desk)
    desk.get_by_role("link", name="The ledger").click()
    desk.get_by_role("row", name="$77").get_by_role("link").first.click()
    desk.get_by_role("link", name="Give money back").click()
    expect(desk.get_by_text("$77 goes back to the card")).to_be_visible()
    _has_no_violation(desk)
    desk.get_by_label("Why").fill("The wrong button")
    desk.get_by_role("button", name="Give $77 back").dblclick()
    expect(desk.locator(".messagelist")).to_contain_text("Given back: $77.")
    charges = _standin(site, "charges")["guest wrong-button@example.org"]
    assert charges["refunded"] == charges["charged"] == 7700
    desk.goto("/admin/subscriptions/staffaction/")
    expect(desk.get_by_role("row", name="The wrong button")).to_have_count(1)


def test_the_publisher_sets_the_price_and_records_a_cash_gift(open_page: OpenPage) -> None:
    desk = open_page("/admin/subscriptions/offer/1/change/", width=360)
    sign_in(desk, "publisher")
    price = desk.get_by_label("Monthly price")
    for typed, shown in (("12", "$12"), ("10", "$10")):  # and back: the site is that of all tests
        price.fill(typed)
        desk.get_by_role("button", name="Save and continue editing").click()
        expect(desk.get_by_text(f"Readers see: {shown} a month.")).to_be_visible()
    desk.goto("/admin/subscriptions/donation/")
    desk.get_by_role("link", name="Record a gift").click()
    desk.get_by_label("Amount").fill("$50")
    desk.get_by_label("Donor's name").fill("Gulzar Wani")
    _has_no_violation(desk)
    desk.get_by_role("button", name="Record the gift").dblclick()
    expect(desk.locator(".messagelist")).to_contain_text("Recorded: $50.")
    desk.goto("/admin/subscriptions/donation/?q=Gulzar")
    expect(desk.get_by_role("row", name="cash, by hand")).to_have_count(1)


def test_a_year_of_a_chosen_amount_is_paid_changed_and_summed_up(open_page: OpenPage) -> None:
    page = open_page("/support/subscribe/?interval=year&amount=99", width=360)
    expect(page.get_by_text("The smallest amount is $100 a year.").first).to_be_visible()
    page.get_by_label("Or more, if you can").fill("120")
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("link", name="Sign in").last.click()
    sign_in(page, "reader")
    expect(page.get_by_text("$120 a year, until you say stop.")).to_be_visible()
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_text("You are a subscriber now: $120 a year.")).to_be_visible()

    page.goto("/account/")
    page.get_by_role("link", name="Change the amount").click()
    page.get_by_role("radio", name="$10 a month").check()
    page.get_by_label("Or more, if you can").fill("15")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("you pay $15 a month. Nothing is charged today.")).to_be_visible()
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="Yes, pay $15 a month").dblclick()
    expect(page.get_by_text("$15 a month; the next payment is on")).to_be_visible()
    page.get_by_text("All payments of a year").get_by_role("link").first.click()
    expect(page.get_by_role("cell", name="$120").last).to_be_visible()
    assert not Axe().run(page).response["violations"]


def test_a_failed_renewal_is_paid_from_the_mail(site: Site, open_page: OpenPage) -> None:
    """Runs last in this file: the stand-in's clock does not go back."""
    objects = _standin(site, "objects")
    customer = next(each["id"] for each in objects["customer"] if each["email"] == "subscriber@example.org")
    _standin(site, "card", customer=customer, fails_with="insufficient_funds")
    _standin(site, "clock", advance=str(10 * 86400))
    page = open_page("/account/")
    sign_in(page, "subscriber")

    def said(words: str) -> bool:
        page.goto("/account/")
        return page.get_by_text(words).count() == 1

    wait_until(lambda: said("Your last payment failed."), "the account says that the payment failed", 30)
    expect(page.get_by_text("It is tried again until")).to_be_visible()

    def mails() -> list[str]:
        sent = (each for each in site.mail() if "did not go through" in each)
        return [each for each in sent if "To: subscriber@example.org" in each]

    wait_until(mails, "the mail about the failed payment", 30)
    (mail,) = mails()
    (address,) = set(re.findall(r"http://127\.0\.0\.1:\d+/invoices/\w+", mail))
    open_page(address, width=360).get_by_role("button", name="Pay").click()  # signed in nowhere
    wait_until(lambda: said("You are a subscriber."), "the account says that it was paid", 30)
