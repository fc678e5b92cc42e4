"""Stripe's books, page by page, for a reconciliation (sync/reconcile.py).

An object that cannot be read is in its page as an `Unreadable`: one odd object must not end a whole run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import stripe

from subscriptions.stripe.checkout_sessions import Session
from subscriptions.stripe.client import client
from subscriptions.stripe.customers import StripeCustomer
from subscriptions.stripe.disputes import StripeDispute
from subscriptions.stripe.errors import stripe_errors
from subscriptions.stripe.events import Event
from subscriptions.stripe.invoices import Invoice
from subscriptions.stripe.refunds import Refund
from subscriptions.stripe.subscriptions import EXPANDED, StripeSubscription

T = TypeVar("T")

PAGE = 100  # Stripe's maximum
MAX_LISTED_TYPES = 20  # event types in one request


@dataclass(frozen=True)
class Window:
    """What was created from `since` on, and before `until`; None: without such a limit."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Unreadable:
    """An object of a shape that this software does not know."""

    id: str
    problem: str


Pages = Iterator[list[T | Unreadable]]


def customer_pages(window: Window) -> "Pages[StripeCustomer]":
    return _pages(client().v1.customers.list, StripeCustomer.from_stripe, window)


def session_pages(window: Window) -> "Pages[Session]":
    expand = ["data.payment_intent", "data.subscription"]
    return _pages(client().v1.checkout.sessions.list, Session.from_stripe, window, expand=expand)


def subscription_pages(window: Window) -> "Pages[StripeSubscription]":
    expand = [f"data.{each}" for each in EXPANDED]
    return _pages(client().v1.subscriptions.list, StripeSubscription.from_stripe, window, status="all", expand=expand)


def paid_invoice_pages(window: Window) -> "Pages[Invoice]":
    return _pages(client().v1.invoices.list, Invoice.from_stripe, window, status="paid", expand=["data.payments"])


def refund_pages(window: Window) -> "Pages[Refund]":
    return _pages(client().v1.refunds.list, Refund.from_stripe, window)


def dispute_pages(window: Window) -> "Pages[StripeDispute]":
    return _pages(client().v1.disputes.list, StripeDispute.from_stripe, window)


def event_pages(types: list[str], window: Window) -> "Pages[Event]":
    """Yield events of these types. Stripe keeps them for 30 days."""
    for start in range(0, len(types), MAX_LISTED_TYPES):
        some = types[start : start + MAX_LISTED_TYPES]
        yield from _pages(client().v1.events.list, Event.from_stripe, window, types=some)


def _pages(list_page: Callable[[Any], Any], build: Callable[[Any], T], window: Window, **params: Any) -> Pages[T]:
    created = {}
    if window.since:
        created["gte"] = int(window.since.timestamp())
    if window.until:
        created["lt"] = int(window.until.timestamp())
    if created:
        params["created"] = created
    while True:
        with stripe_errors():
            page = list_page({**params, "limit": PAGE})
        yield [_built(each, build) for each in page.data]
        if not page.data or not page.has_more:
            return
        params["starting_after"] = page.data[-1].id


def _built(found: stripe.StripeObject, build: Callable[[Any], T]) -> T | Unreadable:
    try:
        return build(found)
    except (LookupError, AttributeError, TypeError, ValueError, ArithmeticError) as error:
        return Unreadable(str(found["id"]), problem_of(error))


def problem_of(error: Exception) -> str:
    """Return what could not be read, in words for the list of discrepancies."""
    return f"{type(error).__name__}: {error}"[:250]
