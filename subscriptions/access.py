"""Explains to the reader and to staff why a person has access or not.

Who has access: `entitling()` in models/subscription.py.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from newsroom.models import User
from subscriptions.models import GRACE_PERIOD, Subscription

RULE = (
    "Open to whoever has a subscription that is active, or one whose payment failed, for the "
    f"{GRACE_PERIOD.days} days in which it is tried again. A gift opens nothing, and closes nothing."
)


@dataclass(frozen=True)
class Access:
    """`open`: the person has access; `reason`: why or why not; `facts`: each subscription in words."""

    open: bool
    reason: str
    facts: list[str]
    rule: str = RULE


def access_for(user: User) -> Access:
    subscriptions = list(Subscription.objects.filter(user=user))
    entitling = Subscription.objects.entitling().filter(user=user).first()
    facts = [_fact(each) for each in subscriptions] or ["This account never had a subscription."]
    if user.is_staff:
        facts.append("This account is the newsroom's: it reads everything, whoever pays.")
    if not user.is_active:
        facts.append("This account is closed: nobody can sign in with it.")
    if entitling is not None:
        return Access(True, _why_open(entitling), facts)
    if not subscriptions:
        words = "There is no subscription under this e-mail address. One that was taken with another address is there."
        return Access(False, words, facts)
    return Access(False, f"No subscription is active: the last one {_state(subscriptions[0])}.", facts)


def _why_open(subscription: Subscription) -> str:
    if subscription.state == Subscription.State.PAYMENT_FAILED:
        until = f" until {_day(subscription.retried_until)}" if subscription.retried_until else ""
        return f"The last payment failed, and it stays open while the card is tried again{until}."
    if subscription.cancel_at:
        return f"The subscription is active until {_day(subscription.cancel_at)}, and then ends."
    if subscription.state == Subscription.State.NOT_CHARGED:
        return f"The subscription {_state(subscription)}."
    return f"The subscription is active, and paid until {_day(subscription.current_period_end)}."


def _fact(subscription: Subscription) -> str:
    return f"{subscription.shown_price} since {_day(subscription.started_at)}: {_state(subscription)}."


def _state(subscription: Subscription) -> str:
    match subscription.state:
        case Subscription.State.ACTIVE:
            return f"is active, paid until {_day(subscription.current_period_end)}"
        case Subscription.State.ENDING:
            return f"is active, and ends on {_day(subscription.cancel_at)}"
        case Subscription.State.NOT_CHARGED:
            until = (
                f"until {_day(subscription.collection_resumes_at)}" if subscription.collection_resumes_at else "for now"
            )
            return f"is active, and {until} nothing is charged"
        case Subscription.State.PAYMENT_FAILED if subscription.retried_until:
            tried = "was" if subscription.retried_until <= timezone.now() else "is"
            return f"could not be charged, and {tried} tried again until {_day(subscription.retried_until)}"
        case Subscription.State.PAYMENT_FAILED:
            return "could not be charged, and is not tried again"
        case Subscription.State.PAUSED:
            return "is paused, and nothing is charged"
        case Subscription.State.STARTING:
            return "was begun, and its first payment is not confirmed"
        case Subscription.State.ENDED:
            return f"ended on {_day(subscription.ended_at)}" if subscription.ended_at else "has ended"


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else "a day not known yet"
