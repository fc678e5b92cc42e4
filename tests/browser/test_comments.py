"""Comments from writing to moderation: guests, confirmation, drafts, the moderation queue and its keys."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.running_site import Site, wait_until

QUEUE = "/admin/comments/queue/"
KEY_DELAY = 400  # ms between keys; the queue ignores a decision within 250 ms of another as a bouncing key


def _article(page: Page, number: int = 0) -> str:
    page.goto("/")
    page.locator(".secondary-cards .card-headline a").nth(number).click()
    return page.url


def _fill(page: Page, body: str, address: str) -> None:
    page.get_by_label("Comment").fill(body)
    page.get_by_label("Name").fill("Haseena")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Post comment").click()


def _link(site: Site, address: str) -> str:
    """Return the link in the newest mail to this address."""

    def to_them() -> list[str]:
        return [mail for mail in site.mail() if f"To: {address}" in mail]

    wait_until(lambda: bool(to_them()), f"a mail to {address}")
    link = re.search(r"http://\S+/comments/confirm/\S+", to_them()[-1])
    assert link
    return link[0]


def _moderator(open_page: OpenPage, who: str = "moderator", path: str = QUEUE, **options: object) -> Page:
    desk = open_page(path, **options)
    sign_in(desk, who)
    return desk


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_guests_first_comment_until_it_is_visible(javascript: bool, site: Site, open_page: OpenPage) -> None:
    """A guest writes, corrects the form, confirms the address and waits; a moderator approves; everybody sees it."""
    way = "with" if javascript else "without"
    words, address = f"We heard it every morning, {way} a script.", f"haseena-{way}@example.org"
    page = open_page("/", java_script_enabled=javascript)
    article = _article(page)
    page.get_by_label("Name").fill("Haseena")
    page.get_by_role("button", name="Post comment").click()
    field = page.locator(".field", has=page.get_by_label("Comment"))
    expect(field.locator(".error")).to_have_text("Please enter your comment!")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Haseena")
    page.goto(article)

    _fill(page, words, address)
    if not javascript:
        expect(page.get_by_text("One more step.")).to_be_visible()
        page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("We have sent you a mail with a link")).to_be_focused()
    page.goto(article)
    expect(page.get_by_text("We have sent you a mail with a link")).to_be_hidden()
    expect(page.get_by_text(words)).to_have_count(0)

    page.goto(_link(site, address))
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("button", name="Yes, this is mine").click()
    expect(page.get_by_text("Your address is confirmed.")).to_be_visible()
    expect(page.get_by_text("Waiting for a moderator.")).to_be_visible()
    page.goto(article)
    if javascript:
        expect(page.locator(".comment-own", has_text=words)).to_be_visible()
        expect(page.get_by_text("You reply as Haseena.")).to_be_visible()
        expect(page.get_by_label("E-mail")).to_be_hidden()

    desk = _moderator(open_page, java_script_enabled=javascript)
    card = desk.locator("[data-card]", has_text=words)
    card.get_by_role("button", name="Approve").click()
    if javascript:
        expect(card.locator("[data-state]")).to_have_text("Approved")
    else:
        expect(desk.get_by_text("Your last decision: Haseena")).to_be_visible()

    stranger = open_page(article)
    expect(stranger.locator(".comment", has_text=words)).to_be_visible()
    assert stranger.context.cookies() == []

    # The same guest's second comment needs no mail, and a reply stands below the comment.
    page.goto(article)
    page.locator(".comment", has_text=words).get_by_role("link", name="Reply").click()
    page.get_by_label("Comment").fill(f"And at night, {way}.")
    expect(page.get_by_label("Name")).to_have_count(0)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("try again in").or_(page.get_by_text("Your comment has reached us."))).to_be_visible()


def _write_thirty(site: Site, open_page: OpenPage) -> None:
    """Post thirty comments by thirty guests through the site's form; each waits for a moderator."""
    page = open_page("/")
    article = _article(page, 1)
    for number in range(30):
        guest = page.context.browser.new_context(base_url=site.address)  # type: ignore[union-attr]
        request = guest.request
        told = request.get("/overlay/").json()
        form = {
            "body": f"Thirty voices, this is number {number}.",
            "name": f"Voice {number}",
            "email": f"voice-{number}@example.org",
            "csrfmiddlewaretoken": told["token"],
            "stamp": told["stamp"],
        }
        headers = {"Origin": site.address, "Referer": article}
        assert request.post(f"{article}comments/", form=form, headers=headers).ok
        link = _link(site, f"voice-{number}@example.org")
        shown = guest.new_page()
        shown.goto(link)
        shown.get_by_role("button", name="Yes, this is mine").click()
        expect(shown.get_by_text("Waiting for a moderator.")).to_be_visible()
        guest.close()


