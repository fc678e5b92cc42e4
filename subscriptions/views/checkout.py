"""From the button to the payment page, and back."""

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
from subscriptions.checkout import card_testing
from subscriptions.checkout import donate as giving
from subscriptions.checkout import payment_page as checkouts
from subscriptions.checkout.forms import DonationForm
from subscriptions.models import Checkout, Offer, Subscription
from subscriptions.referrer import referring_article
from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.sync.apply import apply_session
from subscriptions.views.responses import already_subscribed, not_now, see_other


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """`/support/subscribe/`: to the payment page. Without a token, or by GET after signing in, a page to confirm."""
    user = request.user
    came_from = referring_article(request.POST.get("came_from") or request.GET.get("came_from"))
    if not user.is_authenticated:
        here = reverse("subscribe", query={"came_from": came_from} if came_from else None)
        return redirect(f"{reverse('account_signup')}?next={quote(here)}")
    if request.method == "POST" and has_valid_csrf_token(request):
        try:
            return see_other(checkouts.start_subscription(user, came_from=came_from))
        except checkouts.AlreadySubscribed:
            return already_subscribed(request)
        except (Unreachable, Refused) as error:
            return not_now(request, "subscriptions/subscribe.html", {"came_from": came_from}, error)
    if Subscription.objects.live().filter(user=user).exists():
        return already_subscribed(request)
    return render(request, "subscriptions/subscribe.html", {"came_from": came_from})


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def donate(request: HttpRequest) -> HttpResponse:
    """`/support/donate/`: to the payment page. The form again without a token, with what cannot be, with a fee on top
    that was not shown yet, after another gift a moment ago, and from where too many are begun (card_testing.py).

    By GET what was typed before signing in.
    """
    typed = request.POST if request.method == "POST" else giving.typed_before(request)
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
        if last := giving.recent_donation(request, form, user):
            return render(request, "subscriptions/donate.html", {**context, "last": last})
        gift = giving.start_donation(
            form, user, network=client_network.client_network_hash(request, purpose=card_testing.NETWORK)
        )
        response = see_other(checkouts.payment_page(gift) or checkouts.thanks_url(gift))
    except card_testing.TooMany as refused:
        form.add_error(None, str(refused))
        giving.keep_typed(request, form)
        context |= {"valid": False, "too_many": True}
        response = render(request, "subscriptions/donate.html", context, status=429)
        response["Retry-After"] = str(refused.seconds)
        return response
    except card_testing.SignInFirst as asked:
        giving.keep_typed(request, form)
        return render(request, "subscriptions/sign_in_required.html", {**context, "until": asked.until}, status=403)
    except (Unreachable, Refused) as error:
        return not_now(request, "subscriptions/donate.html", context, error)
    giving.remember(request, response, gift)
    return response


@private
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """`/support/thanks/?checkout=…`: what came of it. Asks Stripe if the webhook has not told us yet.

    The address proves nothing about who reads it: the page says the amount, and nothing of the person.
    """
    try:
        public_id = uuid.UUID(request.GET.get("checkout", ""))
    except ValueError:
        return redirect("support")
    checkout = get_object_or_404(Checkout, public_id=public_id)
    if checkout.status in (Checkout.Status.OPEN, Checkout.Status.WAITING) and checkout.stripe_session_id:
        try:
            checkout = apply_session(checkout.stripe_session_id, cause="return")
        except (Unreachable, Refused):
            return render(request, "subscriptions/thanks.html", {"checkout": checkout, "unknown": True})
    return render(request, "subscriptions/thanks.html", {"checkout": checkout})
