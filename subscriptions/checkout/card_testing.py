"""Thieves find out which of their stolen cards still work by giving a little with each. What is done against it here:

- a form is ours, signed, some seconds old, and begins few gifts;
- few gifts are begun and not paid by one person, or one network: TooMany, with the moment from which it goes on;
- a payment page on which cards are refused again and again is closed;
- where more cards are refused than gifts are paid, guests sign in before they give, for an hour: those of one network,
  or all. Whoever signs in goes on, so an honest donor in a shared network is never shut out.

Stripe's page, where the cards are tried, has its own defences. What happens there is known here by `charge.failed`.
"""

import uuid
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from newsroom.db.advisory_locks import advisory_lock
from newsroom.models import User
from subscriptions.models import Checkout, Hold

NETWORK = "subscriptions.network"  # the purpose of our hashes (newsroom/http/client_network.py)
FASTEST = timedelta(seconds=2)  # from the form to the button
A_FORM_LASTS = timedelta(days=1)
OF_A_FORM = 5  # gifts

BEGUN_WITHIN = timedelta(minutes=10)
OF_A_PERSON, OF_A_NETWORK, OF_ALL_GUESTS = 8, 40, 150  # gifts begun and not paid

REFUSED_WITHIN = timedelta(hours=1)  # as long as a payment page is open
OF_A_PAGE = 6  # refused cards
REFUSED_OF_A_PERSON, REFUSED_OF_A_NETWORK, REFUSED_OF_ALL_GUESTS = 10, 10, 30

A_HOLD_LASTS = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)  # what says where a gift was begun

_FORM = signing.TimestampSigner(salt="subscriptions.gift")