def test_a_moderator_decides_thirty_comments_by_keyboard(site: Site, open_page: OpenPage) -> None:
    _write_thirty(site, open_page)
    desk = _moderator(open_page)
    cards = desk.locator("[data-card]")
    waiting = desk.locator("[data-state=pending]")
    expect(cards).to_have_count(30)
    all_of_them = int(desk.locator("[data-number]").first.inner_text())
    first = cards.first.locator(".queue-text").inner_text()

    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("j")
    desk.keyboard.press("s", delay=KEY_DELAY)
    expect(cards.first.locator("[data-state]")).to_have_text("Spam")
    desk.keyboard.press("u")
    expect(cards.first.locator("[data-state]")).to_have_text("Waiting")
    assert cards.first.locator(".queue-text").inner_text() == first

    for _ in range(10):
        desk.keyboard.press("a", delay=KEY_DELAY)
    expect(waiting).to_have_count(20)
    desk.keyboard.press("r", delay=KEY_DELAY)
    desk.keyboard.press("s", delay=KEY_DELAY)
    expect(waiting).to_have_count(18)
    decided = {card.get_attribute("id") for card in cards.all()}
    desk.keyboard.press("x")
    foot, here = desk.locator(".queue-footer").bounding_box(), desk.locator("[data-card]:focus").bounding_box()
    assert foot
    assert here
    assert here["y"] + here["height"] <= foot["y"] + 1
    desk.keyboard.press("Shift+X")
    expect(desk.locator("[data-tick]:checked")).to_have_count(18)
    desk.keyboard.press("Shift+A")
    # Further comments are loaded without a key.
    expect(waiting).to_have_count(all_of_them - 30)
    expect(desk.locator("[data-number]").first).to_have_text(str(all_of_them - 30))
    desk.reload()
    assert decided.isdisjoint(card.get_attribute("id") for card in cards.all())
    expect(waiting).to_have_count(all_of_them - 30)


def test_two_moderators_collide(site: Site, open_page: OpenPage) -> None:
    """A comment leased by one moderator is not shown to another; a second window learns of the first one's decision."""
    page = open_page("/")
    article = _article(page, 2)
    _fill(page, "Whose decision is this?", "whose@example.org")
    expect(page.get_by_text("We have sent you a mail with a link")).to_be_visible()
    page.goto(_link(site, "whose@example.org"))
    page.get_by_role("button", name="Yes, this is mine").click()
    expect(page.get_by_text("Waiting for a moderator.")).to_be_visible()

    one, other = _moderator(open_page), _moderator(open_page, "editor")
    card, theirs = (desk.locator("[data-card]", has_text="Whose decision is this?") for desk in (one, other))
    expect(card).to_be_visible()
    expect(theirs).to_be_visible()  # opening the list leases nothing …
    with one.expect_response(f"**{QUEUE}"):
        one.keyboard.press("j")  # … the focus on a card does
    other.keyboard.press("j")  # on a page loaded before the lease
    expect(other.locator("[data-status]")).to_contain_text("Colleagues are at work on what stood here.")
    expect(other.get_by_text("with Mehak Dar, who is at work on")).to_be_visible()
    expect(theirs).to_have_count(0)
    other.reload()
    expect(theirs).to_have_count(0)
    writer = card.locator("header a").get_attribute("href")
    assert writer
    other.goto(writer)
    # The expected response is a 409, which the console reports.
    with other.expect_response("**/decide/") as answer:
        theirs.get_by_role("button", name="Spam").click()
    assert answer.value.status == 409
    expect(theirs.locator("[data-problem]")).to_contain_text("Mehak Dar is at work on this comment just now.")

    card.get_by_role("button", name="Approve").click()
    expect(card.locator("[data-state]")).to_have_text("Approved")
    reader = open_page(article)
    expect(reader.get_by_text("Whose decision is this?")).to_be_visible()


