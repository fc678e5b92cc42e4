from typing import Any

from django import template

from newsroom.models import User
from subscriptions import money
from subscriptions.models import LedgerEntry, Subscription

register = template.Library()


@register.inclusion_tag("subscriptions/state.html", takes_context=True)
def my_support(context: dict[str, Any], user: User) -> dict[str, Any]:
    """A person's subscription in words, with what can be done about it, and what was paid."""
    subscription = Subscription.objects.filter(user=user).first()
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "furniture": context["furniture"],
        "subscription": subscription,
        "donations": user.donations.all()[:20],
    }


@register.filter
def amount(entry: LedgerEntry) -> str:
    """`$10`: how much was moved, whichever way."""
    return money.display(abs(entry.amount), entry.currency)
