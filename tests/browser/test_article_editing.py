"""The article form: autosave, conflicts, versions, blocks, publication times, pasting; and the front page board."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.running_site import Site, wait_until

LIST = "/admin/articles/article/"
AUTOSAVE_TIMEOUT = 15_000  # ms; the form autosaves every 5 seconds


def _open_article(open_page: OpenPage, who: str, headline: str) -> Page:
    """Sign in as this person and open the article's form."""
    page = open_page(f"{LIST}?q={headline.split()[0]}")
    sign_in(page, who)
    page.get_by_role("link", name=headline).click()
    expect(page.get_by_label("Headline:", exact=True)).to_have_value(headline)
    return page


def _append(page: Page, words: str) -> None:
    """Type at the end of the first text block."""
    page.locator(".ProseMirror:visible").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {words}")


def _expect_message(page: Page, words: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(words)


def test_an_autosave_is_offered_on_the_next_visit(open_page: OpenPage) -> None:
    page = _open_article(
        open_page, "editor", "Weavers learn to sing a carpet again from a notebook found in a rice chest"
    )
    _append(page, "The second verse is lost.")
    expect(page.locator("[data-autosave]")).to_contain_text("kept for you at", timeout=AUTOSAVE_TIMEOUT)
    address = page.url
    page.context.pages[0].close(run_before_unload=False)  # as if the laptop was closed

    again = open_page(address)
    sign_in(again, "editor")
    expect(again.locator(".ProseMirror:visible").first).not_to_contain_text("The second verse is lost.")
    again.get_by_role("button", name="Continue with it").click()
    expect(again.locator(".ProseMirror:visible").first).to_contain_text("The second verse is lost.")
    expect(again.locator(".errorlist").first).to_contain_text("It is not saved yet")
    again.get_by_role("button", name="Save", exact=True).click()
    _expect_message(again, "was changed successfully")
    again.reload()
    expect(again.locator(".ProseMirror:visible").first).to_contain_text("The second verse is lost.")
    expect(again.get_by_role("button", name="Continue with it")).to_have_count(0)


def test_an_autosave_without_connection_is_sent_later(open_page: OpenPage) -> None:
    page = open_page(f"{LIST}add/")
    sign_in(page, "reporter")
    page.wait_for_load_state("networkidle")  # changes count once the editors have started
    page.route("**/autosave/", lambda route: route.abort("internetdisconnected"))
    page.get_by_label("Headline:", exact=True).fill("Written on the night bus")
    expect(page.locator("[data-autosave]")).to_contain_text("No connection", timeout=AUTOSAVE_TIMEOUT)
    page.unroute("**/autosave/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{LIST}add/")
    page.get_by_role("button", name="Continue with it").click()
    expect(page.get_by_label("Headline:", exact=True)).to_have_value("Written on the night bus")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsaved'))") == []
    page.goto(f"{LIST}add/")
    page.get_by_role("button", name="Discard it").click()
    _expect_message(page, "Discarded.")
    expect(page.get_by_role("button", name="Discard it")).to_have_count(0)


def test_saving_without_a_session_loses_nothing(open_page: OpenPage) -> None:
    """The editor has signed out in another tab before saving."""
    page = _open_article(open_page, "editor", "Lake weed, once dumped on the shore, is sold as compost by the sack")
    address = page.url
    other = page.context.new_page()
    other.goto("/admin/")
    other.get_by_role("button", name="Log out").click()
    _append(page, "A line after the session.")
    page.get_by_role("button", name="Save", exact=True).click()
    sign_in(page, "editor")
    page.goto(address)
    page.get_by_role("button", name="Continue with it").click()
    expect(page.locator(".ProseMirror:visible").first).to_contain_text("A line after the session.")
    page.get_by_role("button", name="Save", exact=True).click()
    _expect_message(page, "was changed successfully")
    page.reload()
    expect(page.get_by_role("button", name="Continue with it")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsaved'))") == []


def test_two_editors_conflict_and_both_texts_survive(open_page: OpenPage) -> None:
    headline = "School library stays open until nine so that pupils can read by shared light"
    first = _open_article(open_page, "editor", headline)
    second = _open_article(open_page, "reporter", headline)
    _append(first, "The editor was here.")
    expect(first.locator("[data-autosave]")).to_contain_text("kept for you at", timeout=AUTOSAVE_TIMEOUT)
    _append(second, "The reporter was here.")
    expect(second.locator("[data-others]")).to_contain_text("writing here just now", timeout=AUTOSAVE_TIMEOUT)
    first.get_by_role("button", name="Save", exact=True).click()
    _expect_message(first, "was changed successfully")

    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".errorlist").first).to_contain_text("Nothing you typed is lost")
    expect(second.locator(".ProseMirror:visible").first).to_contain_text("The reporter was here.")
    second.get_by_role("button", name="Save", exact=True).click()
    _expect_message(second, "was changed successfully")

    first.get_by_role("link", name="History").click()
    expect(first.get_by_role("button", name="Go back to this").first).to_be_visible()
    first.get_by_role("button", name="Go back to this").first.click()
    _expect_message(first, "The working copy is again as it was")
    expect(first.locator(".ProseMirror:visible").first).to_contain_text("The editor was here.")


