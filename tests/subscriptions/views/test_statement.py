"""The yearly statement: one's own payments of a year, in the outlet's time zone, with what went back."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from newsroom.models import Outlet, User
from subscriptions.models import LedgerEntry, Subscription
from tests.articles.support import signed_in


def _at(*when: int) -> datetime:
    return timezone.make_aware(datetime(*when))  # type: ignore[arg-type]


def _subscription(user: User, stripe_id: str) -> Subscription:
    return Subscription.objects.create(
        user=user,
        stripe_id=stripe_id,
        status="active",
        amount=1000,
        currency="usd",
        started_at=_at(2024, 1, 1),
        current_period_end=_at(2027, 1, 1),
    )


def _entry(subscription: Subscription, stripe_id: str, amount: int, at: datetime, **fields: object) -> LedgerEntry:
    values = {"kind": "payment", "currency": "usd", **fields}
    return LedgerEntry.objects.create(
        subscription=subscription, stripe_id=stripe_id, amount=amount, occurred_at=at, **values
    )


@pytest.fixture
def paid(reader: User) -> LedgerEntry:
    """A reader with payments around a year's ends, one of which was given back in part."""
    subscription = _subscription(reader, "sub_1")
    _entry(subscription, "in_before", 700, _at(2024, 12, 31, 23, 59, 59))
    payment = _entry(subscription, "in_first", 1000, _at(2025, 1, 1, 0, 0, 0))
    _entry(subscription, "re_1", -300, _at(2025, 3, 1), kind="refund", payment=payment)
    _entry(subscription, "dp_1", -200, _at(2025, 4, 1), kind="dispute", payment=payment)
    _entry(subscription, "in_last", 50000, _at(2025, 12, 31, 23, 59, 59), currency="inr")
    _entry(subscription, "in_after", 900, _at(2026, 1, 1))
    return payment


def test_a_year_has_what_was_paid_in_it_and_what_went_back(reader: User, paid: LedgerEntry) -> None:
    client = signed_in(reader)
    for year in (2024, 2025, 2026):
        assertContains(client.get("/account/"), f'<a href="/support/statement/{year}/">{year}</a>', html=True)
    page = client.get("/support/statement/2025/")
    for words in ("in_first", "Refund: subscription", "−$3", "Disputed: subscription", "−$2", "₹500", "in_last"):
        assertContains(page, words)
    assertNotContains(page, "in_before")
    assertNotContains(page, "in_after")
    assertContains(page, '<td class="money">$5</td>', html=True)
    assertContains(page, reader.email)


def test_it_carries_who_the_outlet_is_in_law(reader: User, paid: LedgerEntry) -> None:
    client = signed_in(reader)
    assertContains(client.get("/support/statement/2025/"), "The Valley Ledger<br>")
    Outlet.objects.update(
        legal_name="Valley <b>Trust</b>", legal_address="1 Bund\r\nSrinagar 190001\n\n", registration_number="AAA-1"
    )
    page = client.get("/support/statement/2025/")
    assertContains(
        page, "Valley &lt;b&gt;Trust&lt;/b&gt;<br>1 Bund<br>Srinagar 190001<br>Registration number AAA-1<br>"
    )


@pytest.mark.parametrize("year", [0, 1, 1970, 2023, 9999, 10000, 10**30])
def test_a_year_without_payments_is_no_page(year: int, reader: User, paid: LedgerEntry) -> None:
    assert signed_in(reader).get(f"/support/statement/{year}/").status_code == 404


def test_it_is_for_oneself_alone(paid: LedgerEntry, client: Client) -> None:
    assert client.get("/support/statement/2025/")["Location"].startswith("/accounts/login/")
    other = User.objects.create_user("other@example.org", "a-good-password")
    client.force_login(other)
    assert client.get("/support/statement/2025/").status_code == 404
    assert client.get("/support/statement/2025/")["Cache-Control"].startswith("private")
