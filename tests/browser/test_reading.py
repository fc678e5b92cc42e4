"""Reading by keyboard, with large text, in Urdu, with forced colours and on paper; and how reads are counted."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.conftest import OpenPage, sign_in
from tests.running_site import Site


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; the focus must be visible at each step."""
    for _ in range(150):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if not focus.count():
            continue  # the focus is in the browser's own toolbar
        seen = focus.evaluate(
            "element => { const s = getComputedStyle(element); return s.outlineStyle + s.outlineWidth }"
        )
        assert re.match(r"(solid|auto)[1-9]", seen), focus.evaluate("element => element.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The keyboard does not reach {selector}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_by_keyboard_alone_from_the_front_page_to_a_sent_comment(javascript: bool, open_page: OpenPage) -> None:
    page = open_page("/", java_script_enabled=javascript)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    _tab_to(page, ".lead .card-headline a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    article = page.url
    _tab_to(page, "textarea[name=body]")
    page.keyboard.type("Written without a mouse.")
    _tab_to(page, "input[name=name]")
    page.keyboard.type("A keyboard")
    _tab_to(page, "input[name=email]")
    page.keyboard.type("keyboard@example.org")
    while not page.locator("form[data-once] button:focus", has_text="Post comment").count():
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    if not javascript:
        page.wait_for_url("**/comments/")
        while not page.locator("main form button:focus").count():
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    page.wait_for_url("**#comment-confirm")
    assert page.url.startswith(article)
    expect(page.locator("#comment-confirm")).to_be_visible()


@pytest.fixture
def large_text(chromium: Browser) -> Iterator[Browser]:
    """A browser whose default font size is twice the usual."""
    arguments = [*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=arguments)
    yield browser
    browser.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_text_of_twice_the_size_loses_nothing(width: int, large_text: Browser, site: Site) -> None:
    page = large_text.new_page(viewport={"width": width, "height": 800}, base_url=site.address)
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    article = page.locator(".lead .card-headline a").get_attribute("href") or ""
    for path in ("/", article, "/sections/kashmir/", "/search/?q=roads", "/support/", "/nowhere/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
                if (element.closest(".visually-hidden, [hidden], [aria-hidden=true]")) return false;
                const style = getComputedStyle(element);
                return style.overflow !== "visible" && element.tagName !== "TEXTAREA" && element.tagName !== "IMG"
                    && element.tagName !== "INPUT" && element.scrollWidth > element.clientWidth + 1;
            }).map((element) => element.outerHTML.slice(0, 90))"""
        )
        assert not cut, (path, cut)
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_an_urdu_article_reads_from_right_to_left(width: int, open_page: OpenPage) -> None:
    page = open_page("/search/?q=گاؤں", width=width, java_script_enabled=False)
    page.locator("[lang=ur] a, a[lang=ur]").first.click()
    page.wait_for_url("**/articles/**")
    page.wait_for_load_state()  # with its style sheet
    style = "element => { const s = getComputedStyle(element); return [s.direction, s.fontFamily, parseFloat(s.lineHeight) / parseFloat(s.fontSize)] }"
    for part in ("h1", ".standfirst", ".prose"):
        direction, family, line = page.locator(part).evaluate(style)
        assert direction == "rtl", part
        assert "Nastaliq" in family, part
        assert line > 2, part  # Nastaliq letters reach far above and below the line
    assert page.locator(".byline").evaluate(style)[0] == "ltr"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_paragraph_of_a_comment_has_its_own_direction(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/?next=/articles/report-31/", width=360)
    sign_in(page, "editor")
    page.get_by_label("Comment").fill("بہت خوب۔\n\nWell done.")
    page.get_by_role("button", name="Post comment").click()
    own = page.locator(".comment", has_text="Well done.")
    expect(own).to_be_focused()
    spaces = own.locator(".comment-body p").evaluate_all(
        """paragraphs => paragraphs.map((paragraph) => {
            const words = document.createRange();
            words.selectNodeContents(paragraph);
            const [inner, outer] = [words.getBoundingClientRect(), paragraph.getBoundingClientRect()];
            return inner.left - outer.left < 1 ? "left" : outer.right - inner.right < 1 ? "right" : "between";
        })"""
    )
    assert spaces == ["right", "left"]


def test_urdu_input_runs_from_right_to_left(open_page: OpenPage) -> None:
    page = open_page("/support/", java_script_enabled=False)
    page.get_by_text("Add your name or a word to us").click()
    direction = "field => getComputedStyle(field).direction"
    for label in ("Your name", "A word to the newsroom"):
        page.get_by_label(label).fill("شکریہ")
        assert page.get_by_label(label).evaluate(direction) == "rtl", label
    page.goto("/account/")
    sign_in(page, "reader")
    page.get_by_label("Name").fill("عاصمہ")
    assert page.get_by_label("Name").evaluate(direction) == "rtl"


def test_forced_colours_show_choices_and_progress(open_page: OpenPage) -> None:
    page = open_page("/support/appeals/wetlands/", forced_colors="active")
    bar = Image.open(BytesIO(page.get_by_role("progressbar").screenshot())).convert("RGB")
    there, missing = (bar.getpixel((int(bar.width * part), bar.height // 2)) for part in (0.05, 0.95))
    assert there != missing
    page.goto("/")
    paths = [link.get_attribute("href") or "" for link in page.locator(".card-headline a").all()]
    page.goto(next(path for path in paths if "comment-time" in page.request.get(path).text()))
    page.locator(".comment .comment-time a").first.click()
    expect(page.locator(".comment:target")).to_have_css("outline-style", "solid")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_printing_shows_the_article_alone(scheme: Literal["light", "dark"], open_page: OpenPage) -> None:
    page = open_page("/", color_scheme=scheme)
    page.locator(".lead .card-headline a").click()
    page.emulate_media(media="print", color_scheme=scheme)
    for part in (".nameplate", "h1", ".standfirst", ".byline", ".lead-photo img", ".prose"):
        expect(page.locator(part).first).to_be_visible()
    for part in ("nav", "form", "button", ".breaking", ".advertisement", ".more-stories", ".share", ".comments"):
        for each in page.locator(part).all():
            expect(each).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.prose')).color") == "rgb(0, 0, 0)"
    assert len(page.pdf(format="A4")) > 10_000


def test_a_read_is_counted_once_for_each_tab_without_a_cookie(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/")  # sets a cookie that the request must not carry
    assert page.context.cookies()
    told: list[Request] = []
    page.on("request", lambda request: told.append(request) if request.url.endswith("/read/") else None)
    page.clock.install()
    page.goto("/")
    page.clock.run_for(30_000)
    page.locator(".lead .card-headline a").click()
    page.wait_for_url("**/articles/**")
    page.clock.run_for(5_000)
    assert not told
    with page.expect_response("**/read/") as response:
        page.clock.run_for(6_000)
    assert response.value.status == 204
    assert response.value.request.method == "POST"
    assert not response.value.request.post_data
    assert "cookie" not in response.value.request.all_headers()
    page.reload()
    page.clock.run_for(30_000)
    assert len(told) == 1


def test_a_link_to_a_comment_moves_the_focus_there(open_page: OpenPage) -> None:
    page = open_page("/", reduced_motion="no-preference")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
