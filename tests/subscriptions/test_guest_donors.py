"""Guests who gave are forgotten when nobody needs their address any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.models import User
from subscriptions.erasure import GUEST_RETENTION
from subscriptions.models import Checkout, Donation
from subscriptions.tasks import delete_unpaid_messages


@pytest.mark.parametrize(
    ("since", "has_account", "kept"),
    [
        (GUEST_RETENTION - timedelta(days=1), False, True),
        (GUEST_RETENTION, False, False),
        (GUEST_RETENTION, True, True),
    ],
    ids=["recent", "old", "with an account"],
)
def test_an_address_is_kept_while_a_gift_can_be_disputed(
    since: timedelta, has_account: bool, kept: bool, reader: User
) -> None:
    paid_at = timezone.now() - since
    user = reader if has_account else None
    terms = {"user": user, "amount": 500, "currency": "usd"}
    checkout = Checkout.objects.create(
        kind="donation", status="paid", expires_at=paid_at, name="Asma", message="For the road.", **terms
    )
    Donation.objects.create(checkout=checkout, payment_intent="pi_1", email="g@example.org", paid_at=paid_at, **terms)
    delete_unpaid_messages(0)
    checkout.refresh_from_db()
    donation = Donation.objects.get()
    assert (donation.email, checkout.message) == (("g@example.org", "For the road.") if kept else ("", ""))
    assert (donation.amount, checkout.name) == (500, "Asma")
