"""Views of subscribing and donating: to the payment page, and back."""

import uuid
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.http import client_network
from newsroom.http.cache_headers import private
from newsroom.http.csrf import has_valid_csrf_token
from subscriptions.checkout import card_testing, payment_page
from subscriptions.checkout import donate as donating
from subscriptions.checkout.forms import DonationForm, SubscriptionForm
from subscriptions.models import Checkout, Offer
from subscriptions.stripe.client import calling_stripe
from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.sync.apply import apply_session
from subscriptions.views.responses import already_subscribed, not_now, see_other


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """`/support/subscribe/`: redirect to the payment page. Without a token, or by GET after sign-in, ask first."""
    user = request.user
    form = SubscriptionForm(request.POST if request.method == "POST" else request.GET, offer=Offer.objects.get())
    if not form.is_valid():
        return render(request, "subscriptions/subscribe.html", {"form": form, "valid": False}, status=422)
    if not user.is_authenticated:
        here = reverse("subscribe", query=form.query or None)
        return redirect(f"{reverse('account_signup')}?next={quote(here)}")
    context = {"form": form, "valid": True, "replaced": payment_page.replaceable(user)}
    if request.method == "POST" and has_valid_csrf_token(request):
        amount, interval = form.choice
        came_from = form.cleaned_data["came_from"]
        try:
            return see_other(
                payment_page.start_subscription(user, amount=amount, interval=interval, came_from=came_from)
            )
        except payment_page.AlreadySubscribed:
            return already_subscribed(request)
        except (Unreachable, Refused) as error:
            return not_now(request, "subscriptions/subscribe.html", context, error)
    if payment_page.is_subscribed(user):
        return already_subscribed(request)
    return render(request, "subscriptions/subscribe.html", context)


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def donate(request: HttpRequest) -> HttpResponse:
    """`/support/donate/`: redirect to the payment page.

    Show the form again without a token, with errors, with a card fee that was not shown yet, after a recent donation,
    and where too many are started (card_testing.py). By GET show what was typed before signing in.
    """
    typed = request.POST if request.method == "POST" else donating.saved_form(request)
    if typed is None:
        return redirect(reverse("support") + "#give")
    form = DonationForm(typed, offer=Offer.objects.get())
    valid = form.is_valid()
    context: dict[str, Any] = {"form": form, "valid": valid}
    if not valid:
        return render(request, "subscriptions/donate.html", context, status=422)
    confirmed = request.method == "POST" and has_valid_csrf_token(request)
    if not (confirmed and form.total_was_seen and form.cleaned_data["form_id"]):
        return render(request, "subscriptions/donate.html", context)
    if form.is_too_fast:
        return render(request, "subscriptions/donate.html", {**context, "too_fast": True})
    user = request.user if request.user.is_authenticated else None
    try:
        if last := donating.recent_donation(request, form, user):
            return render(request, "subscriptions/donate.html", {**context, "last": last})
        donation = donating.start_donation(
            form, user, network=client_network.client_network_hash(request, purpose=card_testing.NETWORK_HASH_PURPOSE)
        )
        response = see_other(payment_page.payment_page(donation) or payment_page.thanks_url(donation))
    except card_testing.RateLimited as limited:
        form.add_error(None, str(limited))
        donating.save_typed_form(request, form)
        context |= {"valid": False, "too_many": True}
        response = render(request, "subscriptions/donate.html", context, status=429)
        response["Retry-After"] = str(limited.seconds)
        return response
    except card_testing.SignInRequired as required:
        donating.save_typed_form(request, form)
        return render(request, "subscriptions/sign_in_required.html", {**context, "until": required.until}, status=403)
    except (Unreachable, Refused) as error:
        return not_now(request, "subscriptions/donate.html", context, error)
    donating.remember_donation(request, response, donation)
    return response


@private
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """`/support/thanks/?checkout=…`: the outcome. Asks Stripe if no event has told us yet.

    The address does not prove who reads it: the page shows the amount, and nothing about the person.
    """
    try:
        public_id = uuid.UUID(request.GET.get("checkout", ""))
    except ValueError:
        return redirect("support")
    checkout = get_object_or_404(Checkout, public_id=public_id)
    if checkout.status in Checkout.UNSETTLED and checkout.stripe_session_id:
        try:
            with calling_stripe():
                checkout = apply_session(checkout.stripe_session_id, cause="return")
        except (Unreachable, Refused):
            return render(request, "subscriptions/thanks.html", {"checkout": checkout, "unknown": True})
    return render(request, "subscriptions/thanks.html", {"checkout": checkout})
