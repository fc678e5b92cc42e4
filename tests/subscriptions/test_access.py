"""Why somebody has access, or has not, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from newsroom.models import User
from subscriptions.access import access_for
from subscriptions.models import GRACE_PERIOD, Subscription

JUNE = datetime(2126, 6, 9, 12, tzinfo=UTC)


def _subscription(user: User, **fields: object) -> Subscription:
    usual = {"status": "active", "amount": 1000, "currency": "usd", "started_at": JUNE, "current_period_end": JUNE}
    usual |= {"begun_here": True}
    number = Subscription.objects.count()
    return Subscription.objects.create(user=user, stripe_id=f"sub_{number}", **usual | fields)


@pytest.mark.parametrize(
    ("fields", "reason", "fact"),
    [
        ({}, "The subscription is active, and paid until 9 June 2126.", "is active, paid until 9 June 2126"),
        (
            {"cancel_at": JUNE},
            "The subscription is active until 9 June 2126, and then ends.",
            "is active, and ends on 9 June 2126",
        ),
    ],
)
def test_an_active_subscription_opens_and_says_until_when(
    reader: User, fields: dict[str, object], reason: str, fact: str
) -> None:
    _subscription(reader, **fields)
    access = access_for(reader)
    assert (access.open, access.reason) == (True, reason)
    assert access.facts == [f"$10 a month since 9 June 2126: {fact}."]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "past_due"}, "could not be charged, and is not tried again"),
        ({"status": "unpaid"}, "could not be charged, and is not tried again"),
        ({"status": "paused"}, "is paused, and nothing is charged"),
        ({"status": "incomplete"}, "was begun, and its first payment is not confirmed"),
        ({"status": "canceled", "ended_at": JUNE}, "ended on 9 June 2126"),
        ({"status": "incomplete_expired"}, "has ended"),
    ],
)
def test_what_opens_nothing_says_why(reader: User, fields: dict[str, object], state: str) -> None:
    _subscription(reader, **fields)
    access = access_for(reader)
    assert (access.open, access.reason) == (False, f"No subscription is active: the last one {state}.")
    assert access.facts == [f"$10 a month since 9 June 2126: {state}."]


@pytest.mark.parametrize(("spare", "opens"), [(timedelta(minutes=1), True), (-timedelta(minutes=1), False)])
def test_a_failed_payment_leaves_access_for_fourteen_days(reader: User, spare: timedelta, opens: bool) -> None:
    assert timedelta(days=14) == GRACE_PERIOD
    failed = timezone.now() - GRACE_PERIOD + spare
    subscription = _subscription(reader, status="past_due", past_due_since=failed)
    assert subscription.retried_until == failed + GRACE_PERIOD
    day = f"{timezone.localtime(failed + GRACE_PERIOD):%-d %B %Y}"
    access = access_for(reader)
    assert access.open is opens
    if opens:
        expected = f"The last payment failed, and it stays open while the card is tried again until {day}."
    else:
        expected = f"No subscription is active: the last one could not be charged, and was tried again until {day}."
    assert access.reason == expected
    assert f"and {'is' if opens else 'was'} tried again until {day}." in access.facts[0]


def test_whoever_never_subscribed_is_told_so_and_staff_and_closed_accounts_too(reader: User, editor: User) -> None:
    access = access_for(reader)
    assert not access.open
    assert access.reason.startswith("There is no subscription under this e-mail address.")
    assert access.facts == ["This account never had a subscription."]
    reader.is_active = False
    assert access_for(reader).facts[1:] == ["This account is closed: nobody can sign in with it."]
    assert access_for(editor).facts[1:] == ["This account is the newsroom's: it reads everything, whoever pays."]


def test_a_subscription_of_somebody_else_opens_nothing(reader: User, editor: User) -> None:
    _subscription(editor)
    assert not access_for(reader).open


def test_subscriptions_overlap_only_where_both_run(reader: User) -> None:
    hour = timedelta(hours=1)
    first = _subscription(reader, ended_at=JUNE + 2 * hour)
    for begun, overlaps in ((JUNE + hour, True), (JUNE + 2 * hour, False), (JUNE + 3 * hour, False)):
        other = Subscription(started_at=begun)
        assert first.overlaps(other) is overlaps
        assert other.overlaps(first) is overlaps


def test_one_runs_beside_another_only_while_both_are_to_stay(reader: User) -> None:
    first, second = _subscription(reader), _subscription(reader)
    assert first.is_duplicated
    for fields in ({"unwanted_since": JUNE}, {"status": "incomplete_expired"}, {"user": None}):
        usual = {"unwanted_since": None, "status": "active", "user": reader}
        Subscription.objects.filter(pk=second.pk).update(**usual | fields)
        assert not first.is_duplicated, fields
        second.refresh_from_db()
        assert second.is_duplicated is (fields.keys() == {"status"}), fields


@pytest.mark.parametrize(
    ("status", "live"),
    [
        *((status, True) for status in ("active", "trialing", "past_due", "unpaid", "paused", "incomplete")),
        *((status, False) for status in ("canceled", "incomplete_expired")),
    ],
)
def test_what_may_still_be_charged_is_live(reader: User, status: str, live: bool) -> None:
    _subscription(reader, status=status)
    assert Subscription.objects.chargeable().exists() is live


def test_an_ended_subscription_opens_nothing_though_its_last_payment_failed_just_now(reader: User) -> None:
    _subscription(reader, status="canceled", past_due_since=timezone.now(), ended_at=timezone.now())
    assert not access_for(reader).open
