"""What is in a copy of the database after people have read, written, paid and signed in: no more than the documents say."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from devtools.postgres import Postgres, _binary
from tests.running_site import Site, wait_until

PASSWORD = "blue-houseboat-77"
# What is in the database in the clear, as docs/security.md says under "What a seizure yields"
IN_THE_CLEAR = {"member's address", "member's name", "donor's address", "donor's name", "guest's name", "comment"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path / "home")
    running.start()
    yield running
    running.stop()


@dataclass
class Browser:
    """A browser at an address of its own."""

    site: Site
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    def request(self, method: str, url: str, form: dict[str, str] | None = None) -> tuple[HTTPResponse, str]:
        to = urlsplit(url)
        connection = HTTPConnection(
            "127.0.0.1", to.port or self.site.port, timeout=60, source_address=(self.address, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"User-Agent": "Odd Agent 4.2 (SM-Z9)", "Referer": self.site.address}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        path = f"{to.path}?{to.query}" if to.query else to.path
        connection.request(method, path, urlencode(form) if form is not None else None, headers)
        response = connection.getresponse()
        page = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        self.tokens |= set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
        connection.close()
        return response, page

    def send(self, url: str, **form: str) -> tuple[HTTPResponse, str]:
        """Fill in the form of a page and send it."""
        _, page = self.request("GET", url)
        given = dict(re.findall(r'<input[^>]*name="(csrfmiddlewaretoken|comment)" value="([^"]*)"', page))
        assert "csrfmiddlewaretoken" in given, page
        return self.request("POST", url, given | form)

    def overlay(self) -> dict[str, str]:
        told: dict[str, str] = json.loads(self.request("GET", "/overlay/")[1])
        self.tokens |= {str(told["token"]), str(told["gift"])}
        return told


def _mail(site: Site, to: str, pattern: str) -> str:
    """Wait for a mail to somebody, and return what of it the pattern finds."""
    found: list[str] = []

    def came() -> bool:
        mails = [mail.replace("=\n", "").replace("=3D", "=") for mail in site.mail() if f"To: {to}" in mail]
        found[:] = [match[1] for mail in mails if (match := re.search(pattern, mail, re.MULTILINE))]
        return bool(found)

    wait_until(came, f"a mail to {to}", 60)
    return found[-1]


def _traffic(site: Site) -> dict[str, str]:
    """Have people use the site. Return all that the database might have learnt of them, by what it is."""
    code = r"^\s*([A-Z]{4}-[A-Z]{4})\s*$"
    secrets: dict[str, str] = {}
    member, guest = Browser(site, "127.91.82.73"), Browser(site, "127.92.83.74")
    donor = Browser(site, "127.93.84.75")

    member.send("/accounts/signup/", email="shazia.member@example.org", password1=PASSWORD)
    secrets["confirmation code"] = _mail(site, "shazia.member@example.org", code)
    member.send("/accounts/confirm-email/", code=secrets["confirmation code"])
    member.send("/account/", name="Shazia Membername")
    secrets["member's session"] = member.cookies["sessionid"]
    assert "Shazia Membername" in member.request("GET", "/account/")[1]

    _, front = member.request("GET", "/")
    article = re.findall(r'href="(/articles/[\w-]+/)"', front)[0]
    told = guest.overlay()
    words = {
        "name": "Zubair Guestname",
        "email": "zubair.guest@example.org",
        "body": "I walked along the river Lidder.",
    }
    answer, _ = guest.request(
        "POST", f"{article}comments/", {**words, "csrfmiddlewaretoken": str(told["token"]), "stamp": str(told["stamp"])}
    )
    assert answer.status == 302
    link = _mail(site, "zubair.guest@example.org", r"(http://127\.0\.0\.1:\d+/comments/confirm/\S+)")
    secrets["link to confirm"] = link.rstrip("/").rpartition("/")[2]
    guest.send(link)
    secrets["guest's cookie"] = guest.cookies["guest"]

    told = donor.overlay()
    form = {"amount": "25", "name": "Parveena Donorname", "form_id": str(told["gift"]), "came_from": article}
    page = ""

    def led_to_pay() -> bool:  # not in the first two seconds, in which no person gives
        nonlocal page
        answer, _ = donor.request("POST", "/support/donate/", {**form, "csrfmiddlewaretoken": str(told["token"])})
        page = answer.headers.get("Location") or ""
        return answer.status == 303

    wait_until(led_to_pay, "the payment page", 30)
    donor.request("POST", page, {"action": "pay_and_close", "email": "parveena.donor@example.org"})
    _mail(site, "parveena.donor@example.org", r"^(Subject: .*)$")

    askers = [Browser(site, f"127.94.{number}.76") for number in range(60, 64)]
    askers[0].send("/accounts/login/code/", email="shazia.member@example.org")
    askers[1].send("/accounts/login/code/", email="nobody.asked@example.org")
    secrets["code of a session that waits"] = _mail(site, "shazia.member@example.org", code)
    askers[2].send("/accounts/password/reset/", email="shazia.member@example.org")
    reset = _mail(site, "shazia.member@example.org", r"(http://127\.0\.0\.1:\d+/accounts/password/reset/key/\S+)")
    secrets["link for a new password"] = reset.rstrip("/").rpartition("-")[2]
    askers[3].send("/accounts/login/", login="shazia.member@example.org", password="a-wrong-guess-91")

    for browser in (member, guest, donor, *askers):
        secrets[f"network of {browser.address}"] = browser.address.rpartition(".")[0]
        secrets |= {f"token {number} of {browser.address}": token for number, token in enumerate(browser.tokens)}
        secrets |= {
            f"cookie {name} of {browser.address}": value for name, value in browser.cookies.items() if len(value) > 8
        }
    return secrets | {
        "member's address": "shazia.member@example.org",
        "member's name": "Shazia Membername",
        "guest's address": "zubair.guest@example.org",
        "guest's name": "Zubair Guestname",
        "comment": "I walked along the river Lidder.",
        "donor's address": "parveena.donor@example.org",
        "donor's name": "Parveena Donorname",
        "address of nobody": "nobody.asked@example.org",
        "password": PASSWORD,
        "wrong password": "a-wrong-guess-91",
        "browser": "SM-Z9",
    }


def test_a_copy_of_the_database_has_what_the_documents_say_and_no_more(site: Site) -> None:
    secrets = _traffic(site)
    database = Postgres(site.home / "postgres")

    def dump() -> str:
        command = [
            _binary("pg_dump"),
            "--data-only",
            "--host",
            str(database.socket),
            "--username",
            "newsroom",
            "newsroom",
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/").stdout

    # The guest's address is deleted once the mail is sent.
    wait_until(lambda: "zubair.guest@example.org" not in dump(), "the guest's address is forgotten", 60)
    text = dump()
    assert {what for what, value in secrets.items() if value in text} == IN_THE_CLEAR
    for log in [database.log, *(site.home / "log").glob("*")]:
        written = log.read_text(errors="replace")
        assert {what for what, value in secrets.items() if value in written} == set(), log
