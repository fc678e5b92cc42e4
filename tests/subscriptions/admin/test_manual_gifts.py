"""Gifts that came another way: recorded by the publisher, once, and corrected by a counter-entry alone."""

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from newsroom.models import User
from subscriptions import emails
from subscriptions.models import Appeal, Checkout, Discrepancy, Donation, LedgerEntry, StaffAction, SupportEmail
from subscriptions.sync.reconcile import reconcile
from tests.articles.support import signed_in
from tests.subscriptions.conftest import StripeWorld

RECORD = "/admin/subscriptions/donation/record/"


@pytest.fixture
def desk(publisher: User) -> Client:
    return signed_in(publisher)


@pytest.fixture
def appeal(db: None) -> Appeal:
    return Appeal.objects.create(
        title="Dam", slug="dam", sentence="Who pays?", text="Travel.", goal=100000, on_site=True
    )


def _form(**changes: Any) -> dict[str, Any]:
    form = {"form_id": str(uuid.uuid4()), "amount": "50", "currency": "usd", "method": "cash"}
    return form | {"day": timezone.localdate().isoformat()} | changes


def _record(desk: Client, **changes: Any) -> Donation:
    response = desk.post(RECORD, _form(**changes))
    assert response.status_code == 302, response.content.decode()
    return Donation.objects.latest("pk")


def _correct(entry: LedgerEntry) -> str:
    return f"/admin/subscriptions/ledgerentry/{entry.pk}/correct/"


def test_a_gift_is_recorded_once_and_counts_everywhere(desk: Client, publisher: User, appeal: Appeal) -> None:
    form = _form(amount="$1,250.50", method="upi", appeal=appeal.pk, name="Asma", note="Taken by Tariq")
    for _ in range(2):
        page = desk.post(RECORD, form, follow=True).content.decode()
        assert "Recorded: $1,250.50." in page
    donation, entry, checkout = Donation.objects.get(), LedgerEntry.objects.get(), Checkout.objects.get()
    assert (donation.amount, donation.method, donation.recorded_by, donation.note) == (
        125050,
        "upi",
        publisher,
        "Taken by Tariq",
    )
    assert (entry.kind, entry.amount, entry.donation) == ("payment", 125050, donation)
    assert (checkout.status, checkout.stripe_session_id, checkout.anonymous) == ("paid", None, True)
    counted = Appeal.objects.with_progress().get()
    assert (counted.raised, counted.readers, counted.names) == (125050, 1, [])
    figures = desk.get("/admin/subscriptions/subscription/desk/").content.decode()
    assert "$1,250.50" in figures
    assert "UPI, by hand" in desk.get("/admin/subscriptions/donation/").content.decode()
    assert "UPI, by hand" in desk.get("/admin/subscriptions/ledgerentry/").content.decode()
    day = timezone.localdate().isoformat()
    table = desk.get("/admin/subscriptions/subscription/desk/ledger.csv").content.decode()
    assert f'{day},Payment,"UPI, by hand",1250.50,USD,Dam,manual-' in table
    again = desk.post(RECORD, {**form, "amount": "7"})
    assert again.status_code == 422
    assert "This form has recorded a gift already: $1,250.50" in again.content.decode()


