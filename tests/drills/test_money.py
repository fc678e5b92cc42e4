"""Hundreds of random payment histories, and a running site whose worker and web are killed while people pay."""

import json
import os
import random
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from devtools.defaults import standin_port
from tests.running_site import Site, wait_until
from tests.subscriptions.conftest import StripeWorld
from tests.subscriptions.sync.money_machine import run
from tests.subscriptions.sync.strange_money import StrangeMoney

PARTS = 5  # each of which can be run by itself, and ends within minutes on a busy machine
HISTORIES = int(os.environ.get("HISTORIES", "500"))
STRANGE_PARTS = 20
STRANGE = int(os.environ.get("STRANGE_HISTORIES", "2000"))
DONATIONS = 20


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_five_hundred_histories(part: int, stripe_world: StripeWorld) -> None:
    run(stripe_world, histories=HISTORIES // PARTS, steps=24)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("part", range(1, STRANGE_PARTS + 1))
def test_two_thousand_histories_in_an_account_of_several_sites(part: int, stripe_world: StripeWorld) -> None:
    run(stripe_world, histories=STRANGE // STRANGE_PARTS, steps=16, machine=StrangeMoney)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path / "home")
    running.start()
    yield running
    running.stop()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Donor:
    """A browser that tries again when the site does not answer."""

    def __init__(self, site: Site, number: int) -> None:
        self.site, self.email = site, f"donor{number}@example.org"
        self.form = {"amount": "25"}
        self.opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPCookieProcessor(CookieJar()))
        self.page = ""

    def open_payment_page(self) -> bool:
        try:
            with self.opener.open(f"{self.site.address}/overlay/", timeout=10) as overlay:
                given = json.load(overlay)
            self.form.setdefault("form_id", given["gift"])  # whatever happens, it is one donation
            body = urlencode({**self.form, "csrfmiddlewaretoken": given["token"]}).encode()
            self.opener.open(f"{self.site.address}/support/donate/", body, timeout=40).close()
        except urllib.error.HTTPError as answer:
            self.page = answer.headers.get("Location", "") if answer.code == 303 else ""
        except (OSError, HTTPException):
            return False
        return "/pay/" in self.page

    def pay(self) -> None:
        form = urlencode({"action": "pay_and_close", "email": self.email}).encode()
        with suppress(urllib.error.HTTPError):  # the charges are checked at the end
            self.opener.open(self.page, form, timeout=20).close()


def test_worker_and_web_are_killed_while_people_give(site: Site) -> None:
    """Each donation is charged once and thanked for once, though nobody comes back from the payment page."""
    chance = random.Random(7)
    for number in range(DONATIONS):
        donor = Donor(site, number)
        for pid in site.pids(chance.choice(["granian", "procrastinate worker", "nothing"])):
            os.kill(pid, signal.SIGKILL)
        wait_until(donor.open_payment_page, "a payment page", 120)
        donor.pay()

    def thanked() -> dict[str, set[str]]:
        """Return the Message-IDs of the thank-you mails by address: one that is sent again has the same."""
        found: dict[str, set[str]] = {}
        for text in site.mail():
            to = re.search(r"^To: (donor\d+@example\.org)$", text, re.MULTILINE)
            name = re.search(r"^Message-ID:\s*<(thank_you\.[^>]+)>", text, re.MULTILINE)
            if to and name:
                found.setdefault(to[1], set()).add(name[1])
        return found

    wait_until(lambda: len(thanked()) == DONATIONS, "everybody is thanked", 180)
    assert all(len(names) == 1 for names in thanked().values())
    charges = f"http://127.0.0.1:{standin_port(site.port)}/_standin/charges"
    with urllib.request.urlopen(charges, timeout=10) as response:
        people = json.load(response)
    taken = {person["email"]: person["charged"] for person in people.values() if person["email"].startswith("donor")}
    assert taken == {f"donor{number}@example.org": 2500 for number in range(DONATIONS)}
