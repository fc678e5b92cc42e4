"""The Stripe stand-in as a process of its own, spoken to through Stripe's own library."""

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from newsroom.models import User
from newsroom.paths import BASE_DIR
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, Donation, StripeEvent, Subscription
from subscriptions.sync import events as stripe_events
from subscriptions.sync.apply import apply_session
from tests.newsroom.conftest import smtp_server

__all__ = ["smtp_server"]


OPTIONAL_KEYS = os.environ.get("STRIPE_OPTIONAL_KEYS", "14")
"""The seed that says which optional keys of Stripe's objects are left out; empty: none."""

# Without these too nothing breaks, but a reader is not told why a bank refused, and gets another page to pay or to print.
_TOLD = [
    "invoice.hosted_invoice_url",
    "payment_intent.last_payment_error.code",
    "payment_intent.last_payment_error.decline_code",
]


BY_HAND = "acct_by_hand"


class StripeWorld:
    """Stripe as the stand-in plays it: people pay there, and events come from there."""

    def control(self, name: str, **form: str) -> Any:
        address = f"{settings.STRIPE_API_BASE}/_standin/{name}"
        with urllib.request.urlopen(address, urlencode(form).encode(), timeout=120) as response:
            return json.load(response)

    def read(self, name: str) -> Any:
        with urllib.request.urlopen(f"{settings.STRIPE_API_BASE}/_standin/{name}", timeout=10) as response:
            return json.load(response)

    def reset(self) -> None:
        """Delete everything that happened there, for tests that look at all of it."""
        self.control("reset")
        self.begin()

    def begin(self) -> None:
        """Hold the deliveries back: the tests deliver, in the order that they are about. Leave optional keys out."""
        self.control("deliveries", paused="true")
        self.leave_out(" -".join([OPTIONAL_KEYS, *_TOLD]) if OPTIONAL_KEYS else "")

    def leave_out(self, seed: str) -> None:
        """Leave out about half of all optional keys of Stripe's objects, always the same ones under one seed."""
        self.control("settings", optional_keys=seed)

    def subscribe(self, user: User, **how: str) -> Subscription:
        """Subscribe a person, pay for the first month, and apply it."""
        checkouts.start_subscription(user)
        checkout = Checkout.objects.filter(user=user, status="open").latest("pk")
        self.control("pay", session=str(checkout.stripe_session_id), email=user.email, **how)
        apply_session(str(checkout.stripe_session_id), cause="test")
        return Subscription.objects.filter(user=user).latest("pk")

    def second_subscription(self, user: User) -> str:
        """Pay for a second subscription, as from another tab at the same moment. Return its session's id, not applied."""
        checkout = Checkout.objects.create(
            kind="subscription",
            user=user,
            amount=1000,
            currency="usd",
            expires_at=timezone.now() + checkouts.PAGE_LIFETIME,
        )
        checkouts.payment_page(checkout)
        self.pay(checkout, user.email)
        return str(checkout.stripe_session_id)

    def gift(self, *, user: User | None = None, email: str = "donor@example.org", amount: int = 2500) -> Donation:
        """Pay a donation, and apply it."""
        checkout = checkouts.start_donation(form_id=uuid.uuid4(), user=user, amount=amount, currency="usd")
        checkouts.payment_page(checkout)
        self.pay(checkout, email)
        apply_session(str(checkout.stripe_session_id), cause="test")
        return Donation.objects.get(checkout=checkout)

    def press(self, page: str, **form: str) -> int:
        """Press a button of a payment or portal page. Return the response's status; its redirect is not followed."""
        target = urlsplit(settings.STRIPE_API_BASE)
        connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=10)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", urlsplit(page).path, urlencode(form), headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def charge_of(self, payment_intent: str) -> str:
        return str(self.client().v1.payment_intents.retrieve(payment_intent).latest_charge)

    def paid_and_kept(self, customer: str) -> int:
        """Return what Stripe has charged this customer and not refunded, in minor units."""
        person = self.read("charges")[customer]
        return int(person["charged"] - person["refunded"])

    def tell(self, client: Client, *types: str) -> None:
        """Deliver the newest events of these types, and apply them."""
        for body in self.events(*types):
            assert deliver(client, body) == 200
        for event in StripeEvent.objects.filter(applied_at=None).order_by("pk"):
            stripe_events.apply_event(event.pk)

    def pay(self, checkout: Checkout, email: str = "donor@example.org") -> None:
        checkout.refresh_from_db()
        self.control("pay", session=str(checkout.stripe_session_id), email=email)

    def breaches(self) -> list[str]:
        """Return the responses of the stand-in that Stripe itself would never give."""
        with urllib.request.urlopen(f"{settings.STRIPE_API_BASE}/_standin/health", timeout=10) as response:
            found: list[str] = json.load(response)["breaches"]
        return found

    def client(self) -> stripe.StripeClient:
        """Return a client of somebody else's than the site: `changes` of the stand-in says so."""
        return stripe.StripeClient(
            settings.STRIPE_SECRET_KEY, stripe_account=BY_HAND, base_addresses={"api": settings.STRIPE_API_BASE}
        )

    def events(self, *types: str) -> list[bytes]:
        """Return the bodies of those of the newest 50 events that are of these types (default: all), oldest first."""
        request = urllib.request.Request(
            f"{settings.STRIPE_API_BASE}/v1/events?limit=50",
            headers={
                "Authorization": f"Bearer {settings.STRIPE_SECRET_KEY}",
                "Stripe-Version": str(stripe.api_version),
            },
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            events = json.load(response)["data"]
        return [json.dumps(event).encode() for event in reversed(events) if not types or event["type"] in types]


class _Earlier(signing.TimestampSigner):
    """Signs with a time that is `seconds` ago."""

    def __init__(self, seconds: int) -> None:
        super().__init__(salt="subscriptions.gift")
        self.seconds = seconds

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - self.seconds)


