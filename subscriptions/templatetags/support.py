from typing import Any

from django import template

from newsroom.models import User
from subscriptions import money
from subscriptions.access import access_of
from subscriptions.models import LedgerEntry, Subscription

register = template.Library()


@register.inclusion_tag("subscriptions/my_support.html", takes_context=True)
def my_support(context: dict[str, Any], user: User) -> dict[str, Any]:
    """A person's subscription in words, with what can be done about it, and what was paid."""
    # One that may still be charged says more than one that ended after it.
    subscription = Subscription.objects.live().filter(user=user).first() or user.subscriptions.first()
    own = LedgerEntry.objects.order_by().values("pk")
    entries = LedgerEntry.objects.filter(
        pk__in=own.filter(subscription__user=user).union(own.filter(donation__user=user))
    )
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "site_chrome": context["site_chrome"],
        "subscription": subscription,
        "entries": entries.select_related("subscription", "donation__checkout__appeal")[:60],
        "access": access_of(user),
        "user": user,
    }


@register.filter
def amount(entry: LedgerEntry) -> str:
    """`$10`: how much was moved, whichever way."""
    return money.display(abs(entry.amount), entry.currency)


@register.inclusion_tag("subscriptions/access_reason.html")
def why_access(user: User) -> dict[str, Any]:
    """The same facts and rule for staff, at a person's page in the admin."""
    return {"access": access_of(user)}
