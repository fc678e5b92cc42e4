"""Runs the stand-in as a process, and uses it in three ways: through Stripe's library, its pages and its controls.

A small server receives and stores its webhooks.
"""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import stripe

from newsroom.paths import BASE_DIR

KEY = "sk_test_tests"
SECRET = "whsec_tests"
DAY = 86400
MONTH = 32 * DAY  # more than any month, and less than any two


class Site:
    """The receiver of webhooks: it stores those that are signed correctly, and answers 400 to the rest."""

    def __init__(self) -> None:
        self.received: list[stripe.Event] = []
        self.refused: list[str] = []
        self.answer = 200
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = site.answer
                try:
                    stripe.WebhookSignature.verify_header(body.decode(), self.headers["Stripe-Signature"], SECRET, 300)
                    if status == 200:
                        site.received.append(stripe.Event.construct_from(json.loads(body), KEY))
                except stripe.SignatureVerificationError as error:
                    site.refused.append(str(error))
                    status = 400
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Log nothing: the tests check what was received."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/stripe/webhook/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_browser = urllib.request.build_opener(_NoRedirect)


@dataclass
class Page:
    """A browser's response."""

    status: int
    text: str
    location: str


@dataclass
class World:
    """A running stand-in."""

    folder: Path
    site: Site
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "devtools.stripe_standin",
            "--data",
            str(self.folder),
            "--port",
            str(self.port),
        ]
        command += ["--secret-key", KEY, "--webhook-secret", SECRET, "--webhook-url", self.site.url]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=BASE_DIR, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.read("health")
                break
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise AssertionError(self.log()) from None
                time.sleep(0.05)
        self.control("deliveries", paused="true")  # the tests say when

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(10)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    # As a site

    def client(self, retries: int = 0, timeout: float = 10) -> stripe.StripeClient:
        return stripe.StripeClient(
            KEY,
            base_addresses={"api": self.base},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    def request(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, Any]:
        """Send a request that the library would not make."""
        given = {"Authorization": f"Bearer {KEY}", "Stripe-Version": str(stripe.api_version)} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        body = urlencode(form or {}).encode() if method == "POST" else None
        made = urllib.request.Request(self.base + path, body, given, method=method)
        try:
            with urllib.request.urlopen(made, timeout=10) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    # As the world

    def control(self, name: str, **form: str) -> Any:
        request = urllib.request.Request(f"{self.base}/_standin/{name}", urlencode(form).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{name}: {error.read().decode()}") from None

    def read(self, name: str) -> Any:
        with urllib.request.urlopen(f"{self.base}/_standin/{name}", timeout=10) as response:
            return json.load(response)

    def advance(self, seconds: int) -> None:
        self.control("clock", advance=str(seconds))

    def told(self) -> list[str]:
        """Return the types of the events delivered since the last call, in their order."""
        self.control("drain")
        types: list[str] = [event.type for event in self.site.received]
        self.site.received.clear()
        return types

    # As a reader

    def open(self, address: str) -> Page:
        return self._browse(address, None)

    def press(self, address: str, action: str, **form: str) -> Page:
        return self._browse(address, urlencode({"action": action, **form}).encode())

    def _browse(self, address: str, body: bytes | None) -> Page:
        try:
            with _browser.open(urllib.request.Request(address, body), timeout=10) as response:
                return Page(response.status, response.read().decode(), "")
        except urllib.error.HTTPError as error:
            return Page(error.code, error.read().decode(), error.headers.get("Location", ""))

    # What many tests begin with

    def customer(self) -> stripe.Customer:
        return self.client().v1.customers.create({"email": "asma@example.org", "name": "Asma"})

    def session(self, mode: str = "subscription", customer: str = "", **more: Any) -> stripe.checkout.Session:
        price: dict[str, Any] = {"currency": "usd", "unit_amount": 1000, "product_data": {"name": "Support"}}
        params: dict[str, Any] = {
            "mode": mode,
            "success_url": "https://outlet.example/thanks/?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://outlet.example/support/",
            **more,
        }
        if mode == "subscription":
            price["recurring"] = {"interval": "month"}
        if customer:
            params["customer"] = customer
        params["line_items"] = [{"quantity": 1, "price_data": price}]
        return self.client().v1.checkout.sessions.create(params)  # type: ignore[arg-type]

    def subscription(self, **how: str) -> stripe.Subscription:
        """Return a new subscription whose events have been delivered."""
        session = self.session(customer=self.customer().id)
        self.control("pay", session=session.id, email="asma@example.org", **how)
        paid = self.client().v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
        self.told()
        assert isinstance(paid.subscription, stripe.Subscription)
        return paid.subscription

    def gift(self, amount: int = 1000) -> stripe.Charge:
        """Return the charge of a guest's new donation."""
        session = self.session("payment")
        self.control("pay", session=session.id, email="guest@example.org")
        paid = self.client().v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
        self.told()
        assert isinstance(paid.payment_intent, stripe.PaymentIntent)
        assert isinstance(paid.payment_intent.latest_charge, stripe.Charge)
        return paid.payment_intent.latest_charge