def test_an_old_edition_is_compared_and_restored(open_page: OpenPage) -> None:
    headline = "Saffron flowers ten days late, and growers wonder whether to change their calendar"
    page = _open_article(open_page, "editor", headline)
    page.get_by_label("Headline:", exact=True).fill("Saffron is late")
    _append(page, "The last field opened on Sunday.")
    page.get_by_role("button", name="Publish these changes").click()
    _expect_message(page, "Published as edition 2.")
    reader = open_page("/")
    reader.goto(page.get_by_role("link", name="See it on the site", exact=True).get_attribute("href") or "")
    expect(reader.locator("h1")).to_have_text("Saffron is late")

    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="Edition 1 → Edition 2")).to_be_visible()
    expect(page.locator(".diff del").first).to_contain_text("flowers ten days")
    expect(page.locator(".diff ins").last).to_contain_text("The last field opened on Sunday.")
    page.get_by_role("row", name="Edition 1").get_by_role("button", name="Go back to this").click()
    _expect_message(page, "Readers see nothing of it until you publish.")
    expect(page.get_by_label("Headline:", exact=True)).to_have_value(headline)
    reader.reload()
    expect(reader.locator("h1")).to_have_text("Saffron is late")
    page.get_by_label("a correction: we were wrong").check()
    page.get_by_label("Note to readers").fill("The last field has not opened yet.")
    page.get_by_role("button", name="Publish these changes").click()
    _expect_message(page, "Published as edition 3.")
    reader.reload()
    expect(reader.locator("h1")).to_have_text(headline)
    expect(reader.locator(".prose")).not_to_contain_text("The last field opened")
    expect(reader.locator(".corrections")).to_contain_text("The last field has not opened yet.")


def test_the_front_page_is_arranged_and_a_withdrawn_article_leaves_it(open_page: OpenPage) -> None:
    chosen = "Last apples leave Harwat with prices up a fifth and the roads open"
    other = "The last shikara builder of Hakbal takes four apprentices, two of them women"
    board = open_page("/admin/articles/frontplace/")
    sign_in(board, "editor")
    board.get_by_label("Third:").select_option(chosen)
    board.get_by_label("Second:").select_option(other)
    board.get_by_role("button", name="Move up: Third").click()
    board.get_by_role("button", name="Move up: Second").click()
    board.get_by_role("button", name="Save the front page").click()
    _expect_message(board, "The front page stands like this now.")
    reader = open_page("/")
    expect(reader.locator(".lead .card-headline")).to_have_text(chosen)
    expect(reader.locator(".secondary-cards .card-headline").nth(1)).to_have_text(other)
    expect(reader.get_by_role("link", name=chosen)).to_have_count(1)

    desk = _open_article(open_page, "editor", chosen)
    desk.get_by_label("Note to readers").fill("One figure is being checked.")
    desk.get_by_role("button", name="Withdraw").click()
    _expect_message(desk, "Withdrawn.")
    reader.reload()
    expect(reader.locator(".lead .card-headline")).not_to_have_text(chosen)
    expect(reader.get_by_role("link", name=chosen)).to_have_count(0)
    desk.get_by_role("button", name="Publish", exact=True).click()
    _expect_message(desk, "Published as edition 2.")
    reader.reload()
    expect(reader.locator(".lead .card-headline")).to_have_text(chosen)

    board.get_by_label("Lead:").select_option("")
    board.get_by_label("Third:").select_option("")
    board.get_by_role("button", name="Save the front page").click()
    _expect_message(board, "The front page stands like this now.")


