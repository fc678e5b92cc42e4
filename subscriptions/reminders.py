"""Reminds readers in time: of a subscription about to end unpaid, and of a card about to expire."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from subscriptions import emails
from subscriptions.models import GRACE_PERIOD, Subscription, SupportEmail
from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.sync.apply import apply_subscription
from subscriptions.sync.records import NotOurs

LAST_REMINDER = timedelta(days=3)  # before the end of the grace period
CARD_NOTICE = timedelta(days=30)  # before the card's last day


def write_reminders() -> None:
    """Write what is due. Stripe is asked first: who has just paid or changed the card is not reminded."""
    for kind, due in ((SupportEmail.Kind.LAST_REMINDER, unpaid), (SupportEmail.Kind.CARD_EXPIRING, expiring_cards)):
        for subscription in due():
            about = f"{subscription.stripe_id} {_event(subscription, kind)}"
            if SupportEmail.objects.filter(kind=kind, about=about).exists():
                continue
            with suppress(Unreachable, Refused, NotOurs):  # then the next run tries again
                apply_subscription(subscription.stripe_id, cause="reminder")
                with transaction.atomic():
                    if still := due().select_for_update().filter(pk=subscription.pk).first():
                        about = f"{still.stripe_id} {_event(still, kind)}"
                        emails.enqueue_email(kind, about, happened=timezone.now(), subscription=still)


def _event(subscription: Subscription, kind: SupportEmail.Kind) -> object:
    """Return what there is one mail about: the day on which the payment failed, or the card's last."""
    failed = subscription.past_due_since
    return failed and failed.date() if kind == SupportEmail.Kind.LAST_REMINDER else subscription.card_expires


def unpaid() -> QuerySet[Subscription]:
    """Return what loses access within three days, as its payment failed."""
    ends_after = timezone.now() - GRACE_PERIOD
    failed = Subscription.objects.filter(status__in=Subscription.GRACE, unwanted_since=None).exclude(card_problem="")
    return failed.filter(past_due_since__gt=ends_after, past_due_since__lte=ends_after + LAST_REMINDER)


def expiring_cards() -> QuerySet[Subscription]:
    """Return what is charged next after its card's last day, which is near."""
    today = timezone.localdate()
    charged = Subscription.objects.filter(
        status__in=Subscription.ENTITLING, cancel_at=None, collection_paused=False, unwanted_since=None
    )
    return charged.filter(
        card_expires__range=(today, today + CARD_NOTICE), card_expires__lt=TruncDate(F("current_period_end"))
    )
