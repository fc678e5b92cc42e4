"""Views through which supporters manage their own support at Stripe."""

import uuid
from collections import Counter
from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.http.cache_headers import private
from newsroom.models import User
from subscriptions import money
from subscriptions.checkout.change import change_subscription, changeable_subscription, has_choice
from subscriptions.checkout.forms import SubscriptionForm
from subscriptions.models import LedgerEntry, Offer, Subscription
from subscriptions.stripe.client import calling_stripe
from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.stripe.payments import retrieve_payment
from subscriptions.stripe.portal import create_portal_session
from subscriptions.stripe.subscriptions import SpecialTerms
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
        with suppress(Unreachable, Refused), calling_stripe():
            apply_subscription(subscription.stripe_id, cause="return")
    return redirect("account")


@private
@login_required
def pay(request: HttpRequest) -> HttpResponse:
    """`/support/pay/`: redirect a POST to Stripe's page on which one's own unpaid invoice is paid.

    A GET comes after signing in. Mails lead to that page straight: it needs no sign-in.
    """
    if request.method != "POST":
        return redirect("account")
    try:
        for subscription in Subscription.objects.chargeable().filter(user=cast(User, request.user)):
            if address := apply_subscription(subscription.stripe_id, cause="pay").pay_url:
                return see_other(address)
    except (Unreachable, Refused) as error:
        return not_now(request, "subscriptions/portal_unavailable.html", {}, error)
    messages.info(request, "Nothing waits to be paid. How it stands is below.")
    return redirect("account")


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """`/support/change/`: choose another amount or interval, read what will be charged and when, and confirm it."""
    offer = Offer.objects.get()
    subscription = changeable_subscription(cast(User, request.user))
    if subscription is None or not has_choice(subscription, offer):
        messages.info(request, "There is nothing to change just now. How your support stands is below.")
        return redirect("account")
    typed = request.POST if request.method == "POST" else None
    form = SubscriptionForm(typed, offer=offer, initial={"interval": subscription.interval})
    form_id = _uuid(request.POST.get("form_id", "")) or uuid.uuid4()
    context: dict[str, Any] = {"subscription": subscription, "form": form, "form_id": form_id}
    if not form.is_bound:
        return render(request, "subscriptions/change.html", context)
    if not form.is_valid():
        return render(request, "subscriptions/change.html", context, status=422)
    amount, interval = form.choice
    if (amount, interval, 1) == (subscription.amount, subscription.interval, subscription.interval_count):
        messages.info(request, f"You pay {subscription.shown_price}. Nothing else was chosen, and nothing is changed.")
        return redirect("account")
    context |= {"valid": True, "seen": f"{amount} {interval} {timezone.localdate(subscription.current_period_end)}"}
    if request.POST.get("seen") != context["seen"]:
        return render(request, "subscriptions/change.html", context)
    try:
        changed = change_subscription(subscription, amount=amount, interval=interval, form_id=form_id)
    except SpecialTerms:
        form.add_error(None, "Your subscription has terms of its own. Please write to us, and we change it for you.")
        return render(request, "subscriptions/change.html", {**context, "valid": False}, status=409)
    except (Unreachable, Refused) as error:
        return not_now(request, "subscriptions/change.html", context, error)
    day = date_format(timezone.localtime(changed.current_period_end), "j F Y")
    messages.success(request, f"From {day} you pay {changed.shown_price}. Nothing was charged today.")
    return redirect("account")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@private
@login_required
@require_safe
def statement(request: HttpRequest, year: int) -> HttpResponse:
    """`/support/statement/<year>/`: all of a year's own payments on one page, to print."""
    own = LedgerEntry.objects.of(cast(User, request.user)).select_related("subscription", "donation__checkout__appeal")
    entries = list(own.filter(occurred_at__year=year).order_by("occurred_at", "pk")) if 1970 < year < 9999 else []
    if not entries:
        raise Http404
    totals: Counter[str] = Counter()
    for entry in entries:
        totals[entry.currency] += entry.amount
    shown = [money.display(total, currency) for currency, total in sorted(totals.items())]
    context = {"year": year, "entries": entries, "totals": shown, "now": timezone.now()}
    return render(request, "subscriptions/statement.html", context)


@private
@login_required
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """`/support/receipts/<id>/`: redirect to Stripe's page about a payment of one's own."""
    person = cast(User, request.user)
    entry = get_object_or_404(LedgerEntry.objects.of(person), pk=pk, kind=LedgerEntry.Kind.PAYMENT)
    try:
        address = retrieve_payment(entry.stripe_id).receipt
    except (Unreachable, Refused) as error:
        return not_now(request, "subscriptions/portal_unavailable.html", {}, error)
    return redirect(address or "account")