def test_a_decision_that_was_not_sent_is_marked_in_its_card(open_page: OpenPage) -> None:
    desk = _moderator(open_page)
    expect(desk.get_by_role("status")).to_have_text("")  # in the page before it speaks
    with desk.expect_response(f"**{QUEUE}"):
        desk.keyboard.press("j")
    card = desk.locator(f"#{desk.locator('[data-card]').first.get_attribute('id')}")
    desk.context.set_offline(True)
    desk.keyboard.press("a", delay=KEY_DELAY)
    expect(card.locator("[data-unsent]")).to_contain_text("This is not decided; please try again.")
    expect(card.locator("[data-state]")).to_have_text("Waiting")
    expect(desk.locator("[data-status]")).to_contain_text("1 is marked as not decided.")
    desk.context.set_offline(False)
    card.focus()
    desk.keyboard.press("a")
    expect(card.locator("[data-state]")).to_have_text("Approved")
    expect(desk.locator("[data-unsent]")).to_have_count(0)
    desk.keyboard.press("u")
    expect(card.locator("[data-state]")).to_have_text("Waiting")


def test_a_digit_key_rejects_on_an_urdu_keyboard_too_and_a_held_key_decides_once(
    open_page: OpenPage,
) -> None:
    desk = _moderator(open_page)
    card = desk.locator(f"#{desk.locator('[data-card]').first.get_attribute('id')}")
    desk.keyboard.press("j")
    for _ in range(3):
        desk.keyboard.down("5")
    desk.keyboard.up("5")
    expect(card.locator("[data-state]")).to_have_text("Rejected")
    expect(desk.locator("[data-undo]")).to_have_count(1)
    card.get_by_text("History, writer, pick").click()
    expect(card.locator(".queue-history")).to_contain_text("advertises something")
    pressed = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {...key, bubbles: true}))"
    desk.evaluate(f"key => {pressed}", {"key": "ع", "code": "KeyU"})
    expect(card.locator("[data-state]")).to_have_text("Waiting")


def test_keys_report_an_ended_session_and_use_the_reason_chosen_at_the_foot(open_page: OpenPage) -> None:
    # Not the moderator who decided last: their card offers to undo, and keys ignore it.
    desk = _moderator(open_page, "editor", path=f"{QUEUE}?view=recent")
    card = desk.locator("[data-card]:has([data-state=approved])").first
    card.locator("[data-tick]").focus()
    name = card.get_attribute("id")
    assert name
    desk.evaluate("document.querySelector('#ticked [name=reason]').value = 'advert'")
    cookies = desk.context.cookies()
    desk.context.clear_cookies(name="somebody")
    desk.context.clear_cookies(name="sessionid")
    desk.keyboard.press("s", delay=KEY_DELAY)
    expect(desk.locator("[data-status]")).to_contain_text("You are signed out. This is not decided")
    same = desk.locator(f"#{name}")
    expect(same.locator("[data-state]")).to_have_text("Approved")

    desk.context.add_cookies(cookies)  # type: ignore[arg-type]
    same.locator("[data-tick]").focus()
    desk.keyboard.press("x")
    desk.keyboard.press("Shift+R")
    expect(same.locator("[data-state]")).to_have_text("Rejected")
    same.get_by_text("History, writer, pick").click()
    expect(same.locator(".queue-history")).to_contain_text("advertises something")
    same.get_by_role("button", name="Undo").click()
    expect(same.locator("[data-state]")).to_have_text("Approved")