def test_blocks_are_added_reordered_by_keyboard_and_published(open_page: OpenPage) -> None:
    page = open_page(f"{LIST}add/")
    sign_in(page, "editor")
    page.get_by_label("Headline:", exact=True).fill("A film of the thaw")
    page.get_by_label("Headline:", exact=True).press("Tab")
    page.get_by_label("Standfirst").fill("Shot from the upper bridge.")
    page.get_by_label("Section").select_option("Environment")
    page.locator(".field-authors .select2-selection").click()
    page.locator(".select2-search__field").last.fill("Nuzhat")
    page.locator(".select2-results__option", has_text="Nuzhat").first.click()
    page.locator(".ProseMirror:visible").click()
    page.keyboard.type("The ice went on a Tuesday.")

    def add(kind: str) -> None:
        page.locator(".order-machine-insert-target.last").click()
        page.locator(".plugin-button", has_text=kind).click()

    add("Embed")
    page.locator("[name$='embed_set-0-url']").fill("https://vimeo.com/1234567")
    page.locator("[name$='embed_set-0-title']").fill("The ice goes out, filmed by A. Reader, March")
    add("Fact box")
    page.locator("[name$='factbox_set-0-title']").fill("The thaw in figures")
    page.locator(".ProseMirror:visible").last.click()
    page.keyboard.type("It took nine hours.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("This is not the address of a post, film or map")).to_be_visible()
    page.locator("[name$='embed_set-0-url']").fill("https://www.youtube.com/watch?v=aqz-KE-bpKQ")
    fact_box = page.locator("#articles_factbox_set-0")
    fact_box.get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Publish", exact=True).click()
    _expect_message(page, "Published as edition 1.")
    expect(page.locator(".checklist")).to_contain_text("There is no lead photo.")

    asked: list[str] = []
    reader = open_page("/")
    reader.on("request", lambda request: asked.append(request.url) if "127.0.0.1" not in request.url else None)
    reader.context.route("https://**", lambda route: route.fulfill(body="A film."))
    reader.goto("/articles/a-film-of-the-thaw/")
    expect(reader.locator(".prose > *").nth(1)).to_contain_text("The thaw in figures")
    expect(reader.locator(".embed")).to_contain_text("filmed by A. Reader")
    expect(reader.get_by_role("link", name="Open at YouTube")).to_be_visible()
    assert not asked
    with reader.expect_request("https://www.youtube-nocookie.com/**"):
        reader.get_by_role("button", name="Show it here").click()
    frame = reader.locator(".embed iframe")
    expect(frame).to_have_attribute("src", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ")


def test_a_topic_is_created_in_the_popup_beside_topics(open_page: OpenPage) -> None:
    """The admin's "+" opens a window; what is saved in it is chosen in the form."""
    page = open_page(f"{LIST}add/")
    sign_in(page, "editor")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add another topic").click()
    popup = opened.value
    popup.get_by_label("Name:").fill("Avalanche warnings")
    popup.get_by_label("Name:").press("Tab")
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".field-topics .select2-selection__choice")).to_contain_text("Avalanche warnings")
    expect(page.locator("[name=topics] option:checked")).to_have_text("Avalanche warnings")
    page.evaluate("window.onbeforeunload = null")


