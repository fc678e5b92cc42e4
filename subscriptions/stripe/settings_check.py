"""Reads what the API shows of the settings at Stripe, for `manage.py stripe_setup --check`. Changes nothing.

What the API does not show is in docs/stripe.md, "Settings at Stripe".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subscriptions.stripe.client import API_VERSION, client
from subscriptions.stripe.errors import Refused, stripe_errors
from subscriptions.stripe.portal import find_configuration
from subscriptions.stripe.prices import Interval, price_of
from subscriptions.stripe.setup import endpoint_problem


@dataclass(frozen=True)
class Problem:
    """A setting to look at. `must`: the site does not work as it should until it is changed."""

    words: str
    must: bool = True


def problems(
    prices: Sequence[tuple[int, Interval]], currency: str, account_url: str, webhook_url: str
) -> list[Problem]:
    """Return what differs from what the site needs. What this key may not read is named. Raises Unreachable."""
    found: list[Problem] = []
    for what, check in {
        "the account": _account(currency),
        "the prices": _prices(prices, currency),
        "the portal": _portal(account_url),
        "the webhook endpoint": _endpoint(webhook_url),
    }.items():
        try:
            found += check
        except Refused as refused:
            found.append(Problem(f"This key may not read {what}, so nothing is known about it: {refused}", must=False))
    return found


def _account(currency: str) -> Iterator[Problem]:
    with stripe_errors():
        account = client().v1.accounts.retrieve_current()
    if getattr(account, "charges_enabled", None) is False:
        yield Problem("Stripe takes no payments for this account yet: finish its activation in the Dashboard.")
    settled = getattr(account, "default_currency", None)
    if settled and settled != currency:
        words = f"Readers pay in {currency.upper()}, and Stripe pays out in {settled.upper()}: it converts, for a fee."
        yield Problem(words, must=False)
    payments = getattr(getattr(account, "settings", None), "payments", None)
    if descriptor := getattr(payments, "statement_descriptor", None):
        words = f"Readers' bank statements say “{descriptor}”. Choose words that endanger nobody who reads you."
        yield Problem(words, must=False)


def _prices(prices: Sequence[tuple[int, Interval]], currency: str) -> Iterator[Problem]:
    for amount, interval in prices:
        if price_of(amount, currency, interval) is None:
            yield Problem(f"There is no price of {amount} {currency} a {interval}: run `manage.py stripe_setup`.")


def _portal(account_url: str) -> Iterator[Problem]:
    portal = find_configuration()
    if portal is None:
        yield Problem("The portal is not set up: run `manage.py stripe_setup`.")
        return
    features = portal.features
    cancel = features.subscription_cancel
    wrong = [
        *(["the address it leads back to"] if portal.default_return_url != account_url else []),
        *(["changing the card"] if not features.payment_method_update.enabled else []),
        *(["cancelling at the end of the period"] if not cancel.enabled or cancel.mode != "at_period_end" else []),
        *(["asking why somebody cancels"] if not cancel.cancellation_reason.enabled else []),
        *(["changing the address, which is done on the site"] if features.customer_update.enabled else []),
        *(["changing the subscription, which is done on the site"] if features.subscription_update.enabled else []),
    ]
    if wrong:
        yield Problem(f"The portal differs in: {', '.join(wrong)}. Run `manage.py stripe_setup`.")


def _endpoint(webhook_url: str) -> Iterator[Problem]:
    if problem := endpoint_problem(webhook_url):
        yield Problem(problem)
        return
    with stripe_errors():
        all_of_them = client().v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()
        enabled = [each for each in all_of_them if each.url == webhook_url and each.status == "enabled"]
    if len(enabled) > 1:
        yield Problem("Stripe sends each event to this site more than once: run `manage.py stripe_setup`.")
    for each in enabled:
        if each.api_version not in (None, API_VERSION):
            words = f"The webhook endpoint is of API version {each.api_version}, and this site of {API_VERSION}"
            yield Problem(f"{words}: run `manage.py stripe_setup`, which makes a new one with a new secret.")
