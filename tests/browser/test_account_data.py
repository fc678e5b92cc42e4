"""A reader downloads the data export, and erases the account."""

import json
import os
import re
import subprocess
import sys
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from newsroom.paths import BASE_DIR
from tests.browser.conftest import OpenPage, sign_in, try_to_sign_in
from tests.running_site import Site, wait_until

A_DAY_LATER = (
    "from django.utils import timezone; from newsroom.privacy import erasure; from newsroom.models import Erasure;"
    "Erasure.objects.update(due_at=timezone.now()); erasure.erase_due()"
)


def _run_command(site: Site, command: str) -> None:
    """Run Django code beside the running site, as an operator would."""
    environment = os.environ | {"NEWSROOM_HOME": str(site.home), "DEBUG": "1", "PORT": str(site.port)}
    for name in ("SECRET_KEY", "SITE_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    for name in [name for name in environment if name.startswith("STRIPE_")]:
        environment.pop(name)
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", command],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def _new_reader(site: Site, who: str) -> None:
    _run_command(
        site,
        "from allauth.account.models import EmailAddress; from newsroom.models import User;"
        f"user = User.objects.create_user('{who}@example.org', 'newsroom-demo', name='Somebody');"
        "EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)",
    )


def _mail_to(site: Site, address: str) -> list[str]:
    return [message for message in site.mail() if f"To: {address}" in message]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_subscriber_downloads_the_data_export(javascript: bool, open_page: OpenPage) -> None:
    page = open_page("/account/", width=360, java_script_enabled=javascript, accept_downloads=True)
    sign_in(page, "subscriber")
    if javascript:
        assert not Axe().run(page).response["violations"]
    page.get_by_role("link", name="Get all of it").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        data = json.loads(archive.read("your-data.json"))
        archive.extract("your-data.html", download.value.path().parent)
    assert data["account"][0]["email"] == "subscriber@example.org"
    assert data["subscriptions"][0]["amount"] == "$10 a month"
    page.goto(f"file://{download.value.path().parent}/your-data.html")
    expect(page.get_by_role("heading", name="What is not in here, and why")).to_be_visible()
    if javascript:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_reader_requests_cancels_and_completes_the_erasure(site: Site, open_page: OpenPage) -> None:
    _new_reader(site, "leaving")
    page = open_page("/account/", width=360)
    sign_in(page, "leaving")
    page.get_by_role("link", name="Erase your account").click()
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="Erase my account").click()
    pending = page.get_by_text("Your account will be erased soon after")
    expect(pending).to_be_visible()
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_text("Your account stays. Nothing was erased.")).to_be_visible()
    expect(pending).not_to_be_visible()

    page.get_by_role("link", name="Erase your account").click()
    page.get_by_label("They are taken away, with their text").check()
    page.get_by_role("button", name="Erase my account").click()
    expect(pending).to_be_visible()
    _run_command(site, A_DAY_LATER)
    page.goto("/account/")
    try_to_sign_in(page, "leaving")
    expect(page.locator(".error, [role=alert]").first).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert "Subject: Your account is erased" in _mail_to(site, "leaving@example.org")[-1]


def test_the_mailed_link_cancels_the_erasure_on_another_device(site: Site, open_page: OpenPage) -> None:
    _new_reader(site, "mistaken")
    page = open_page("/account/")
    sign_in(page, "mistaken")
    page.get_by_role("link", name="Erase your account").click()
    page.get_by_role("button", name="Erase my account").click()
    wait_until(lambda: _mail_to(site, "mistaken@example.org"), "the mail")
    link = re.search(r"http\S+(/account/erase/stop/\S+)", _mail_to(site, "mistaken@example.org")[-1])
    assert link
    elsewhere = open_page(link[1], width=360, java_script_enabled=False)
    elsewhere.get_by_role("button", name="Keep my account").click()
    expect(elsewhere.get_by_role("heading", name="Your account stays")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Your account will be erased")).not_to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_the_message_about_what_was_done_has_the_focus(javascript: bool, open_page: OpenPage) -> None:
    page = open_page("/", width=360, java_script_enabled=javascript)
    article = page.locator(".lead .card-headline a").get_attribute("href") or ""
    page.goto(f"/accounts/login/?next={article}")
    sign_in(page, "editor")
    page.get_by_label("Comment").fill(f"Tell me what you think, {'quickly' if javascript else 'slowly'}.")
    page.get_by_label("Mail me when somebody answers").check()
    page.get_by_role("button", name="Post comment").click()
    if not javascript:
        page.get_by_text("One more step.").wait_for()
        page.get_by_role("button", name="Post comment").click()
    page.wait_for_url("**#c-*")

    page.goto("/account/")
    page.get_by_role("button", name="Save the name").click()
    done = page.get_by_role("status").first
    expect(done).to_have_text("Your name is kept.")
    expect(done).to_be_focused()
    page.locator("#mail").get_by_role("checkbox").first.uncheck()
    page.locator("#mail").get_by_role("button", name="Save").click()
    expect(done).to_have_text("You are mailed about what is ticked, and nothing else.")
    expect(done).to_be_focused()
    expect(done).to_be_in_viewport()
