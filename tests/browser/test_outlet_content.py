"""The site's own pages, menus, breaking news banner and advertisements: edited in the admin, seen by readers."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.running_site import wait_until


def _article(page: Page) -> str:
    page.goto("/")
    return page.locator(".lead .card-headline a").get_attribute("href") or ""


def test_a_page_is_written_and_arranged_in_the_menu_on_a_phone(open_page: OpenPage) -> None:
    desk = open_page("/admin/articles/page/add/", width=360)
    sign_in(desk, "editor")
    desk.get_by_label("Title").fill("Support")
    desk.get_by_label("Title").press("Tab")
    expect(desk.get_by_label("Address")).to_have_value("support")
    desk.locator(".tiptap").click()
    desk.keyboard.type("We print no rumours.")
    desk.get_by_label("On the site").check()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".errorlist")).to_contain_text("The site itself uses /support/.")
    expect(desk.locator(".tiptap")).to_contain_text("We print no rumours.")
    desk.get_by_label("Title").fill("Our rule")
    desk.get_by_label("Address").fill("our-rule")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("was added")

    desk.goto("/admin/articles/menulink/add/")
    desk.get_by_label("Where").select_option("at the head")
    desk.get_by_label("Page").select_option("Our rule")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("was added")

    reader = open_page("/", width=360)
    reader.get_by_role("navigation", name="Menu").get_by_role("link", name="Our rule").click()
    expect(reader.locator("h1")).to_have_text("Our rule")
    expect(reader.get_by_text("We print no rumours.")).to_be_visible()
    former = reader.url

    desk.goto("/admin/articles/page/")
    desk.get_by_role("link", name="Our rule").click()
    desk.get_by_label("Address").fill("our-only-rule")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("was changed")
    reader.goto(former)
    assert reader.url.endswith("/our-only-rule/")
    desk.locator("#result_list").get_by_role("link", name="Our rule").click()
    desk.get_by_role("link", name="Delete").click()
    desk.get_by_role("button", name=re.compile("Yes")).click()
    expect(desk.locator(".messagelist")).to_contain_text("deleted")


def test_the_initial_pages_survive_the_text_editor(open_page: OpenPage) -> None:
    desk = open_page("/admin/articles/page/")
    sign_in(desk, "publisher")
    reader = open_page("/about/")
    before = reader.locator(".prose").inner_html()
    desk.get_by_role("link", name="About us").click()
    desk.locator(".tiptap").press("End")
    desk.keyboard.type(" ")
    desk.keyboard.press("Backspace")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("was changed")
    reader.reload()
    assert reader.locator(".prose").inner_html() == before
    assert 'href="/support/"' in before


def test_a_breaking_banner_ends_by_itself(open_page: OpenPage) -> None:
    """No page is cached beyond the banner's end, and the script removes it from a page that stays open."""
    words = "The tunnel is open again"
    desk = open_page("/admin/articles/banner/add/", timezone_id="Asia/Kolkata")
    sign_in(desk, "editor")
    desk.get_by_label("Text").fill(words)
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("was added")

    plain = open_page("/about/", java_script_enabled=False)
    expect(plain.get_by_role("complementary", name="Breaking")).to_contain_text(words)

    reader = open_page("/about/")
    reader.clock.install(time=timezone.now())
    reader.reload()
    banner = reader.get_by_role("complementary", name="Breaking")
    expect(banner).to_contain_text(words)
    reader.clock.fast_forward(int(timedelta(hours=2, minutes=50).total_seconds() * 1000))
    expect(banner).to_have_count(1)
    reader.clock.fast_forward(int(timedelta(minutes=11).total_seconds() * 1000))
    expect(banner).to_have_count(0)

    desk.locator("tr", has_text=words).get_by_role("checkbox").check()
    desk.locator("select[name=action]").select_option("End now")
    desk.get_by_role("button", name="Go").click()
    expect(desk.locator(".messagelist")).to_contain_text("Ended.")
    plain.reload()
    expect(plain.get_by_text(words)).to_have_count(0)


def test_supporters_see_no_advertisement_and_clicks_are_counted_without_tracking(open_page: OpenPage) -> None:
    guest = open_page()
    article = _article(guest)
    supporter = open_page("/account/")
    sign_in(supporter, "subscriber")
    for path in (article, "/", "/sections/kashmir/"):
        guest.goto(path)
        expect(guest.get_by_role("complementary", name="Advertisement")).to_be_visible()
        supporter.goto(path)
        expect(supporter.get_by_role("link", name=re.compile("supporter"))).to_be_visible()
        expect(supporter.get_by_role("complementary", name="Advertisement")).to_be_hidden()

    desk = open_page("/admin/newsroom/advertisement/")
    sign_in(desk, "publisher")
    for name in ("Invented bookshop", "Invented tea house"):
        desk.goto("/admin/newsroom/advertisement/")
        desk.get_by_role("link", name=name).click()
        desk.get_by_label("Below articles").uncheck()
        desk.get_by_role("button", name="Save", exact=True).click()
        expect(desk.locator(".messagelist")).to_contain_text("was changed")

    asked: list[dict[str, str]] = []

    def advertiser(route: Route) -> None:
        asked.append(route.request.headers)
        route.fulfill(body="Ahoy", content_type="text/html")

    guest.route("https://houseboat.example/**", advertiser)
    picture = guest.get_by_role("img", name="A houseboat on a still lake.")

    def is_purged() -> bool:
        guest.goto(article)
        return picture.count() == 1

    wait_until(is_purged, "the article shows the one that is left")  # by the task, if the cache was slow at the save
    picture.click()
    guest.wait_for_url("https://houseboat.example/rooms/")
    assert "referer" not in asked[0]
    assert guest.context.cookies() == []
    desk.get_by_role("link", name="Invented boat builder").click()
    expect(desk.locator(".field-clicks_by_day")).to_contain_text("1 in all")
