"""A gift from the form to the payment page, and the question that comes before a second one."""

import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from newsroom.models import User
from subscriptions.checkout import card_testing
from subscriptions.checkout import payment_page as checkouts
from subscriptions.checkout.forms import DonationForm
from subscriptions.models import Checkout
from subscriptions.stripe.errors import Refused
from subscriptions.sync.apply import NotOurs, apply_session

ASKED_WITHIN = timedelta(hours=1)  # a second gift so soon may be a mistake
REMEMBERED = 5  # gifts
KEPT = "gift"  # in the session: what a guest typed who is to sign in first
COOKIE = "gift"  # of the private step alone: the ids of a guest's last gifts, signed, for an hour


def start_donation(form: DonationForm, user: User | None, *, network: str) -> Checkout:
    """The checkout of what a valid form says. Raises TooMany, SignInFirst (card_testing.py)."""
    card_testing.require_allowed(_gift_id(form, user), user=user, network=network)
    given = form.cleaned_data
    return checkouts.start_donation(
        form_id=given["form_id"],
        user=user,
        amount=form.minor,
        currency=form.offer.currency,
        appeal=given["appeal"],
        fee=given["fee"],
        name=given["name"],
        message=given["message"],
        anonymous=given["anonymous"],
        came_from=given["came_from"],
        network=network,
    )


def _gift_id(form: DonationForm, user: User | None) -> uuid.UUID:
    return checkouts.donation_id(
        form_id=form.cleaned_data["form_id"],
        user=user,
        amount=form.minor,
        currency=form.offer.currency,
        appeal=form.cleaned_data["appeal"],
    )


def keep_typed(request: HttpRequest, form: DonationForm) -> None:
    """So that nothing typed is lost while a guest signs in. Machines come here too: it is gone within the hour."""
    if request.user.is_authenticated:
        return
    request.session.set_expiry(ASKED_WITHIN)
    request.session[KEPT] = {
        name: str(form.data.get(name, ""))[:500] for name in form.fields if name not in ("form_id", "again")
    }


def typed_before(request: HttpRequest) -> dict[str, str] | None:
    found: dict[str, str] | None = request.session.get(KEPT)
    return found


def recent_donation(request: HttpRequest, form: DonationForm, user: User | None) -> Checkout | None:
    """The gift of a moment ago, of which this person should be reminded; None if there is none, they know of it (the
    form says of which), or this form is that gift sent again.

    What was paid and not heard of yet counts too: Stripe is asked. Raises Unreachable: then nothing should be started.
    """
    this = _gift_id(form, user)
    for gift in _recent_gifts(request, user):
        if gift.public_id == this or str(gift.public_id) == form.cleaned_data["again"]:
            return None
        if _was_paid(gift):
            return gift
    return None


def _was_paid(gift: Checkout) -> bool:
    if gift.status == Checkout.Status.OPEN and gift.stripe_session_id:
        with suppress(Refused, NotOurs):
            gift = apply_session(gift.stripe_session_id, cause="second gift")
    return gift.status in (Checkout.Status.PAID, Checkout.Status.WAITING)


def remember(request: HttpRequest, response: HttpResponse, gift: Checkout) -> None:
    """So that a guest's next gift is not a mistake. Sent to the private step alone, and gone within the hour."""
    if request.session.pop(KEPT, None):
        request.session.set_expiry(None)
    if gift.user_id is not None:
        return
    ids = [str(gift.public_id), *(id_ for id_ in _remembered(request) if id_ != str(gift.public_id))]
    response.set_cookie(
        COOKIE,
        signing.dumps(ids[:REMEMBERED], salt=COOKIE),
        max_age=int(ASKED_WITHIN.total_seconds()),
        path=reverse("donate"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _remembered(request: HttpRequest) -> list[str]:
    try:
        ids: list[str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=ASKED_WITHIN)
    except signing.BadSignature:
        return []
    return ids


def _recent_gifts(request: HttpRequest, user: User | None) -> QuerySet[Checkout]:
    """This person's own, the newest first, as far as a payment page was opened for them."""
    own = {"user": user} if user else {"user": None, "public_id__in": _remembered(request)}
    begun = Checkout.objects.filter(**own, kind=Checkout.Kind.DONATION, stripe_session_id__isnull=False)
    recent = begun.filter(created_at__gt=timezone.now() - ASKED_WITHIN)
    return recent.order_by("-created_at")[:REMEMBERED]
