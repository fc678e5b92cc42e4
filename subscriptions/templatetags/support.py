"""Template tags about a reader's own support."""

from typing import Any

from django import template

from newsroom.models import User
from subscriptions import money
from subscriptions.access import access_for
from subscriptions.models import LedgerEntry, Subscription

register = template.Library()

MAX_PAYMENTS = 60  # on the account page: five years


@register.inclusion_tag("subscriptions/my_support.html", takes_context=True)
def my_support(context: dict[str, Any], user: User) -> dict[str, Any]:
    """Show a person's subscription, what they can do about it, and their payments."""
    # One that may still be charged goes before one that began later and has ended.
    subscription = Subscription.objects.chargeable().filter(user=user).first() or user.subscriptions.first()
    own = LedgerEntry.objects.order_by().values("pk")
    entries = LedgerEntry.objects.filter(
        pk__in=own.filter(subscription__user=user).union(own.filter(donation__user=user))
    )
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "site_chrome": context["site_chrome"],
        "subscription": subscription,
        "entries": entries.select_related("subscription", "donation__checkout__appeal")[:MAX_PAYMENTS],
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
