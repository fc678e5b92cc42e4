"""Sign-in by mailed code, passkey and authenticator app; and a new colleague's first visit to the admin."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.running_site import Site, wait_until

PASSWORD = "blue-houseboat-7"


def _go_to_localhost(site: Site, page: Page, path: str) -> None:
    """Open a path at localhost: passkeys need a host name, which 127.0.0.1 is not."""
    page.goto(f"http://localhost:{site.port}{path}")


def _type_the_code(site: Site, page: Page, email: str, seen: int) -> None:
    """Wait for more mails than `seen`, and type the code of the newest."""
    wait_until(lambda: len(_mails(site, email)) > seen, f"a mail to {email}")
    found = re.search(r"^\s*([A-Z]{4}-[A-Z]{4})\s*$", _mails(site, email)[-1], re.MULTILINE)
    assert found
    page.get_by_label("Code").fill(found[1])
    page.get_by_role("button", name="Go on").click()


def _mails(site: Site, email: str) -> list[str]:
    return [mail for mail in site.mail() if f"To: {email}" in mail]


def _open_an_account(site: Site, page: Page, email: str) -> None:
    _go_to_localhost(site, page, "/accounts/signup/")
    page.get_by_label("Email").fill(f"\u202a{email}\u200f")  # as it is copied out of right-to-left text
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    _type_the_code(site, page, email, 0)
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_role("navigation", name="You").get_by_role("link", name="Your account")).to_be_visible()


def _sign_out(site: Site, page: Page) -> None:
    _go_to_localhost(site, page, "/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def _reauthenticate(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def _add_authenticator(page: Page) -> None:
    """Give the browser a virtual authenticator that approves every request."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def test_a_code_by_mail(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=360)
    email = "by-code@example.org"
    _open_an_account(site, page, email)
    _sign_out(site, page)
    _go_to_localhost(site, page, "/accounts/login/?next=/comments/mine/")
    page.get_by_role("link", name="Have a code sent to you by mail").click()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill("WRON-GONE")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the right code")
    _type_the_code(site, page, email, 1)
    expect(page).to_have_url(re.compile("/comments/mine/$"))


def test_a_passkey(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=360)
    _add_authenticator(page)
    _open_an_account(site, page, "passkey@example.org")
    page.get_by_role("link", name="Passkeys and the second step").click()
    page.get_by_role("link", name="Add a passkey").click()
    _reauthenticate(page)
    page.get_by_label("Name").fill("my phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    wait_until(lambda: "A passkey was added" in "".join(_mails(site, "passkey@example.org")), "the notification mail")

    _sign_out(site, page)  # with the passkey alone
    _go_to_localhost(site, page, "/accounts/login/?next=/comments/mine/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(":[0-9]+/comments/mine/$"))

    _sign_out(site, page)  # as the second step after the password
    _go_to_localhost(site, page, "/accounts/login/?next=/comments/mine/")
    page.get_by_label("Email").fill("passkey@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Without your device: type one of your recovery codes.")).to_be_visible()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(re.compile(":[0-9]+/comments/mine/$"))

    _go_to_localhost(site, page, "/accounts/2fa/webauthn/")
    expect(page.get_by_text("my phone")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("link", name="With your passkey").click()
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have none.")).to_be_visible()


def test_a_device_without_a_passkey_explains_the_alternatives(site: Site, open_page: OpenPage) -> None:
    page = open_page("/accounts/login/")  # 127.0.0.1, where passkeys cannot work
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("form[data-passkey] [role=alert]")).to_contain_text("Please take another way.")


def test_a_new_colleague_sets_up_an_app_before_the_admin_opens(site: Site, open_page: OpenPage) -> None:
    colleague = open_page()
    email = "colleague@example.org"
    _open_an_account(site, colleague, email)
    publisher = open_page("/admin/newsroom/user/?q=colleague")
    sign_in(publisher, "publisher")
    publisher.get_by_role("link", name=email).click()
    publisher.get_by_label("May enter the admin").check()
    publisher.get_by_title("Choose all groups").or_(publisher.get_by_text("Choose all groups")).first.click()
    publisher.get_by_role("button", name="Save", exact=True).click()

    _go_to_localhost(site, colleague, "/admin/articles/article/")
    expect(colleague.get_by_text("it opens only to those with a second step")).to_be_visible()
    colleague.get_by_role("link", name="Set up an app").click()
    _reauthenticate(colleague)
    secret = colleague.locator("code").inner_text().strip()
    colleague.get_by_label("Authenticator code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    colleague.get_by_role("button", name="Done").click()
    colleague.get_by_role("link", name="Go on to the desk").click()
    expect(colleague).to_have_url(re.compile("/admin/articles/article/$"))
    _go_to_localhost(site, colleague, "/accounts/2fa/totp/deactivate/")
    expect(colleague.get_by_role("alert")).to_contain_text("one second step must remain")
