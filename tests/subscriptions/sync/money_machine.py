"""Whatever readers, banks, time and accidents do, in whatever order: a Hypothesis machine with the stand-in as its world.

At the end all that waits is applied, `reconcile --fix` runs once, and our tables must say what Stripe's books say.
"""

import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

import pytest
import stripe
from django.core import mail
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from newsroom.models import Erasure, User
from newsroom.privacy import erasure
from subscriptions import emails
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Checkout, Donation, LedgerEntry, StripeEvent, Subscription, SupportEmail
from subscriptions.stripe.errors import Unreachable
from subscriptions.sync import events as stripe_events
from subscriptions.sync.apply import apply_session
from subscriptions.sync.reconcile import reconcile
from tests.factories import erase
from tests.subscriptions.conftest import StripeWorld, deliver
from tests.subscriptions.status_table import table

WHO = st.integers(0, 1)
PICK = st.integers(0, 50)
BUTTONS = ["pay", "pay", "pay", "decline", "3ds_pass", "3ds_fail", "pay_later", "pay_and_close"]
PORTAL = ["cancel", "keep", "good_card", "failing_card", "asking_card", "pay"]
FAULTS = ["error", "error_after", "reset", "reset_after", "rate_limit"]


class Money(RuleBasedStateMachine):
    world: ClassVar[StripeWorld]

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # type: ignore[attr-defined]  # as TestCase does: durable blocks may run inside
        self.undo.__enter__()
        self.world.reset()
        self.chance = random.Random(seed)
        self.told: set[str] = set()
        self.client = Client()
        self.people = [self._somebody(), self._somebody()]
        mail.outbox.clear()
        self.prepare()

    def prepare(self) -> None:
        """Set up more before a history begins."""

    def _somebody(self) -> User:
        return User.objects.create_user(f"{uuid.uuid4().hex[:12]}@example.org", name="Somebody")

    def _try(self, action: Callable[[], Any]) -> Any:
        """Ignore the errors that a reader or the worker may meet. All others are our mistake."""
        with suppress(Unreachable, checkouts.AlreadySubscribed):
            return action()

    def _one(self, kind: str, pick: int, **fields: object) -> Any:
        found = self.world.read("objects").get(kind, [])
        found = [o for o in found if all(o.get(name) == value for name, value in fields.items())]
        return found[pick % len(found)] if found else None

    # Readers

    @rule(who=WHO, twice=st.booleans())
    def subscribe(self, who: int, twice: bool) -> None:
        for _ in range(1 + twice):
            self._try(lambda: checkouts.start_subscription(self.people[who]))

    @rule(who=WHO)
    def subscribe_in_another_tab(self, who: int) -> None:
        if not Checkout.objects.filter(user=self.people[who], kind="subscription", status="open").exists():
            self._try(lambda: self.world.second_subscription(self.people[who]))

    @rule(who=st.integers(0, 2), amount=st.sampled_from([500, 2500]), twice=st.booleans())
    def give(self, who: int, amount: int, twice: bool) -> None:
        user = self.people[who] if who < 2 else None
        form = uuid.uuid4()
        for _ in range(1 + twice):
            gift = checkouts.start_donation(form_id=form, user=user, amount=amount, currency="usd")
            self._try(partial(checkouts.payment_page, gift))

    @rule(pick=PICK, button=st.sampled_from(BUTTONS), twice=st.booleans())
    def press(self, pick: int, button: str, twice: bool) -> None:
        if session := self._one("checkout.session", pick, status="open") or self._one("checkout.session", pick):
            for _ in range(1 + twice):
                self.world.press(f"/pay/{session['id']}", action=button, email="asma@example.org")

    @rule(pick=PICK)
    def come_back(self, pick: int) -> None:
        if session := self._one("checkout.session", pick):
            self._try(lambda: apply_session(session["id"], cause="return"))

    @rule(pick=PICK, button=st.sampled_from(PORTAL))
    def use_the_portal(self, pick: int, button: str) -> None:
        if customer := self._one("customer", pick):
            with suppress(stripe.StripeError):
                page = self.world.client().v1.billing_portal.sessions.create({"customer": customer["id"]})
                sub = self._one("subscription", pick, customer=customer["id"]) or {"id": ""}
                bill = self._one("invoice", pick, customer=customer["id"]) or {"id": ""}
                self.world.press(f"/portal/{page.id}", action=button, subscription=sub["id"], invoice=bill["id"])

    @rule(who=WHO)
    def leave(self, who: int) -> None:
        person = self.people[who]
        self._try(partial(erase, person))
        self.people[who] = self._somebody()

    # The world

    @rule(seconds=st.sampled_from([3700, 86400, 5 * 86400, 31 * 86400]))
    def wait(self, seconds: int) -> None:
        self.world.control("clock", advance=str(seconds))

    @rule(pick=PICK, outcome=st.sampled_from(["bank_pays", "bank_refuses"]))
    def the_bank_answers(self, pick: int, outcome: str) -> None:
        if session := self._one("checkout.session", pick, status="complete", payment_status="unpaid"):
            self.world.press(f"/pay/{session['id']}", action=outcome)

    @rule(pick=PICK, code=st.sampled_from(["", "insufficient_funds", "authentication_required"]))
    def the_card_changes_its_mind(self, pick: int, code: str) -> None:
        if customer := self._one("customer", pick):
            self.world.control("card", customer=customer["id"], fails_with=code)

    @rule(pick=PICK, what=st.sampled_from(["cancel", "flag", "pause", "resume", "forget", "refund", "fail_refund"]))
    def somebody_acts_at_stripe(self, pick: int, what: str) -> None:
        api = self.world.client().v1
        with suppress(stripe.StripeError):
            if what == "refund" and (charge := self._one("charge", pick, status="succeeded")):
                api.refunds.create({"charge": charge["id"], "amount": 500})
            elif what == "fail_refund" and (refund := self._one("refund", pick, status="succeeded")):
                self.world.control("fail_refund", refund=refund["id"])
            elif what == "forget" and (customer := self._one("customer", pick)):
                api.customers.delete(customer["id"])
            elif sub := self._one("subscription", pick):
                match what:
                    case "cancel":
                        api.subscriptions.cancel(sub["id"])
                    case "flag":
                        api.subscriptions.update(sub["id"], {"cancel_at_period_end": not sub["cancel_at_period_end"]})
                    case "pause":
                        api.subscriptions.pause(sub["id"])
                    case "resume":
                        api.subscriptions.resume(sub["id"])

    @rule(pick=PICK, outcome=st.sampled_from(["won", "lost"]))
    def dispute(self, pick: int, outcome: str) -> None:
        if found := self._one("dispute", pick, status="needs_response"):
            self.world.control("close_dispute", dispute=found["id"], outcome=outcome)
        elif charge := self._one("charge", pick, status="succeeded", disputed=False, refunded=False):
            self.world.control("dispute", charge=charge["id"])

    @rule(kind=st.sampled_from(FAULTS))
    def something_breaks(self, kind: str) -> None:
        # Once: the library asks again, and the answer that was lost must not have been a second action.
        self.world.control("faults", kind=kind, path="/v1/", times="1")

    @rule(fate=st.sampled_from(["in order", "shuffled", "twice", "some lost", "all lost"]))
    def events_arrive(self, fate: str) -> None:
        self.world.control("clear_faults")
        events = [event for event in self._events() if event.id not in self.told]
        self.told |= {event.id for event in events}
        if fate == "all lost":
            return
        if fate == "some lost":
            events = [event for event in events if self.chance.random() < 0.6]
        if fate == "shuffled":
            self.chance.shuffle(events)
        for event in events:
            for _ in range(1 + (fate == "twice")):
                assert deliver(self.client, str(event).encode()) == 200
        self._work()

    def _events(self) -> list[stripe.Event]:
        return list(self.world.client().v1.events.list({"limit": 100}).auto_paging_iter())[::-1]

    def _work(self) -> None:
        for event in StripeEvent.objects.filter(applied_at=None).order_by("pk"):
            self._try(partial(stripe_events.apply_event, event.pk))

    # What must hold

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            self.world.control("clear_faults")
            self._work()
            erasure.erase_due()
            assert not Erasure.objects.exists()
            left = [str(each) for each in reconcile(fix=True) if each.mended_at is None]
            assert left == [], left
            again = [str(each) for each in reconcile(fix=False)]
            assert again == [], again
            books = self.world.read("objects")
            self._tables_are_equal(books)
            self._nobody_paid_twice(books)
            self._entitlement_follows_the_table()
            self._every_mail_was_sent_once()
            assert self.world.breaches() == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def _tables_are_equal(self, books: dict[str, Any]) -> None:
        there = {sub["id"]: sub["status"] for sub in books.get("subscription", [])}
        assert dict(Subscription.objects.values_list("stripe_id", "status")) == there
        paid = {i["id"]: i["amount_paid"] for i in books.get("invoice", []) if i["status"] == "paid"}
        gifts = [s for s in books.get("checkout.session", []) if s["mode"] == "payment"]
        paid |= {s["payment_intent"]: s["amount_total"] for s in gifts if s["payment_status"] == "paid"}
        assert dict(LedgerEntry.objects.payments().values_list("stripe_id", "amount")) == paid
        kept: Counter[str] = Counter()
        for charge in books.get("charge", []):
            if charge["status"] == "succeeded":
                kept[charge["payment_intent"]] += charge["amount"] - charge["amount_refunded"]
        for dispute in books.get("dispute", []):
            kept[dispute["payment_intent"]] += sum(t["amount"] for t in dispute["balance_transactions"])
        ours: Counter[str] = Counter()
        for entry in LedgerEntry.objects.all():
            ours[entry.payment_intent] += entry.amount
        assert ours == kept
        assert set(Donation.objects.values_list("payment_intent", flat=True)) <= set(paid)

    def _nobody_paid_twice(self, books: dict[str, Any]) -> None:
        live: Counter[str] = Counter()
        for sub in books.get("subscription", []):
            if sub["status"] not in ("canceled", "incomplete_expired"):
                live[sub["customer"]] += 1
        assert all(count == 1 for count in live.values()), live
        refunded = {refund["payment_intent"] for refund in books.get("refund", [])}
        disputed = {dispute["payment_intent"] for dispute in books.get("dispute", [])}
        by_invoice = {p["invoice"]: p["payment"]["payment_intent"] for p in books.get("invoice_payment", [])}
        ended = {sub["id"]: sub["ended_at"] for sub in books.get("subscription", [])}
        unwanted = dict(Subscription.objects.values_list("stripe_id", "unwanted_since"))
        for invoice in books.get("invoice", []):
            if invoice["status"] != "paid":
                continue
            sub = invoice["parent"]["subscription_details"]["subscription"]
            paid_at = invoice["status_transitions"]["paid_at"]
            since = [ended[sub]] if ended[sub] else []
            mark = unwanted[sub]
            since += [mark.timestamp()] if mark else []
            if any(paid_at >= moment for moment in since):
                assert by_invoice[invoice["id"]] in refunded | disputed, "kept for nothing"
        by_gift: defaultdict[str, int] = defaultdict(int)
        for session in books.get("checkout.session", []):
            if session["mode"] == "payment" and session["payment_status"] == "paid":
                by_gift[session["client_reference_id"]] += 1
        assert all(count == 1 for count in by_gift.values()), by_gift

    def _entitlement_follows_the_table(self) -> None:
        entitled = set(Subscription.objects.entitling().values_list("pk", flat=True))
        for subscription in Subscription.objects.all():
            cancelled = "cancelled" if subscription.cancel_at else ""
            lines = [
                line for line in table() if line[0] == subscription.status and line[1] in (cancelled, "since 13 days")
            ]
            _, _, opens, state, _ = lines[0] if lines else next(x for x in table() if x[0] == subscription.status)
            assert (subscription.pk in entitled, subscription.state) == (opens, state)

    def _every_mail_was_sent_once(self) -> None:
        for _ in range(2):
            for email in SupportEmail.objects.order_by("pk"):
                emails.send_email(email.pk)
        sendable = SupportEmail.objects.filter(unsendable=False)
        identifiers = [message.extra_headers["Message-ID"] for message in mail.outbox]
        identifiers = [identifier for identifier in identifiers if not identifier.startswith("<email.")]
        assert len(identifiers) == len(set(identifiers)) == sendable.count()
        for entry in LedgerEntry.objects.payments():
            if not (entry.donation and entry.donation.email) and not (entry.subscription and entry.subscription.user):
                continue
            assert entry.emails.count() == 1, entry
        for subscription in Subscription.objects.filter(status="canceled", unwanted_since=None).exclude(user=None):
            assert sendable.filter(kind="ended", about=subscription.stripe_id).count() == 1
        assert not SupportEmail.objects.filter(
            written_at__gt=datetime.now(UTC), sent_at=None, unsendable=False
        ).exists()


def run(
    world: StripeWorld, *, histories: int, steps: int, machine: type[Money] = Money, derandomize: bool = False
) -> None:
    """Run random histories: different ones each time, or with `derandomize` always the same.

    One that fails is printed, not shrunk: that would take minutes.

    Stripe's library pauses half a second before it asks again after a fault, a third of all the time: not here.
    """
    Money.world = world
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=histories,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=derandomize,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )
