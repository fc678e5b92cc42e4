"""Chromium against the whole outlet behind its cache, as `make run-cached` starts it, with its demo content."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.running_site import Site, wait_until


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


# Of this package alone: Playwright's event loop must have ended before Django's tests run.
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


def _no_faster_than_the_page(page: Page) -> None:
    """A test presses nothing before the scripts are there that give it a meaning; a person is slower than they are."""
    page.add_init_script(LOADED)
    page.add_locator_handler(page.locator(":root:not([data-loaded])"), lambda: None)  # waits until there is none


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[OpenPage]:
    """A page of a new browser (its own cookies). What its console complains of fails the test, a broken policy included."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The console also reports a page that is itself a 404 or a refused form (422), and the queue's answer to a
        # decision that came too late (409): that is no complaint.
        url = message.location.get("url") or ""
        meant = url.endswith("/queue/decide/") or (message.page is not None and url == message.page.url)
        # The text editor, of a second one in the same page; and a line that a test cuts itself.
        known = "linkifyjs: already initialized" in message.text or "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type in ("error", "warning") and not (known or (meant and "the server responded" in message.text)):
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
            _no_faster_than_the_page(page)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def try_to_sign_in(page: Page, who: str) -> None:
    """With the address and password of a demo person."""
    page.get_by_label("Email").fill(f"{who}@example.org")
    page.get_by_label("Password").fill("newsroom-demo")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def sign_in(page: Page, who: str) -> None:
    """As one of the demo people, and on to where the page wanted to go."""
    try_to_sign_in(page, who)
    page.wait_for_url(lambda url: "/accounts/login/" not in url)  # or going elsewhere at once would leave them outside


def press_on(page: Page, then: Locator) -> None:
    """Through the private step, until this is there: whoever is faster than a person is asked once more."""
    button = page.get_by_role("button", name="Continue to payment")

    def there() -> bool:
        button.or_(then).first.wait_for()
        if button.count() and not then.count():
            button.click()
        return then.count() > 0

    wait_until(there, "what comes after the private step")
