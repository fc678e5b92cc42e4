"""Views through which supporters manage their own support at Stripe."""

from contextlib import suppress
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from newsroom.http.cache_headers import private
from newsroom.models import User
from subscriptions.models import LedgerEntry, Subscription
from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.stripe.payments import retrieve_payment
from subscriptions.stripe.portal import create_portal_session
from subscriptions.sync.apply import apply_subscription
from subscriptions.views.responses import not_now, see_other


@private
@login_required
def manage(request: HttpRequest) -> HttpResponse:
    """`/support/manage/`: redirect a POST to Stripe's portal, or straight `to` its page for the card or cancelling.

    A GET comes after signing in.
    """
    if request.method != "POST":
        return redirect("account")
    customer = getattr(request.user, "customer", None)
    if customer is None or customer.stripe_id is None:
        return redirect("account")
    to = request.POST.get("to")
    active = Subscription.objects.filter(user=customer.user, status=Subscription.Status.ACTIVE)
    running = active.filter(cancel_at=None).first()
    try:
        address = create_portal_session(
            customer.stripe_id,
            settings.SITE_URL + reverse("back_from_portal"),
            card=to == "card",
            cancel=running.stripe_id if running and to == "cancel" else None,
        )
        return see_other(address)
    except (Unreachable, Refused) as error:
        return not_now(request, "subscriptions/portal_unavailable.html", {}, error)


@private
@login_required
@require_safe
def back_from_portal(request: HttpRequest) -> HttpResponse:
    """`/support/manage/back/`: fetch at once what was changed there, as its event may come later."""
    for subscription in Subscription.objects.chargeable().filter(user=cast(User, request.user)):
        with suppress(Unreachable, Refused):
            apply_subscription(subscription.stripe_id, cause="return")
    return redirect("account")


@private
@login_required
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """`/support/receipts/<id>/`: redirect to Stripe's page about a payment of one's own."""
    person = cast(User, request.user)
    own = LedgerEntry.objects.filter(Q(subscription__user=person) | Q(donation__user=person))
    entry = get_object_or_404(own, pk=pk, kind=LedgerEntry.Kind.PAYMENT)
    try:
        address = retrieve_payment(entry.stripe_id).receipt
    except (Unreachable, Refused) as error:
        return not_now(request, "subscriptions/portal_unavailable.html", {}, error)
    return redirect(address or "account")