def gift_form(seconds: int = 60) -> str:
    """Return the id of a donation form that was shown so many seconds ago."""
    return _Earlier(seconds).sign(str(uuid.uuid4()))


def signed(body: bytes, secret: str | None = None, timestamp: int | None = None) -> str:
    """Return the header that Stripe sends with this body."""
    secret = secret or settings.STRIPE_WEBHOOK_SECRET
    return str(stripe.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp or int(time.time())))


def deliver(client: Client, body: bytes, **signature: object) -> int:
    """Post an event as Stripe does. Return the response's status."""
    header = signed(body, **signature)  # type: ignore[arg-type]
    response = client.post("/stripe/webhook/", body, "application/json", headers={"Stripe-Signature": header})
    return response.status_code


@pytest.fixture(scope="session")
def _standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("standin")
    command = [sys.executable, "-m", "devtools.stripe_standin", "--data", str(folder)]
    command += ["--port", str(urlsplit(settings.STRIPE_API_BASE).port), "--secret-key", settings.STRIPE_SECRET_KEY]
    command += ["--webhook-secret", settings.STRIPE_WEBHOOK_SECRET, "--webhook-url", "http://127.0.0.1:9/nowhere/"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=BASE_DIR, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 15
        while True:
            try:
                urllib.request.urlopen(f"{settings.STRIPE_API_BASE}/_standin/health", timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise AssertionError((folder / "log").read_text()) from None
                time.sleep(0.05)
        StripeWorld().begin()
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def stripe_world(_standin: None, db: None) -> Iterator[StripeWorld]:
    world = StripeWorld()
    yield world
    world.control("down", on="false")
    world.control("clear_faults")
    assert world.breaches() == []


@pytest.fixture
def subscriber(stripe_world: StripeWorld) -> User:
    """A person who has just paid for the first month, which is not applied yet."""
    user = User.objects.create_user("subscriber@example.org", "a-good-password", name="Bilal")
    checkouts.start_subscription(user)
    stripe_world.pay(Checkout.objects.get(user=user), user.email)
    return user
