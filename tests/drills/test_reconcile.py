"""A full comparison with Stripe's books for many supporters, each call taking a tenth of a second."""

import os
import time
from copy import copy
from typing import Any, TypeVar

import pytest
from django.db.models import Model

from newsroom.models import User
from subscriptions.models import Customer, LedgerEntry, Subscription, SubscriptionChange
from subscriptions.stripe.client import _HttpClient
from subscriptions.sync.reconcile import reconcile
from tests.subscriptions.conftest import StripeWorld

SUPPORTERS = int(os.environ.get("SUPPORTERS", "1000"))
CALL = 0.1  # seconds
PAGE = 100  # objects
KINDS = 7  # lists: events, customers, payment pages, subscriptions, invoices, refunds, disputes
T = TypeVar("T", bound=Model)


def _copy(row: T, **fields: Any) -> T:
    """Return a copy of a row, not saved."""
    other = copy(row)
    other.pk, other._state.adding = None, True
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _multiply(reader: User) -> None:
    """Give as many other readers what this one has, under the ids that the stand-in has given to its copies."""
    numbers = range(SUPPORTERS - 1)
    users = User.objects.bulk_create([User(email=reader.email.replace("@", f"x{n}@")) for n in numbers])
    customer, subscription = Customer.objects.get(), Subscription.objects.get()
    entry, change = LedgerEntry.objects.get(), SubscriptionChange.objects.latest("pk")
    Customer.objects.bulk_create(
        [_copy(customer, user=users[n], stripe_id=f"{customer.stripe_id}x{n}") for n in numbers]
    )
    subscriptions = Subscription.objects.bulk_create(
        [_copy(subscription, user=users[n], stripe_id=f"{subscription.stripe_id}x{n}") for n in numbers]
    )
    SubscriptionChange.objects.bulk_create([_copy(change, subscription=each) for each in subscriptions])
    LedgerEntry.objects.bulk_create(
        [
            _copy(
                entry,
                subscription=subscriptions[n],
                stripe_id=f"{entry.stripe_id}x{n}",
                payment_intent=f"{entry.payment_intent}x{n}",
            )
            for n in numbers
        ]
    )


def test_a_full_comparison_asks_stripe_by_the_page(
    reader: User, stripe_world: StripeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time printed is mostly the stand-in's own: it holds each object that it sends against what Stripe publishes."""
    stripe_world.reset()
    stripe_world.subscribe(reader)
    reconcile(fix=True)
    stripe_world.control("multiply", times=str(SUPPORTERS - 1), word=reader.email.partition("@")[0])
    _multiply(reader)
    calls = 0
    request = _HttpClient.request

    def counted(self: _HttpClient, *args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        return request(self, *args, **kwargs)

    monkeypatch.setattr(_HttpClient, "request", counted)
    stripe_world.control("faults", kind="delay", seconds=str(CALL), times="1000000", path="/v1/")
    begun = time.monotonic()
    found = reconcile(fix=False, full=True)
    print(f"{SUPPORTERS} supporters: {calls} calls, {time.monotonic() - begun:.0f} s")
    assert [str(each) for each in found] == []
    assert calls < 20 + KINDS * SUPPORTERS / PAGE