def test_a_known_guest_is_asked_for_the_address_only_to_follow(site: Site, open_page: OpenPage) -> None:
    page = open_page("/")
    article = _article(page, 1)
    _fill(page, "I shall want to know the answers.", "follower@example.org")
    expect(page.get_by_text("We have sent you a mail with a link")).to_be_visible()
    page.goto(_link(site, "follower@example.org"))
    page.get_by_role("button", name="Yes, this is mine").click()
    page.goto(article)
    expect(page.get_by_text("You reply as Haseena.")).to_be_visible()
    address = page.get_by_label("E-mail")
    expect(address).to_be_hidden()
    page.get_by_label("Mail me when somebody answers").check()
    expect(address).to_be_visible()
    expect(address).to_be_enabled()
    page.get_by_label("Mail me when somebody answers").uncheck()
    expect(address).to_be_hidden()


def test_a_form_that_is_sent_before_its_token_came_waits_for_it(open_page: OpenPage) -> None:
    page = open_page("/")
    _article(page, 2)
    held: list[Route] = []
    page.route("**/overlay/", lambda route: held.append(route))
    _fill(page, "The line is slow here.", "slow-line@example.org")
    form = page.locator("form.reply")
    expect(form.get_by_role("status")).to_have_text("Sending …")
    form.evaluate("form => form.requestSubmit()")  # a second click sends nothing
    held[0].continue_()
    expect(page.get_by_text("We have sent you a mail with a link")).to_be_visible()


def test_a_writer_edits_a_comment_from_the_thread(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/")
    sign_in(page, "editor")
    _article(page)
    page.get_by_label("Comment").fill("We have herd you.")
    page.get_by_role("button", name="Post comment").click()
    own = page.locator(".comment", has_text="We have herd you.")
    expect(own).to_be_focused()
    stranger = open_page(page.url)
    expect(stranger.get_by_text("We have herd you.")).to_be_visible()
    expect(stranger.get_by_role("link", name="Change")).to_have_count(0)
    own.get_by_role("link", name="Change").click()
    page.get_by_label("Comment").fill("We have heard you.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your comment is changed.")).to_be_visible()
    expect(page.locator(".comment", has_text="We have heard you.").get_by_role("link", name="Delete")).to_have_count(1)
    page.get_by_role("link", name="See it in its place").first.click()
    page.locator(".comment", has_text="We have heard you.").get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Your comment is deleted.")).to_be_visible()


