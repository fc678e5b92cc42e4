"""Runs Chromium against the whole site behind its cache, with demo content, as `make run-cached` starts it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.running_site import Site, wait_until


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


# Package scope: Playwright's event loop must have ended before Django's tests run.
@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site") / "home", cached=True)
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


OpenPage = Callable[..., Page]
LOADED = "addEventListener('load', () => document.documentElement.setAttribute('data-loaded', ''))"


def _wait_for_scripts(page: Page) -> None:
    """Let no action happen before the page's scripts have run: a person is slower than they are, a test is not."""
    page.add_init_script(LOADED)
    page.add_locator_handler(
        page.locator(":root:not([data-loaded])"), lambda: None
    )  # Playwright waits until it matches nothing


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[OpenPage]:
    """Opens a page in a browser context of its own (own cookies). Any console error or warning fails the test, CSP reports included."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Expected statuses: a page that is itself a 404 or a rejected form (422), and the queue's response to a
        # decision that came too late (409).
        url = message.location.get("url") or ""
        expected = url.endswith("/queue/decide/") or (message.page is not None and url == message.page.url)
        # A page with two text editors warns about linkifyjs; some tests cut the connection on purpose.
        known = "linkifyjs: already initialized" in message.text or "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type in ("error", "warning") and not (
            known or (expected and "the server responded" in message.text)
        ):
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def open_page(path: str = "/", *, width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 800},
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if options.get("java_script_enabled", True):
            _wait_for_scripts(page)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def try_to_sign_in(page: Page, who: str) -> None:
    """Submit the sign-in form as one of the demo people."""
    page.get_by_label("Email").fill(f"{who}@example.org")
    page.get_by_label("Password").fill("newsroom-demo")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def sign_in(page: Page, who: str) -> None:
    """Sign in as one of the demo people, and wait for the page that was asked for."""
    try_to_sign_in(page, who)
    page.wait_for_url(lambda url: "/accounts/login/" not in url)  # leaving earlier would lose the session


def continue_to_payment(page: Page, then: Locator) -> None:
    """Confirm the private step until `then` appears: a form sent faster than a person could is shown once more."""
    button = page.get_by_role("button", name="Continue to payment")

    def arrived() -> bool:
        button.or_(then).first.wait_for()
        if button.count() and not then.count():
            button.click()
        return then.count() > 0

    wait_until(arrived, "the page after the private step")