def test_admin_scripts_are_modules(open_page: OpenPage) -> None:
    """A classic script's top-level names would replace the window's own, such as `open`, which the admin's popups need."""
    page = open_page(f"{LIST}add/")
    sign_in(page, "editor")
    for path in (f"{LIST}add/", "/admin/articles/frontplace/", "/admin/articles/photo/"):
        page.goto(path)
        expect(page.locator("script[src^='/static/js/']")).not_to_have_count(0)
        expect(page.locator("script[src^='/static/js/']:not([type=module])")).to_have_count(0)


def test_a_scheduled_article_appears_on_time(site: Site, open_page: OpenPage) -> None:
    page = open_page(f"{LIST}add/")
    sign_in(page, "editor")
    page.get_by_label("Headline:", exact=True).fill("The bell rings at the hour")
    page.get_by_label("Headline:", exact=True).press("Tab")
    page.get_by_label("Standfirst").fill("And it rings once.")
    page.get_by_label("Section").select_option("Culture")
    page.locator(".field-authors .select2-selection").click()
    page.locator(".select2-search__field").last.fill("Nuzhat")
    page.locator(".select2-results__option", has_text="Nuzhat").first.click()
    page.locator(".ProseMirror:visible").click()
    page.keyboard.type("Ding.")
    at = timezone.localtime() + timedelta(seconds=5)
    page.locator("[name=publish_on_0]").fill(f"{at:%Y-%m-%d}")
    page.locator("[name=publish_on_1]").fill(f"{at:%H:%M:%S}")
    page.get_by_role("button", name="Schedule").click()
    _expect_message(page, "It will be published on")
    reader = open_page("/articles/the-bell-rings-at-the-hour/")
    assert reader.get_by_text("Ding.").count() == 0

    def published() -> bool:
        reader.reload()
        return reader.get_by_text("Ding.").count() == 1

    wait_until(published, "the article is published at the next full minute", seconds=75)
    page.reload()
    expect(page.locator(".article-status")).to_contain_text("readers see edition 1")


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0cm}</style></head><body>
<h1 style='mso-style-name:Heading'><span style='font-size:16.0pt;font-weight:bold'>The lower road<o:p></o:p></span></h1>
<p class=MsoNormal>It was <b>closed</b>, said <span style='font-style:italic;mso-bidi-font-style:normal'>the warden</span>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>snow<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>stones<o:p></o:p></p>
<p class=MsoNormal><a href="https://example.org/road" onclick="alert(1)">The notice</a><script>alert(2)</script></p></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-0f0e"><h2 dir="ltr"><span style="font-size:16pt;font-weight:400">Water</span></h2>
<p dir="ltr"><span style="font-weight:400;font-style:normal">Plain and </span><span style="font-weight:700">bold</span>.</p>
<ol><li dir="ltr"><p dir="ltr"><span>one</span></p></li><li dir="ltr"><p dir="ltr"><span>two</span></p></li></ol></b>"""
PASTE = """([node, html]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  node.focus();
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_html_pasted_from_word_and_google_docs_is_cleaned(open_page: OpenPage) -> None:
    page = open_page(f"{LIST}add/")
    sign_in(page, "reporter")
    text = page.locator(".ProseMirror:visible").first
    stored = page.locator("textarea[name$='text_set-0-content']")
    for pasted, wanted in (
        (
            WORD,
            "<h2>The lower road</h2><p>It was <strong>closed</strong>, said <em>the warden</em>.</p>"
            "<ul><li><p>snow</p></li><li><p>stones</p></li></ul>"
            '<p><a href="https://example.org/road">The notice</a></p>',
        ),
        (DOCS, "<h2>Water</h2><p>Plain and <strong>bold</strong>.</p><ol><li><p>one</p></li><li><p>two</p></li></ol>"),
    ):
        text.fill("")
        text.evaluate("(node, html) => (" + PASTE + ")([node, html])", pasted)
        html = stored.input_value()
        assert re.sub(r" (rel|target|class|data-type)=\"[^\"]*\"", "", html) == wanted
    page.evaluate("window.onbeforeunload = null")
