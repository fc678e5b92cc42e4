"""What of the money waits for the publisher: the subscriptions' part of the desk's first page."""

from collections.abc import Iterable

from django.urls import reverse

from newsroom.desk import SHOWN, Group, Row
from newsroom.models import User
from subscriptions.models import StripeEvent, Subscription


def waiting(person: User) -> Iterable[Group]:
    """Supporters whose card fails, and what Stripe told us and we could not apply."""
    if not person.has_perm("subscriptions.view_subscription"):
        return
    failing = Subscription.objects.filter(status="past_due").select_related("user").order_by("past_due_since")
    rows = [
        Row(
            title=str(subscription.user),
            url=reverse("admin:subscriptions_subscription_change", args=[subscription.pk]),
            words="payment failed",
            at=subscription.past_due_since,
        )
        for subscription in failing[:SHOWN]
    ]
    subscriptions = reverse("admin:subscriptions_subscription_changelist")
    yield Group("Payments at risk", f"{subscriptions}?status__exact=past_due", failing.count(), rows)
    stuck = StripeEvent.objects.filter(applied_at__isnull=True).exclude(error="").order_by("received_at")
    rows = [
        Row(
            title=event.type,
            url=reverse("admin:subscriptions_stripeevent_change", args=[event.pk]),
            words=event.error.strip().splitlines()[-1][:120],
            at=event.received_at,
        )
        for event in stuck[:SHOWN]
    ]
    yield Group("Not applied", reverse("admin:subscriptions_stripeevent_changelist"), stuck.count(), rows)
