"""Search, links for sharing, and metadata for machines."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_search_by_keyboard_alone(javascript: bool, open_page: OpenPage) -> None:
    """From the front page to a result, filtered by section, without a mouse."""
    page = open_page("/", java_script_enabled=javascript)
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text() == "Search":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("boat lak")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_contain_text("report")
    expect(page.locator("mark").first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("boat lak")

    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Section", exact=True).focus()
    page.keyboard.type("Kashmir")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Search").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**section=kashmir**")
    expect(page.get_by_label("Section", exact=True)).to_be_visible()
    assert set(page.locator(".search-result .kicker a").all_inner_texts()) == {"Kashmir"}
    page.locator(".search-result .card-headline a").first.focus()
    headline = page.locator(":focus").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(headline)
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [360, 1280])
def test_search_in_urdu(width: int, open_page: OpenPage) -> None:
    """A query typed on an Arabic keyboard finds the article; the page reads from right to left and fits."""
    page = open_page("/search/", width=width, java_script_enabled=False)
    page.get_by_role("searchbox").fill("چكي كتاب")
    page.keyboard.press("Enter")
    result = page.locator(".search-result .card-headline")
    expect(result).to_have_attribute("lang", "ur")
    assert result.evaluate("element => getComputedStyle(element).direction") == "rtl"
    expect(page.locator(".search-result mark").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_found_leads_on(open_page: OpenPage) -> None:
    page = open_page("/search/", java_script_enabled=False)
    page.get_by_role("searchbox").fill('"the lake roads" -snow')
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    page.get_by_role("link", name="Search without the quotes").click()
    expect(page.get_by_role("searchbox")).to_have_value("the lake roads -snow")
    expect(page.locator(".search-result").first).to_be_visible()


def test_the_copy_link_copies_or_stays_a_link(open_page: OpenPage) -> None:
    page = open_page("/", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".lead .card-headline a").click()
    page.get_by_role("link", name="Copy link").click()
    expect(page.get_by_role("link", name="Copied")).to_be_visible()
    expect(page.get_by_role("list", name="Share").get_by_role("status")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url

    page = open_page("/", java_script_enabled=False)
    page.locator(".lead .card-headline a").click()
    address = page.url
    page.get_by_role("link", name="Copy link").click()
    assert page.url == address


def test_metadata_breaks_no_rule_of_the_policy(open_page: OpenPage) -> None:
    """JSON-LD, manifest and icons load; `open_page` fails the test if the console reports the policy."""
    page = open_page("/")
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.json())")
    assert manifest["name"]
    for icon in manifest["icons"]:
        assert page.request.get(icon["src"]).status == 200
    page.locator(".lead .card-headline a").click()
    page.wait_for_url("**/articles/**")
    data = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert data["@graph"][0]["@type"] == "NewsArticle"
    assert page.request.get(data["@graph"][0]["image"]["url"]).status == 200
