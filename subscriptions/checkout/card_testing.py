"""Keeps card testers off the donation form.

Thieves test stolen cards with small donations. What is done against it:

- a form is signed by us, must be some seconds old, and starts few donations;
- one person, or one network, starts few donations without paying: RateLimited says when to try again;
- a payment page on which cards are refused again and again is closed;
- where more cards are refused than donations are paid, guests must sign in for an hour: those of one network, or all.
  Readers who sign in can always go on, so an honest donor in a shared network is never shut out.

Stripe's page, where the cards are tried, has its own defences. We hear of refused cards by `charge.failed` events.
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

NETWORK_HASH_PURPOSE = "subscriptions.network"  # newsroom/http/client_network.py
MIN_FORM_AGE = timedelta(seconds=2)
MAX_FORM_AGE = timedelta(days=1)
MAX_DONATIONS_PER_FORM = 5

UNPAID_WINDOW = timedelta(minutes=10)  # how far back unpaid donations count
MAX_UNPAID_PER_PERSON, MAX_UNPAID_PER_NETWORK, MAX_UNPAID_OF_ALL_GUESTS = 8, 40, 150

REFUSAL_WINDOW = timedelta(hours=1)  # how far back refused cards count: as long as a payment page is open
MAX_REFUSALS_PER_PAGE = 6
MAX_REFUSALS_PER_PERSON, MAX_REFUSALS_PER_NETWORK, MAX_REFUSALS_OF_ALL_GUESTS = 10, 10, 30

HOLD_DURATION = timedelta(hours=1)
ORIGIN_RETENTION = timedelta(days=7)  # of form ids and network hashes

_SIGNER = signing.TimestampSigner(salt="subscriptions.gift")


class RateLimited(Exception):
    """Too many attempts. `seconds`: how long to wait."""

    def __init__(self, until: datetime, words: str) -> None:
        self.seconds = max(1, round((until - timezone.now()).total_seconds()))
        minutes = -(-self.seconds // 60)
        wait = f"{minutes} minute{'s' * (minutes > 1)}"
        super().__init__(f"{words} Please try again in {wait}. You have not been charged.")


class SignInRequired(Exception):
    """Guests must sign in, until `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


# The form


def new_form_id() -> str:
    """Return a new form id, signed with the time."""
    return _SIGNER.sign(str(uuid.uuid4()))


def valid_form_id(signed: str) -> uuid.UUID | None:
    """Return the id if we signed it within a day and it may start another donation, otherwise None."""
    try:
        form = uuid.UUID(_SIGNER.unsign(signed, max_age=MAX_FORM_AGE))
    except (signing.BadSignature, ValueError):
        return None
    return None if Checkout.objects.filter(form=form).count() >= MAX_DONATIONS_PER_FORM else form


def is_too_fast(signed: str) -> bool:
    """Return True if this form id was signed less than two seconds ago."""
    try:
        return bool(_SIGNER.unsign(signed, max_age=MIN_FORM_AGE))
    except signing.BadSignature:
        return False


# Starting a donation


def require_allowed(donation: uuid.UUID, *, user: User | None, network: str) -> None:
    """Check the limits for a payment page of this Checkout.public_id. Raises RateLimited, SignInRequired."""
    known = Checkout.objects.filter(public_id=donation).first()
    if known is not None:  # the same form again; what was started may go on
        _require_few_refusals(Checkout.objects.filter(pk=known.pk), limit=MAX_REFUSALS_PER_PAGE)
        return
    if user is not None:
        _require_few_refusals(_donations().filter(user=user), limit=MAX_REFUSALS_PER_PERSON)
        _require_few_unpaid(_donations().filter(user=user), limit=MAX_UNPAID_PER_PERSON)
        return
    _require_few_unpaid(_donations().filter(user=None, network=network), limit=MAX_UNPAID_PER_NETWORK)
    hold = _hold_on(network)
    if hold is None:
        hold_all_guests_if_suspicious()
        hold = _hold_on(network)
    if hold is not None:
        Hold.objects.filter(pk=hold.pk).update(asked=F("asked") + 1)
        raise SignInRequired(hold.until)


def _donations() -> QuerySet[Checkout]:
    return Checkout.objects.filter(kind=Checkout.Kind.DONATION)


def _unpaid(donations: QuerySet[Checkout]) -> QuerySet[Checkout]:
    return donations.filter(status__in=Checkout.UNPAID)


def _require_few_unpaid(donations: QuerySet[Checkout], *, limit: int) -> None:
    """Raise RateLimited at the limit. Paid donations do not count: a whole neighbourhood may share a network."""
    recent = _unpaid(donations).filter(created_at__gt=timezone.now() - UNPAID_WINDOW).order_by("-created_at")
    earliest = recent.values_list("created_at", flat=True)[limit - 1 : limit].first()
    if earliest is not None:
        raise RateLimited(earliest + UNPAID_WINDOW, "Many gifts were begun from here just now, and not paid.")


def _require_few_refusals(donations: QuerySet[Checkout], *, limit: int) -> None:
    recent = donations.filter(created_at__gt=timezone.now() - REFUSAL_WINDOW)
    if _refusals(recent) >= limit:
        newest = recent.latest("created_at").created_at
        raise RateLimited(newest + REFUSAL_WINDOW, "Banks have refused cards again and again.")


def _refusals(donations: QuerySet[Checkout]) -> int:
    return int(donations.aggregate(refusals=Sum("refusals"))["refusals"] or 0)


# Holds on guests


def hold_guests_if_suspicious(donation: Checkout) -> None:
    """Hold guests if the refused cards look like a machine. Called when a card was refused for this donation."""
    if donation.user_id is None:
        own = _donations().filter(user=None, network=donation.network)
        _hold_if_refused(own, limit=MAX_REFUSALS_PER_NETWORK, network=donation.network)
        hold_all_guests_if_suspicious()


def hold_all_guests_if_suspicious() -> None:
    guests = _donations().filter(user=None)
    _hold_if_refused(guests, limit=MAX_REFUSALS_OF_ALL_GUESTS, network=None)
    recent = guests.filter(created_at__gt=timezone.now() - UNPAID_WINDOW)
    unpaid = _unpaid(recent).count()
    paid = recent.count() - unpaid
    if unpaid >= MAX_UNPAID_OF_ALL_GUESTS and unpaid > 4 * paid:
        minutes = UNPAID_WINDOW // timedelta(minutes=1)
        _hold(None, f"Gifts begun within {minutes} minutes and not paid: {unpaid}. Paid: {paid}.")


def _hold_if_refused(donations: QuerySet[Checkout], *, limit: int, network: str | None) -> None:
    recent = donations.filter(created_at__gt=timezone.now() - REFUSAL_WINDOW)
    refused, paid = _refusals(recent), recent.count() - _unpaid(recent).count()
    if refused >= limit and refused > paid:
        _hold(network, f"Cards refused within an hour: {refused}. Gifts paid: {paid}.")


def _hold_on(network: str) -> Hold | None:
    return Hold.objects.in_force().on(network).order_by("-until").first()


@transaction.atomic
def _hold(network: str | None, words: str) -> None:
    """Start a hold or extend it. Start none within an hour after the publisher has ended one."""
    advisory_lock(f"hold {network}")
    now = timezone.now()
    same = Hold.objects.filter(network=network)
    if same.in_force().update(until=now + HOLD_DURATION, words=words):
        return
    if not same.filter(ended_at__gt=now - HOLD_DURATION).exists():
        Hold.objects.create(network=network, words=words, until=now + HOLD_DURATION)


def end_hold(hold: Hold, *, by: User) -> bool:
    """Let guests give again. Return False if the hold was over already."""
    in_force = Hold.objects.in_force().filter(pk=hold.pk)
    return bool(in_force.update(ended_at=timezone.now(), ended_by=by))


def delete_expired(now: datetime | None = None) -> None:
    """Delete form ids and network hashes that are a week old."""
    before = (now or timezone.now()) - ORIGIN_RETENTION
    Checkout.objects.filter(created_at__lt=before).exclude(network="").update(network="")
    Checkout.objects.filter(created_at__lt=before).exclude(form=None).update(form=None)
    Hold.objects.filter(began_at__lt=before).exclude(network=None).exclude(network="").update(network="")