def test_thanks_are_sent_only_if_they_were_asked_for(desk: Client) -> None:
    old = (timezone.localdate() - timedelta(days=60)).isoformat()
    _record(desk, email="donor@example.org")
    assert not SupportEmail.objects.exists()
    donation = _record(desk, email="donor@example.org", thank="1", day=old)
    assert timezone.localdate(donation.paid_at).isoformat() == old
    emails.send_email(SupportEmail.objects.get().pk)
    (message,) = mail.outbox
    assert message.to == ["donor@example.org"]
    assert "Your gift of $50 arrived" in message.body
    assert "charged" not in message.body


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": ""}, "This field is required."),
        ({"amount": "ten"}, "Please enter the amount as a number, like 25 or 12.50."),
        ({"amount": "0"}, "Enter at least $0.01."),
        ({"amount": "₹500"}, "Please enter the amount in $, not in ₹."),
        ({"amount": "5.5", "currency": "jpy"}, "Please enter a whole number, like 25."),
        ({"currency": "inr", "appeal": "dam"}, "This appeal is counted in USD."),
        ({"currency": ""}, "This field is required."),
        ({"method": "stripe"}, "Select a valid choice."),
        ({"day": "2999-01-01"}, "This day is still to come."),
        ({"day": "0202-01-01"}, "Is that year right?"),
        ({"day": "yesterday"}, "Enter a valid date."),
        ({"thank": "1"}, "To send a mail, an address is needed."),
        ({"email": "donor"}, "This does not look like an e-mail address."),
        ({"name": "x" * 100_000}, "Ensure this value has at most 80 characters"),
        ({"form_id": "x"}, "Enter a valid UUID."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_recorded_is_refused_in_words(
    desk: Client, appeal: Appeal, changes: dict[str, Any], words: str
) -> None:
    if changes.get("appeal"):
        changes = {**changes, "appeal": appeal.pk}
    response = desk.post(RECORD, _form(note="Kept as typed", **changes))
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert words in page or "form_id" in changes
    assert "Kept as typed" in page
    assert not LedgerEntry.objects.exists()


def test_it_is_corrected_by_a_counter_entry_alone_up_to_what_is_left(
    desk: Client, appeal: Appeal, publisher: User
) -> None:
    donation = _record(desk, appeal=appeal.pk)
    entry = LedgerEntry.objects.get()
    page = desk.get(f"/admin/subscriptions/ledgerentry/{entry.pk}/change/").content.decode()
    assert _correct(entry) in page
    assert (
        "Give money back"
        not in page + desk.get(f"/admin/subscriptions/donation/{donation.pk}/change/").content.decode()
    )
    refund = desk.get(f"/admin/subscriptions/ledgerentry/{entry.pk}/refund/", follow=True).content.decode()
    assert "it was recorded by hand" in refund
    form = {"form_id": str(uuid.uuid4()), "amount": "20", "reason": "It was 30"}
    for _ in range(2):
        assert "Taken off: $20." in desk.post(_correct(entry), form, follow=True).content.decode()
    too_much = desk.post(_correct(entry), {**form, "form_id": str(uuid.uuid4()), "amount": "31"})
    assert "Only $30 is left of this gift." in too_much.content.decode()
    assert desk.post(_correct(entry), {**form, "form_id": str(uuid.uuid4()), "reason": ""}).status_code == 422
    counter = LedgerEntry.objects.get(kind="correction")
    assert (counter.amount, counter.payment, counter.donation) == (-2000, entry, donation)
    action = StaffAction.objects.get()
    assert (action.kind, action.amount, action.reason, action.by) == ("correction", 2000, "It was 30", publisher)
    assert Appeal.objects.with_progress().get().raised == 3000
    everything = {**form, "form_id": str(uuid.uuid4()), "amount": "30"}
    desk.post(_correct(entry), everything)
    assert "All of it was taken off already." in desk.get(_correct(entry)).content.decode()
    for path in (f"donation/{donation.pk}", f"ledgerentry/{entry.pk}"):
        for step in ("change", "delete"):
            assert desk.post(f"/admin/subscriptions/{path}/{step}/", {"amount": "1", "post": "yes"}).status_code == 403


def test_only_a_publisher_records_and_corrects(desk: Client, editor: User, reader: User) -> None:
    _record(desk)
    entry = LedgerEntry.objects.get()
    for path in (RECORD, _correct(entry)):
        assert signed_in(editor).post(path, _form(reason="x")).status_code == 403
        assert signed_in(reader).post(path, _form(reason="x")).status_code == 302  # to the admin's door
    assert LedgerEntry.objects.count() == 1


def test_no_gift_of_stripes_is_corrected_by_hand(desk: Client, stripe_world: StripeWorld) -> None:
    donation = stripe_world.gift()
    assert donation.entry is not None
    form = {"form_id": str(uuid.uuid4()), "amount": "5", "reason": "x"}
    assert desk.post(_correct(donation.entry), form).status_code == 404
    page = desk.get(f"/admin/subscriptions/donation/{donation.pk}/change/").content.decode()
    assert f"/admin/subscriptions/ledgerentry/{donation.entry.pk}/refund/" in page
    assert re.search(r'<a href="/admin/subscriptions/ledgerentry/\d+/change/">Payment \$25</a>', page)
    assert re.search(r'<a href="/admin/subscriptions/supportemail/\d+/change/">thank you</a>', page)


def test_a_gift_by_hand_is_no_difference_from_stripe(desk: Client, stripe_world: StripeWorld) -> None:
    stripe_world.reset()
    _record(desk)
    form = {"form_id": str(uuid.uuid4()), "amount": "20", "reason": "It was 30"}
    desk.post(_correct(LedgerEntry.objects.get()), form)
    assert reconcile(fix=True) == []
    assert not Discrepancy.objects.exists()
    assert LedgerEntry.objects.net() == 3000
