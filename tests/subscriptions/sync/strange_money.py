"""Random histories in an account that others use too, and in which people do whatever the Dashboard lets them do.

What our readers do is as in `money_machine`. Optional keys are missing, subscriptions have shapes that this site never
made, and other sites sell to the same readers. Nothing may raise, nothing of others' may be touched, and the books say what
each payer paid, in their currency.
"""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import stripe
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from newsroom.privacy import erasure
from subscriptions.models import LedgerEntry, Subscription
from subscriptions.sync.reconcile import reconcile
from subscriptions.sync.records import NotOurs
from tests.subscriptions.conftest import BY_HAND
from tests.subscriptions.sync.money_machine import PICK, WHO, Money

ELSEWHERE = "https://urdu.example/"  # the other site; its payment pages lead back there
TIERS = {"billing_scheme": "tiered", "tiers_mode": "graduated", "unit_amount": None, "unit_amount_decimal": None}
YEAR = {"interval": "year"}
SHAPES = ["tiers", "no item", "year", "metered", "three", "discount", "free", "pause", "unpause"]


class StrangeMoney(Money):
    def prepare(self) -> None:
        self.world.leave_out(str(self.chance.randrange(1000)))
        settlement, fees = self.chance.choice(["", "inr 83.125"]), self.chance.choice(["apart", "within"])
        self.world.control("settings", settlement=settlement, dispute_fees=fees)

    def _try(self, action: Callable[[], Any]) -> Any:
        with suppress(NotOurs):  # what the return page says of another site's session
            return super()._try(action)

    @rule(who=WHO, mode=st.sampled_from(["subscription", "payment"]), installation=st.booleans())
    def another_site_sells(self, who: int, mode: Any, installation: bool) -> None:
        """Sell as a second site on the same software does, whose person has the same number as one of ours."""
        api = self.world.client().v1
        person = self.people[who]
        metadata = {"person": str(person.pk), "checkout": str(uuid.uuid4())}
        if installation:
            metadata["installation"] = str(uuid.uuid4())
        price: Any = {"currency": "inr", "unit_amount": 50000, "product_data": {"name": "Urdu edition"}}
        if mode == "subscription":
            price["recurring"] = {"interval": "month"}
        params: Any = {"mode": mode, "success_url": ELSEWHERE, "metadata": metadata}
        params["subscription_data" if mode == "subscription" else "payment_intent_data"] = {"metadata": metadata}
        params["line_items"] = [{"quantity": 1, "price_data": price}]
        session = self._by_hand(lambda: api.checkout.sessions.create(params))
        if session:
            self.world.control("pay", session=session.id, email=person.email)

    def _by_hand(self, action: Any) -> Any:
        try:
            return action()
        except stripe.StripeError:
            return None

    @rule(pick=PICK, shape=st.sampled_from(SHAPES))
    def somebody_changes_a_subscription(self, pick: int, shape: str) -> None:
        sub = self._one("subscription", pick)
        if sub is None or sub["status"] in ("canceled", "incomplete_expired"):
            return
        price = "items.data.0.price"
        has_item = bool(sub["items"]["data"])
        match shape:
            case "discount" | "free":
                self.world.control("discount", subscription=sub["id"], percent_off="100" if shape == "free" else "50")
            case "pause" | "unpause":
                pause = {"behavior": "void", "resumes_at": None} if shape == "pause" else None
                self._patch(sub, {"pause_collection": pause})
            case "no item":
                self._patch(sub, {"items.data": []})
            case "tiers" if has_item:
                self._patch(sub, {price: TIERS})
            case "year" if has_item:
                self._patch(sub, {f"{price}.recurring": YEAR})
            case "metered" if has_item:
                self._patch(sub, {f"{price}.recurring": {"usage_type": "metered"}})
            case "three" if has_item:
                self._patch(sub, {"items.data.0.quantity": 3})

    def _patch(self, found: dict[str, Any], values: dict[str, Any]) -> None:
        self.world.control("patch", id=found["id"], values=json.dumps(values))

    @rule(pick=PICK, kind=st.sampled_from(["payment_record", "charge"]), counted=st.booleans())
    def an_invoice_is_paid_outside(self, pick: int, kind: str, counted: bool) -> None:
        if bill := self._one("invoice", pick, status="open"):
            self.world.control("pay_outside", invoice=bill["id"], type=kind, counted=str(counted).lower())

    @rule(pick=PICK, kind=st.sampled_from(["payment_intent", "payment_record", "charge"]))
    def an_invoice_has_one_more_payment(self, pick: int, kind: str) -> None:
        if bill := self._one("invoice", pick):
            self.world.control("add_payment", invoice=bill["id"], type=kind)

    @rule(pick=PICK)
    def a_bank_takes_or_returns_again(self, pick: int) -> None:
        if found := self._one("dispute", pick):
            away = sum(_in_the_payers_currency(found)) < 0
            self.world.control("move_dispute", dispute=found["id"], amount=str(found["amount"] * (1 if away else -1)))

    @rule(pick=PICK, email=st.sampled_from([None, "new@example.org"]))
    def a_customer_is_changed(self, pick: int, email: str | None) -> None:
        if customer := self._one("customer", pick):
            self._patch(customer, {"email": email, "name": None, "metadata": {"person": "1"}})

    @rule(ending=st.sampled_from(["cancel", "unpaid", "past_due", "pause"]), first=st.sampled_from(["pause", "retry"]))
    def the_publisher_changes_the_settings(self, ending: str, first: str) -> None:
        self.world.control("settings", exhausted=ending, first_failure=first)

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            self.world.control("clear_faults")
            self._work()
            erasure.erase_due()
            reconcile(fix=True)
            listed = sorted((each.kind, each.stripe_id, str(each.mended_at)) for each in reconcile(fix=False))
            again = sorted((each.kind, each.stripe_id, str(each.mended_at)) for each in reconcile(fix=False))
            assert listed == again
            assert len(listed) == len(set(listed))
            books = self.world.read("objects")
            theirs = self._of_others(books)
            self._nothing_of_others_is_touched(theirs)
            self._the_books_are_equal(books, theirs)
            assert self.world.breaches() == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def _of_others(self, books: dict[str, Any]) -> set[str]:
        """Return the ids of all that follows from the sessions of another site."""
        theirs = {each["id"] for each in books.get("checkout.session", []) if each["success_url"] == ELSEWHERE}
        kinds = [
            "checkout.session",
            "subscription",
            "customer",
            "invoice",
            "payment_intent",
            "charge",
            "refund",
            "dispute",
        ]
        for session in books.get("checkout.session", []):
            if session["id"] in theirs:
                theirs |= {session[key] for key in ("customer", "subscription", "payment_intent") if session[key]}
        for kind in kinds[1:]:
            for each in books.get(kind, []):
                links = ("customer", "payment_intent", "charge")
                if any(each.get(link) in theirs for link in links if each.get(link)):
                    theirs.add(each["id"])
        return theirs

    def _nothing_of_others_is_touched(self, theirs: set[str]) -> None:
        for change in self.world.read("changes"):
            if change["by"] != BY_HAND:
                named = {*change["path"].split("/"), *(str(value) for value in change["params"].values())}
                assert not named & theirs, change

    def _the_books_are_equal(self, books: dict[str, Any], theirs: set[str]) -> None:
        assert not Subscription.objects.filter(stripe_id__in=theirs).exists()
        assert not LedgerEntry.objects.filter(payment_intent__in=theirs).exists()
        assert not LedgerEntry.objects.exclude(currency="usd").exists()
        known = set(Subscription.objects.values_list("stripe_id", flat=True))
        paid = {}
        for bill in books.get("invoice", []):
            amount = bill["amount_paid"] or bill.get("amount_paid_off_stripe") or 0
            sub = bill["parent"]["subscription_details"]["subscription"]
            if bill["status"] == "paid" and amount and sub in known:
                paid[bill["id"]] = amount
        for session in books.get("checkout.session", []):
            ours = session["mode"] == "payment" and session["payment_status"] == "paid" and session["id"] not in theirs
            if ours:
                paid[session["payment_intent"]] = session["amount_total"]
        assert dict(LedgerEntry.objects.payments().values_list("stripe_id", "amount")) == paid
        kept: Counter[str] = Counter()
        for charge in books.get("charge", []):
            if charge["status"] == "succeeded" and charge["id"] not in theirs:
                kept[charge["payment_intent"]] += charge["amount"] - charge["amount_refunded"]
        for dispute in books.get("dispute", []):
            if dispute["id"] not in theirs:
                kept[dispute["payment_intent"]] += sum(_in_the_payers_currency(dispute))
        ours_kept: Counter[str] = Counter()
        for entry in LedgerEntry.objects.exclude(payment_intent=""):
            ours_kept[entry.payment_intent] += entry.amount
        assert ours_kept == kept


def _in_the_payers_currency(dispute: dict[str, Any]) -> list[int]:
    moved = [each for each in dispute["balance_transactions"] if each["reporting_category"] != "fee"]
    return [round(each["amount"] / (each["exchange_rate"] or 1)) for each in moved]
