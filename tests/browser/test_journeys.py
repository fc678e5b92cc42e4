"""The main journeys from start to end: publishing, reading, subscribing, donating, review by an editor."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, continue_to_payment, sign_in
from tests.running_site import Site, wait_until

ARTICLE = "article a[href^='/articles/']"


def _choose(page: Page, field: str, words: str) -> None:
    """Choose an option in one of the admin's autocomplete fields."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def test_an_article_is_published(site: Site, open_page: OpenPage, tmp_path: Path) -> None:
    """A reporter writes; an editor publishes with one button; later changes wait for the next edition."""
    file = tmp_path / "photo.png"
    Image.effect_noise((900, 600), 40).convert("RGB").save(file)
    page = open_page("/admin/articles/article/add/")
    sign_in(page, "reporter")
    page.get_by_label("Headline:", exact=True).fill("The last ferry of the year")
    page.get_by_label("Headline:", exact=True).press("Tab")
    expect(page.locator("#id_slug")).to_have_value("the-last-ferry-of-the-year")
    page.get_by_label("Standfirst").fill("It leaves at four, with nobody on board.")
    page.get_by_label("Section").select_option("Kashmir")
    _choose(page, "topics", "Roads")
    _choose(page, "authors", "Nuzhat")

    page.locator(".field-lead_photo").get_by_role("button", name="Choose a photo").click()
    page.get_by_label("Drop photos here, or choose them").set_input_files(file)
    page.get_by_label("Alt text").fill("A ferry at a landing stage")
    page.get_by_role("textbox", name="Credit", exact=True).fill("R. Lone")
    page.get_by_role("button", name="Use this photo").click()
    expect(page.locator(".field-lead_photo .picked")).to_contain_text("A ferry")

    page.locator(".ProseMirror:visible").click()
    page.keyboard.type("The engine was heard before the boat was seen.")
    page.locator(".order-machine-insert-target.last").click()
    page.locator(".plugin-button", has_text="Pull quote").click()
    page.locator("textarea[name$='-quote']:visible").fill("I shall miss the noise.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was added")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    desk = page.url

    address = "/articles/the-last-ferry-of-the-year/"
    reader = open_page()
    answer = reader.request.get(address)
    assert answer.status == 404

    editor = open_page(desk)
    sign_in(editor, "editor")
    editor.get_by_role("button", name="Publish").click()
    expect(editor.locator(".messagelist")).to_contain_text("Published as edition 1.")

    reader.goto(address)
    expect(reader.locator("h1")).to_have_text("The last ferry of the year")
    expect(reader.get_by_text("The engine was heard")).to_be_visible()
    expect(reader.get_by_text("I shall miss the noise.")).to_be_visible()
    expect(reader.get_by_alt_text("A ferry at a landing stage")).to_be_visible()

    editor.get_by_label("Headline:", exact=True).fill("The first ferry of the year")
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.locator(".messagelist")).to_contain_text("changed")
    reader.reload()
    expect(reader.locator("h1")).to_have_text("The last ferry of the year")

    editor.get_by_role("button", name="Publish these changes").click()
    expect(editor.locator(".messagelist")).to_contain_text("Published as edition 2.")
    reader.reload()
    expect(reader.locator("h1")).to_have_text("The first ferry of the year")
    expect(reader.get_by_text("Updated", exact=False).first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_finds_the_next_article(width: int, open_page: OpenPage) -> None:
    """From the front page to an article, its section, topic and author, and on to the next story."""
    page = open_page("/", width=width)
    headline = page.locator(".lead .card-headline").inner_text()
    page.locator(".lead .card-headline a").click()
    expect(page.locator("h1")).to_have_text(headline)
    for heading in (
        "Support Independent Kashmir Journalism",
        "Become a Subscriber",
        "Make a Donation",
        "Stay Updated with Global News",
        "Leave a Reply",
        "Hot Topics",
        "More Stories",
    ):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("complementary", name="Advertisement")).to_be_visible()
    article = page.url
    for way in (".article .kicker a >> nth=0", ".article .kicker a >> nth=1", ".byline a"):
        name = page.locator(way).inner_text()
        page.locator(way).click()
        expect(page.locator("h1")).to_have_text(name)
        expect(page.get_by_role("link", name=headline)).to_be_visible()
        page.wait_for_load_state()  # with its style sheet
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(article)
    page.locator(".more-stories .card-headline a").first.click()
    assert page.url != article
    assert page.context.cookies() == []


