"""The table of docs/supporting.md, line by line."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.models import User
from subscriptions.models import Subscription
from tests.subscriptions.status_table import table


def row(status: str, more: str) -> dict[str, object]:
    since = re.fullmatch(r"(?:failed )?since (\d+) days", more)
    return {
        "status": status,
        "cancel_at": timezone.now() + timedelta(days=9) if more == "cancelled" else None,
        "past_due_since": timezone.now() - timedelta(days=int(since[1])) if since else None,
        "card_problem": "funds" if more.startswith("failed") else "",
        "collection_paused": more == "payments paused",
    }


def test_the_table_has_every_status_of_stripes() -> None:
    assert {status for status, *_ in table()} == set(Subscription.Status)


def test_a_subscription_either_may_be_charged_or_has_ended() -> None:
    assert Subscription.CHARGEABLE.isdisjoint(Subscription.ENDED)
    assert set(Subscription.Status) == Subscription.CHARGEABLE | Subscription.ENDED


@pytest.mark.parametrize(("status", "more", "entitled", "state", "words"), table())
def test_a_line_of_the_table(reader: User, status: str, more: str, entitled: bool, state: str, words: str) -> None:
    subscription = Subscription.objects.create(
        user=reader,
        stripe_id="sub_1",
        amount=1000,
        currency="usd",
        started_at=timezone.now(),
        current_period_end=timezone.now(),
        **row(status, more),
    )
    client = Client()
    client.force_login(reader)
    assert Subscription.objects.entitling().exists() is entitled
    assert client.get("/overlay/").json()["supporter"] is entitled
    assert subscription.state == state
    assert words in client.get("/account/").content.decode()