class TooMany(Exception):
    """Not now; `seconds` until it goes on."""

    def __init__(self, until: datetime, words: str) -> None:
        self.seconds = max(1, round((until - timezone.now()).total_seconds()))
        minutes = -(-self.seconds // 60)
        wait = f"{minutes} minute{'s' * (minutes > 1)}"
        super().__init__(f"{words} Please try again in {wait}. You have not been charged.")


class SignInFirst(Exception):
    """A guest is asked who they are, until `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


# The form


def new_form() -> str:
    """The id of a form that is given out now, signed with the time."""
    return _FORM.sign(str(uuid.uuid4()))


def form_of(signed: str) -> uuid.UUID | None:
    """The id of a form of ours that may begin a gift; None if it is not, or no longer: then another is given out."""
    try:
        form = uuid.UUID(_FORM.unsign(signed, max_age=A_FORM_LASTS))
    except (signing.BadSignature, ValueError):
        return None
    return None if Checkout.objects.filter(form=form).count() >= OF_A_FORM else form


def is_too_fast(signed: str) -> bool:
    """Whether this form was given out a moment ago."""
    try:
        return bool(_FORM.unsign(signed, max_age=FASTEST))
    except signing.BadSignature:
        return False


# A gift is begun


def require_allowed(gift: uuid.UUID, *, user: User | None, network: str) -> None:
    """Before a payment page is opened for this gift (Checkout.public_id). Raises TooMany, SignInFirst."""
    known = Checkout.objects.filter(public_id=gift).first()
    if known is not None:  # the same form once more; what was begun goes on
        _require_few_refusals(Checkout.objects.filter(pk=known.pk), most=OF_A_PAGE)
        return
    if user is not None:
        _require_few_refusals(_gifts().filter(user=user), most=REFUSED_OF_A_PERSON)
        _require_few_begun(_gifts().filter(user=user), most=OF_A_PERSON)
        return
    _require_few_begun(_gifts().filter(user=None, network=network), most=OF_A_NETWORK)
    hold = _hold_on(network)
    if hold is None:
        hold_all_guests_if_suspicious()
        hold = _hold_on(network)
    if hold is not None:
        Hold.objects.filter(pk=hold.pk).update(asked=F("asked") + 1)
        raise SignInFirst(hold.until)


def _gifts() -> QuerySet[Checkout]:
    return Checkout.objects.filter(kind=Checkout.Kind.DONATION)


def _unpaid(gifts: QuerySet[Checkout]) -> QuerySet[Checkout]:
    return gifts.filter(status__in=[Checkout.Status.OPEN, Checkout.Status.EXPIRED])


def _require_few_begun(gifts: QuerySet[Checkout], *, most: int) -> None:
    """What was paid does not count: a whole neighbourhood may give through one network."""
    begun = _unpaid(gifts).filter(created_at__gt=timezone.now() - BEGUN_WITHIN).order_by("-created_at")
    earliest = begun.values_list("created_at", flat=True)[most - 1 : most].first()
    if earliest is not None:
        raise TooMany(earliest + BEGUN_WITHIN, "Many gifts were begun from here just now, and not paid.")


def _require_few_refusals(gifts: QuerySet[Checkout], *, most: int) -> None:
    recent = gifts.filter(created_at__gt=timezone.now() - REFUSED_WITHIN)
    if _refusals(recent) >= most:
        newest = recent.latest("created_at").created_at
        raise TooMany(newest + REFUSED_WITHIN, "Banks have refused cards again and again.")


def _refusals(gifts: QuerySet[Checkout]) -> int:
    return int(gifts.aggregate(refusals=Sum("refusals"))["refusals"] or 0)


# A hold


def hold_guests_if_suspicious(gift: Checkout) -> None:
    """A card was refused for this gift: hold what guests begin, if that looks like a machine."""
    if gift.user_id is None:
        _hold_if(_gifts().filter(user=None, network=gift.network), REFUSED_OF_A_NETWORK, network=gift.network)
        hold_all_guests_if_suspicious()


def hold_all_guests_if_suspicious() -> None:
    guests = _gifts().filter(user=None)
    _hold_if(guests, REFUSED_OF_ALL_GUESTS, network=None)
    recent = guests.filter(created_at__gt=timezone.now() - BEGUN_WITHIN)
    unpaid = _unpaid(recent).count()
    paid = recent.count() - unpaid
    if unpaid >= OF_ALL_GUESTS and unpaid > 4 * paid:
        _hold(None, f"Gifts begun within ten minutes and not paid: {unpaid}. Paid: {paid}.")


def _hold_if(gifts: QuerySet[Checkout], most: int, *, network: str | None) -> None:
    recent = gifts.filter(created_at__gt=timezone.now() - REFUSED_WITHIN)
    refused, paid = _refusals(recent), recent.count() - _unpaid(recent).count()
    if refused >= most and refused > paid:
        _hold(network, f"Cards refused within an hour: {refused}. Gifts paid: {paid}.")


def _hold_on(network: str) -> Hold | None:
    return Hold.objects.in_force().on(network).order_by("-until").first()


@transaction.atomic
def _hold(network: str | None, words: str) -> None:
    """Begin a hold, or let it last longer, as cards are still refused; none right after the publisher has ended one."""
    advisory_lock(f"hold {network}")
    now = timezone.now()
    same = Hold.objects.filter(network=network)
    if same.in_force().update(until=now + A_HOLD_LASTS, words=words):
        return
    if not same.filter(ended_at__gt=now - A_HOLD_LASTS).exists():
        Hold.objects.create(network=network, words=words, until=now + A_HOLD_LASTS)


def end(hold: Hold, *, by: User) -> bool:
    """The publisher has looked, and guests may give again; whether there was anything to end."""
    still = Hold.objects.filter(pk=hold.pk, ended_at=None, until__gt=timezone.now())
    return bool(still.update(ended_at=timezone.now(), ended_by=by))


def delete_expired(now: datetime | None = None) -> None:
    """What says where a gift was begun is kept for a week."""
    before = (now or timezone.now()) - KEPT_FOR
    Checkout.objects.filter(created_at__lt=before).exclude(network="").update(network="")
    Checkout.objects.filter(created_at__lt=before).exclude(form=None).update(form=None)
    Hold.objects.filter(began_at__lt=before).exclude(network=None).exclude(network="").update(network="")