def test_a_reader_subscribes(site: Site, open_page: OpenPage) -> None:
    """A reader signs up, subscribes at Stripe, and is shown as a subscriber once the webhook has come."""
    page = open_page("/")
    page.locator(".lead .card-headline a").click()
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_label("Email").fill("zoya@example.org")
    page.get_by_label("Password").fill("blue-houseboat-7")
    page.get_by_role("main").get_by_role("button", name="Open the account").click()
    wait_until(lambda: "zoya@example.org" in "".join(site.mail()), "the mail with the code")
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", site.mail()[-1], re.MULTILINE)
    assert code, site.mail()[-1]
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Go on").click()

    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("Your card was declined.")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.locator("h1")).to_have_text("Support Independent Kashmir Journalism")
    page.goto("/account/")
    expect(page.get_by_text("You have no subscription.")).to_be_visible()

    page.get_by_role("link", name="Become a Subscriber").click()
    page.get_by_role("button", name="Continue to payment").click()
    # The tab is closed before Stripe redirects back: only the webhook reports the payment.
    page.route("**/support/thanks/**", lambda route: route.abort())
    page.get_by_role("button", name="Pay", exact=True).click()
    page.unroute("**/support/thanks/**")

    def shown() -> bool:
        page.goto("/account/")
        return page.get_by_text("You are a subscriber.").count() == 1

    wait_until(shown, "the account shows the subscription")
    expect(page.get_by_text("$10 a month").first).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name="Your account, supporter")).to_be_visible()
    expect(page.get_by_role("complementary", name="Advertisement")).to_be_hidden()

    page.goto("/account/")
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel subscription").click()
    page.get_by_role("link", name="Back to the site").click()

    def ending() -> bool:
        page.goto("/account/")
        return page.get_by_text("Your subscription ends on").count() == 1

    wait_until(ending, "the account shows the end")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_guest_donates(javascript: bool, open_page: OpenPage) -> None:
    """A guest gives an amount of their choice, on a phone, and is thanked."""
    page = open_page("/support/", width=360, java_script_enabled=javascript)
    page.get_by_label("Another amount").fill("17.50")
    page.get_by_role("button", name="Donate").click()
    if not javascript:
        expect(page.get_by_text("You are about to give $17.50, once.")).to_be_visible()
    continue_to_payment(page, page.get_by_text("Total: $17.50"))
    page.get_by_label("E-mail").fill("guest@example.org")
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_text("Your gift of $17.50 has arrived.")).to_be_visible()

    page.go_back()
    page.goto("/support/")
    page.get_by_role("radio", name="$50").check()
    page.get_by_role("button", name="Donate").click()
    again = page.get_by_role("button", name="Yes, give $50 again")
    continue_to_payment(page, again)
    again.click()
    expect(page.get_by_text("Total: $50.00")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.locator("h1")).to_have_text("Support Independent Kashmir Journalism")


def test_an_article_is_reviewed_and_corrected(site: Site, open_page: OpenPage) -> None:
    """A reporter submits and gets it back with a note; an editor publishes it, and later corrects it."""
    reporter = open_page("/admin/articles/article/")
    sign_in(reporter, "reporter")
    reporter.get_by_role("link", name="Draft: what the winter road budget leaves out").click()
    _choose(reporter, "authors", "Nuzhat")
    reporter.locator(".order-machine-insert-target.last").click()
    reporter.locator(".plugin-button", has_text="Text").click()
    reporter.locator(".ProseMirror:visible").last.click()
    reporter.keyboard.type("It leaves out the two bridges.")
    reporter.get_by_label("Note to colleagues").fill("The figures are from the council.")
    reporter.get_by_role("button", name="Submit for review").click()
    expect(reporter.locator(".messagelist")).to_contain_text("The desk has been told.")
    page = reporter.url
    wait_until(lambda: any("The figures are from the council." in mail for mail in site.mail()), "the mail to editors")

    editor = open_page(page)
    sign_in(editor, "editor")
    expect(editor.locator(".review-note")).to_contain_text("The figures are from the council.")
    editor.get_by_label("Note to colleagues").fill("Which bridges?")
    editor.get_by_role("button", name="Send back").click()
    expect(editor.locator(".messagelist")).to_contain_text("Sent back.")
    reporter.reload()
    expect(reporter.locator(".review-note")).to_contain_text("Which bridges?")

    editor.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.locator(".messagelist")).to_contain_text("Published as edition 1.")
    reader = open_page("/articles/draft-winter-road-budget/")
    expect(reader.get_by_text("It leaves out the two bridges.")).to_be_visible()

    editor.get_by_label("a correction: we were wrong").check()
    editor.get_by_label("Note to readers").fill("There are three bridges, not two.")
    editor.get_by_role("button", name="Publish these changes").click()
    expect(editor.locator(".messagelist")).to_contain_text("Published as edition 2.")
    reader.reload()
    expect(reader.locator(".corrections")).to_contain_text("There are three bridges, not two.")
    reader.get_by_role("link", name="All editions of this report").click()
    expect(reader.get_by_role("heading", name="Correction")).to_be_visible()

    editor.get_by_role("button", name="Preview").click()
    shown = editor.frame_locator("iframe")
    expect(shown.get_by_text("This is a preview.")).to_be_visible()
    assert editor.locator("iframe").evaluate("frame => frame.clientWidth") <= 360
    editor.get_by_role("link", name="Desktop").click()
    expect(shown.get_by_text("This is a preview.")).to_be_visible()
    assert editor.locator("iframe").evaluate("frame => frame.clientWidth") > 1100
    editor.get_by_label("For whom").fill("The lawyer")
    editor.get_by_role("button", name="Make a link").click()
    guest = open_page(editor.get_by_label("The link for The lawyer").input_value())
    expect(guest.get_by_text("This is a preview.")).to_be_visible()
    editor.get_by_role("button", name="End this link").click()
    expect(editor.locator(".messagelist")).to_contain_text("has ended")
    guest.reload()
    expect(guest.get_by_role("heading", name="This link has ended")).to_be_visible()