def test_a_report_without_a_reason_links_to_the_reasons(open_page: OpenPage) -> None:
    page = open_page("/", width=360, java_script_enabled=False)
    page.locator(".lead .card-headline a").click()
    page.get_by_role("link", name="Report", exact=True).first.click()
    page.get_by_label("What a moderator should know").fill("Look at the second line.")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_role("group", name="This comment")).to_have_accessible_description(
        "Please choose what is wrong with it."
    )
    expect(page.locator(".notice-error")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    expect(page.get_by_label("What a moderator should know")).to_have_value("Look at the second line.")


def test_a_draft_survives_a_reload_and_a_lost_connection(site: Site, open_page: OpenPage) -> None:
    """The tab alone stores it, without name and address, until the comment has arrived."""
    page = open_page("/")
    article = _article(page, 1)
    comment, button = page.get_by_label("Comment"), page.get_by_role("button", name="Post comment")
    comment.fill("Typed for long.")
    page.get_by_label("Name").fill("Haseena")
    page.get_by_label("E-mail").fill("cut-line@example.org")
    page.reload()
    expect(comment).to_have_value("Typed for long.")
    expect(page.get_by_label("Name")).to_have_value("")
    assert "example.org" not in page.evaluate("JSON.stringify(sessionStorage)")

    page.context.set_offline(True)
    button.click()
    expect(page.get_by_text("You are offline, so nothing was sent.")).to_be_visible()
    expect(comment).to_have_value("Typed for long.")
    page.context.set_offline(False)
    page.reload()
    _fill(page, "Typed for longer.", "cut-line@example.org")
    expect(page.get_by_text("We have sent you a mail with a link")).to_be_visible()
    page.wait_for_load_state()  # the script must have read the page's address
    expect(comment).to_have_value("")
    page.goto(article)
    expect(comment).to_have_value("")

    other = page.context.new_page()
    comment.fill("Half a thought.")
    other.goto(article)
    expect(other.get_by_label("Comment")).to_have_value("")
    page.goto(_link(site, "cut-line@example.org"))
    page.get_by_role("button", name="Yes, this is mine").click()
    page.goto(article)
    expect(comment).to_have_value("Half a thought.")
    page.get_by_role("link", name="Not you?").click()
    page.get_by_role("button", name="Forget me on this device").click()
    page.goto(article)
    expect(comment).to_have_value("")


def test_the_form_says_that_it_is_sending_and_that_the_connection_is_slow(open_page: OpenPage) -> None:
    page = open_page("/")
    page.clock.install()
    _article(page, 1)
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")  # a connection that never responds
    _fill(page, "Sent slowly.", "slow@example.org")
    told = page.locator("form.reply").get_by_role("status")
    expect(told).to_have_text("Sending …")
    page.clock.run_for(9_000)
    expect(told).to_have_text("The line is slow. You may press again: it counts only once.")


def test_a_lost_connection_keeps_each_draft_apart(open_page: OpenPage) -> None:
    """After a failed submission and the back button the text is still there; each reply form has its own draft."""
    page = open_page("/")
    _article(page, 1)
    comment = page.get_by_label("Comment")
    page.route("**/comments/", lambda route: route.abort("connectionreset"))
    _fill(page, "Into the void.", "void@example.org")
    page.wait_for_url("chrome-error://**")
    page.unroute("**/comments/")
    page.go_back()
    expect(comment).to_have_value("Into the void.")
    page.locator(".comment").first.get_by_role("link", name="Reply").click()
    expect(comment).to_have_value("")
    comment.fill("To one.")
    page.reload()
    expect(comment).to_have_value("To one.")


def test_text_typed_before_the_script_has_loaded_becomes_a_draft(open_page: OpenPage) -> None:
    page = open_page("/")
    article = _article(page, 1)
    comment = page.get_by_label("Comment")

    def slowly(route: Route) -> None:
        page.wait_for_function("document.querySelector('#id_body')")
        page.evaluate("document.querySelector('#id_body').value = 'Sooner than a slow line.'")
        route.continue_()

    page.route("**/site*.js", slowly)
    page.goto(article)
    page.unroute("**/site*.js")
    page.reload()
    expect(comment).to_have_value("Sooner than a slow line.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_thread_and_queue_have_no_violation(width: int, scheme: str, open_page: OpenPage) -> None:
    page = open_page("/", width=width, color_scheme=scheme)
    most = max(
        {link.get_attribute("href") or "" for link in page.locator(".card-headline a").all()},
        key=lambda path: page.request.get(path).text().count('class="comment'),
    )
    page.goto(f"{most}comments/")
    pages = [page.url, f"{page.url}?order=newest", page.url.replace("comments/", "")]
    for way in ("Reply", "Report"):
        link = page.locator(".comment").first.get_by_role("link", name=way).get_attribute("href")
        assert link
        pages.append(link)
    for path in [*pages, "/comments/mine/"]:
        page.goto(path)
        found = Axe().run(page)
        assert not found.response["violations"], f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    desk = _moderator(open_page, width=width, color_scheme=scheme)
    for view in ("held", "recent"):
        desk.goto(f"{QUEUE}?view={view}")
        if view == "recent":  # as a reply's card looks for a minute after the decision
            desk.evaluate(
                """for (const card of document.querySelectorAll(".queue-card")) {
                    card.classList.add("queue-decided");
                    card.insertAdjacentHTML("beforeend", '<blockquote class="queue-parent">To this one.</blockquote>');
                }"""
            )
        if desk.locator("details").count():
            desk.locator("details").first.locator("summary").click()
        # Check our own part; the frame around it is Django's.
        found = Axe().run(desk, context=".queue")
        assert not found.response["violations"], f"{view}: {found.generate_report()}"
