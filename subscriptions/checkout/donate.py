"""A donation from the form to the payment page, and the question before a second one."""

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
from subscriptions.checkout import card_testing, payment_page
from subscriptions.checkout.forms import DonationForm
from subscriptions.models import Checkout
from subscriptions.stripe.errors import Refused
from subscriptions.sync.apply import apply_session
from subscriptions.sync.records import NotOurs

REPEAT_WINDOW = timedelta(hours=1)  # a second donation so soon may be a mistake
MAX_REMEMBERED = 5  # donations
SESSION_KEY = "gift"  # what a guest typed who must sign in first
COOKIE = "gift"  # the signed ids of a guest's last donations; sent to the donate page alone, for an hour


def start_donation(form: DonationForm, user: User | None, *, network: str) -> Checkout:
    """Return the checkout for a valid form. Raises RateLimited, SignInRequired (card_testing.py)."""
    card_testing.require_allowed(_donation_id(form, user), user=user, network=network)
    fields = ("form_id", "appeal", "fee", "name", "message", "anonymous", "came_from")
    return payment_page.start_donation(
        user=user,
        amount=form.minor,
        currency=form.offer.currency,
        network=network,
        **{name: form.cleaned_data[name] for name in fields},
    )


def _donation_id(form: DonationForm, user: User | None) -> uuid.UUID:
    return payment_page.donation_id(
        form_id=form.cleaned_data["form_id"],
        user=user,
        amount=form.minor,
        currency=form.offer.currency,
        appeal=form.cleaned_data["appeal"],
    )


def save_typed_form(request: HttpRequest, form: DonationForm) -> None:
    """Save what a guest typed while they sign in. The session expires within the hour, as bots come here too."""
    if request.user.is_authenticated:
        return
    request.session.set_expiry(REPEAT_WINDOW)
    request.session[SESSION_KEY] = {
        name: str(form.data.get(name, ""))[:500] for name in form.fields if name not in ("form_id", "again")
    }


def saved_form(request: HttpRequest) -> dict[str, str] | None:
    found: dict[str, str] | None = request.session.get(SESSION_KEY)
    return found


def recent_donation(request: HttpRequest, form: DonationForm, user: User | None) -> Checkout | None:
    """Return a recent donation of which to remind this person before they give again.

    None if there is none, if they have confirmed (the form names it), or if this form is that donation sent again. Also
    finds one that was paid and not recorded yet, by asking Stripe. Raises Unreachable: then start nothing.
    """
    this = _donation_id(form, user)
    for donation in _recent_donations(request, user):
        if donation.public_id == this or str(donation.public_id) == form.cleaned_data["again"]:
            return None
        if _was_paid(donation):
            return donation
    return None


def _was_paid(donation: Checkout) -> bool:
    if donation.status == Checkout.Status.OPEN and donation.stripe_session_id:
        with suppress(Refused, NotOurs):
            donation = apply_session(donation.stripe_session_id, cause="second gift")
    return donation.status in Checkout.COMPLETED


def remember_donation(request: HttpRequest, response: HttpResponse, donation: Checkout) -> None:
    """Set the cookie by which a guest's next donation is recognized as a second one."""
    if request.session.pop(SESSION_KEY, None):
        request.session.set_expiry(None)
    if donation.user_id is not None:
        return
    ids = [str(donation.public_id), *(id_ for id_ in _remembered(request) if id_ != str(donation.public_id))]
    response.set_cookie(
        COOKIE,
        signing.dumps(ids[:MAX_REMEMBERED], salt=COOKIE),
        max_age=int(REPEAT_WINDOW.total_seconds()),
        path=reverse("donate"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _remembered(request: HttpRequest) -> list[str]:
    try:
        ids: list[str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=REPEAT_WINDOW)
    except signing.BadSignature:
        return []
    return ids


def _recent_donations(request: HttpRequest, user: User | None) -> QuerySet[Checkout]:
    """Return this person's own for which a payment page was opened, the newest first."""
    own = {"user": user} if user else {"user": None, "public_id__in": _remembered(request)}
    opened = Checkout.objects.filter(**own, kind=Checkout.Kind.DONATION, stripe_session_id__isnull=False)
    recent = opened.filter(created_at__gt=timezone.now() - REPEAT_WINDOW)
    return recent.order_by("-created_at")[:MAX_REMEMBERED]
