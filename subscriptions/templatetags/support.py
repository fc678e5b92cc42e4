"""Template tags about a reader's own support."""

from typing import Any

from django import template

from newsroom.models import User
from subscriptions import money
from subscriptions.access import access_for
from subscriptions.checkout.change import changeable_subscription, has_choice
from subscriptions.checkout.payment_page import replaceable
from subscriptions.models import LedgerEntry, Subscription

register = template.Library()

MAX_PAYMENTS = 60  # on the account page: five years


@register.inclusion_tag("subscriptions/my_support.html", takes_context=True)
def my_support(context: dict[str, Any], user: User) -> dict[str, Any]:
    """Show a person's subscription, what they can do about it, and their payments."""
    running = Subscription.objects.chargeable().filter(user=user)
    by_state = list(Subscription.State)  # what serves the reader best comes first
    subscription = min(running, key=lambda each: by_state.index(each.state), default=user.subscriptions.first())
    entries = LedgerEntry.objects.of(user)
    changeable = changeable_subscription(user)
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "site_chrome": context["site_chrome"],
        "subscription": subscription,
        "replaceable": subscription in replaceable(user),
        "changeable": changeable is not None and has_choice(changeable, context["site_chrome"]["offer"]),
        "entries": entries.select_related("subscription", "donation__checkout__appeal")[:MAX_PAYMENTS],
        "years": [each.year for each in entries.datetimes("occurred_at", "year", order="DESC")],
        "access": access_for(user),
        "user": user,
    }


@register.filter
def amount(entry: LedgerEntry) -> str:
    """Return the amount without its sign, like `$10`."""
    return money.display(abs(entry.amount), entry.currency)


@register.inclusion_tag("subscriptions/access_reason.html")
def why_access(user: User) -> dict[str, Any]:
    """Show staff, on a person's page in the admin, why that person has access or not."""
    return {"access": access_for(user)}
