"""Whatever people, banks, time and accidents do in whatever order: the books agree with themselves."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.devtools.stripe_standin.world import DAY, World

EMAIL = "asma@example.org"


class Life:
    """One random life of an outlet. Each step picks something that exists; what Stripe refuses is refused."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.client = world.client(retries=2).v1
        for _ in range(3):  # while nothing goes wrong yet
            self.start()
            self.press()

    def step(self) -> None:
        steps: list[Callable[[], Any]] = [
            self.start, self.start, self.press, self.press, self.press, self.portal, self.wait, self.wait, self.refund, self.settle,
            self.dispute, self.card, self.cancel, self.pause, self.fault, self.forget,
        ]  # fmt: skip
        try:
            self.chance.choice(steps)()
        except stripe.StripeError as refused:
            if refused.http_status == 500 and "asked to" not in str(refused):
                raise

    def one(self, kind: str, **fields: object) -> Any:
        found = self.world.read("objects").get(kind, [])
        found = [o for o in found if all(o.get(name) == value for name, value in fields.items())]
        return self.chance.choice(found) if found else None

    def start(self) -> None:
        customer = self.one("customer") if self.chance.random() < 0.5 else None
        if customer is None:
            customer = {"id": self.world.customer().id}
        mode = self.chance.choice(["payment", "subscription"])
        self.world.session(mode, customer=customer["id"])

    def press(self) -> None:
        button = self.chance.choice(["pay", "pay", "decline", "3ds_pass", "3ds_fail", "pay_later", "pay_and_close"])
        if session := self.one("checkout.session"):
            for _ in range(self.chance.choice([1, 1, 2])):
                page = self.world.press(f"{self.world.base}/pay/{session['id']}", button, email=EMAIL)
                assert page.status in (200, 303, 400, 402, 410)

    def portal(self) -> None:
        if customer := self.one("customer"):
            made = self.client.billing_portal.sessions.create({"customer": customer["id"]})
            sub = self.one("subscription", customer=customer["id"]) or {"id": ""}
            invoice = self.one("invoice", customer=customer["id"]) or {"id": ""}
            button = self.chance.choice(["cancel", "keep", "good_card", "failing_card", "asking_card", "pay"])
            page = self.world.press(made.url, button, subscription=sub["id"], invoice=invoice["id"])
            assert page.status in (303, 400, 402, 404)

    def wait(self) -> None:
        self.world.advance(self.chance.choice([1, 3600, DAY, 5 * DAY, 31 * DAY]))

    def refund(self) -> None:
        if (refund := self.one("refund", status="succeeded")) and self.chance.random() < 0.3:
            self.world.control("fail_refund", refund=refund["id"])
        elif charge := self.one("charge"):
            self.client.refunds.create({"charge": charge["id"], "amount": self.chance.choice([100, 500, 1000])})

    def settle(self) -> None:
        for session in self.world.read("objects").get("checkout.session", []):
            if session["status"] == "complete" and session["payment_status"] == "unpaid":
                button = self.chance.choice(["bank_pays", "bank_refuses"])
                self.world.press(f"{self.world.base}/pay/{session['id']}", button)

    def dispute(self) -> None:
        if dispute := self.one("dispute", status="needs_response"):
            self.world.control("close_dispute", dispute=dispute["id"], outcome=self.chance.choice(["won", "lost"]))
        elif charge := self.one("charge", status="succeeded", disputed=False, refunded=False):
            self.world.control("fraud_warning", charge=charge["id"])
            self.world.control("dispute", charge=charge["id"])

    def card(self) -> None:
        if customer := self.one("customer"):
            code = self.chance.choice(["", "", "insufficient_funds", "authentication_required"])
            self.world.control("card", customer=customer["id"], fails_with=code)
        self.world.control("settings", exhausted=self.chance.choice(["cancel", "unpaid", "past_due", "pause"]))

    def cancel(self) -> None:
        if sub := self.one("subscription"):
            if self.chance.random() < 0.5:
                self.client.subscriptions.cancel(sub["id"])
            else:
                self.client.subscriptions.update(sub["id"], {"cancel_at_period_end": self.chance.random() < 0.7})

    def pause(self) -> None:
        if sub := self.one("subscription", status="paused"):
            self.client.subscriptions.resume(sub["id"])
        elif sub := self.one("subscription", status="active"):
            self.client.subscriptions.pause(sub["id"])

    def fault(self) -> None:
        kind = self.chance.choice(["error", "error_after", "reset_after", "rate_limit", "duplicate", "drop", "shuffle"])
        self.world.control("faults", kind=kind)

    def forget(self) -> None:
        if self.chance.random() < 0.3 and (customer := self.one("customer")):
            self.client.customers.delete(customer["id"])


@pytest.mark.parametrize("seed", range(4))
def test_the_books_agree_with_themselves(world: World, seed: int) -> None:
    life = Life(world, seed)
    for _ in range(60):
        life.step()
    world.control("clear_faults")
    books: dict[str, list[Any]] = {kind: [] for kind in ("refund", "dispute", "invoice", "charge", "subscription")}
    books["checkout.session"] = []
    books |= world.read("objects")

    taken = [charge for charge in books["charge"] if charge["status"] == "succeeded"]
    given_back = [refund for refund in books["refund"] if refund["status"] == "succeeded"]
    lost = [dispute for dispute in books["dispute"] if dispute["status"] != "won"]
    expected = sum(c["amount"] for c in taken) - sum(o["amount"] for o in given_back + lost)
    assert sum(t["amount"] for t in books.get("balance_transaction", [])) == expected
    for charge in taken:
        assert charge["amount_refunded"] == sum(r["amount"] for r in given_back if r["charge"] == charge["id"])
    # Nobody pays twice for one thing.
    intents = [charge["payment_intent"] for charge in taken]
    assert len(intents) == len(set(intents))
    paid = [invoice for invoice in books["invoice"] if invoice["status"] == "paid"]
    gifts = [s for s in books["checkout.session"] if s["mode"] == "payment" and s["payment_status"] == "paid"]
    assert len(taken) == len(paid) + len(gifts)
    # Nobody pays for a period twice, nor after the end unless they choose to.
    for sub in books["subscription"]:
        bills = [i for i in paid if i["parent"]["subscription_details"]["subscription"] == sub["id"]]
        # One that is resumed begins a new period, however short the pause was.
        bills = [bill for bill in bills if bill["billing_reason"] != "subscription_update"]
        starts = [bill["lines"]["data"][0]["period"]["start"] for bill in bills]
        assert len(starts) == len(set(starts))
        assert all(start <= sub["ended_at"] for start in starts if sub["ended_at"])
    failed: list[str] = ["once more"]
    while failed:
        failed = world.control("drain")["failed"]
