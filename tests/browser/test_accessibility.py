"""Checks every kind of public page with axe, and that no page scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import OpenPage, sign_in

PAGES = [
    "/",
    "article",
    "urdu",
    "/sections/kashmir/",
    "/latest/",
    "/search/?q=roads&order=newest",
    "/search/?q=zz",
    "/about/",
    "/support/",
    "/support/appeals/wetlands/",
    "/support/appeals/floating-gardens/",
    "/accounts/login/",
    "/accounts/signup/",
    "/x/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_public_pages_have_no_violation(width: int, scheme: str, open_page: OpenPage) -> None:
    """axe finds no violation, and nothing is cut off at the side."""
    page = open_page("/", width=width, color_scheme=scheme)
    article = page.locator(".lead .card-headline a").get_attribute("href")
    urdu = page.locator("[lang=ur] a, a[lang=ur]").first.get_attribute("href")
    for path in PAGES:
        page.goto({"article": article, "urdu": urdu}.get(path, path) or path)
        found = Axe().run(page)
        assert not found.response["violations"], f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_rejected_forms_and_private_pages_have_no_violation(open_page: OpenPage) -> None:
    page = open_page("/", width=360)
    page.locator(".lead .card-headline a").click()
    page.get_by_role("button", name="Post comment").click()
    page.locator(".notice-error").wait_for()
    assert not Axe().run(page).response["violations"]
    page.goto("/account/")
    sign_in(page, "subscriber")
    page.get_by_text("You are a subscriber.").wait_for()
    assert not Axe().run(page).response["violations"]
