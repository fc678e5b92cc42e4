"""Asking for support, taking people to Stripe and back, and Stripe's events."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.caching import private, public
from newsroom.forms import has_valid_token
from subscriptions import checkout as checkouts
from subscriptions import inbox, money, stripe_api
from subscriptions.forms import DonationForm
from subscriptions.models import Checkout, Offer, Subscription
from subscriptions.transitions import apply_session

LARGEST_EVENT = 1_000_000  # bytes


@public
@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """`/support/`: why, and the two ways."""
    return render(request, "subscriptions/support.html")


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """`/support/subscribe/`: to the payment page. Without a token, or by GET after signing in, a page to confirm."""
    user = request.user
    if not user.is_authenticated:
        return redirect(f"{reverse('account_signup')}?next={reverse('subscribe')}")
    if request.method == "POST" and has_valid_token(request):
        try:
            return _see_other(checkouts.start_subscription(user))
        except checkouts.AlreadySubscribed:
            return redirect("account")
        except (stripe_api.Unreachable, stripe_api.Refused) as error:
            return _not_now(request, "subscriptions/subscribe.html", {}, error)
    if Subscription.objects.live().filter(user=user).exists():
        return redirect("account")
    return render(request, "subscriptions/subscribe.html")


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def donate(request: HttpRequest) -> HttpResponse:
    """`/support/donate/`: to the payment page; without a token, or with an amount that cannot be, the form again."""
    if request.method != "POST":
        return redirect(reverse("support") + "#give")
    offer = Offer.objects.get()
    form = DonationForm(request.POST, offer=offer)
    confirmed = has_valid_token(request)
    valid = form.is_valid()
    context: dict[str, Any] = {"form": form, "offer": offer, "form_id": _form_id(form)}
    if valid:
        context["amount"] = money.display(form.cleaned_data["minor"], offer.currency)
    if not (confirmed and valid):
        return render(request, "subscriptions/donate.html", context, status=200 if valid else 422)
    checkout = checkouts.start_donation(
        form_id=form.cleaned_data["form_id"],
        user=request.user if request.user.is_authenticated else None,
        amount=form.cleaned_data["minor"],
        currency=offer.currency,
    )
    try:
        return _see_other(checkouts.payment_page(checkout) or checkouts.thanks_url(checkout))
    except (stripe_api.Unreachable, stripe_api.Refused) as error:
        return _not_now(request, "subscriptions/donate.html", context, error)


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
        except (stripe_api.Unreachable, stripe_api.Refused):
            return render(request, "subscriptions/thanks.html", {"checkout": checkout, "unknown": True})
    return render(request, "subscriptions/thanks.html", {"checkout": checkout})


@private
@login_required
def manage(request: HttpRequest) -> HttpResponse:
    """`/support/manage/`: by POST to Stripe's portal, for card, invoices and cancelling. GET comes after signing in."""
    if request.method != "POST":
        return redirect("account")
    customer = getattr(request.user, "customer", None)
    if customer is None or customer.stripe_id is None:
        return redirect("account")
    try:
        return _see_other(
            stripe_api.create_portal_session(customer.stripe_id, request.build_absolute_uri(reverse("account")))
        )
    except (stripe_api.Unreachable, stripe_api.Refused) as error:
        return _not_now(request, "subscriptions/portal_not_now.html", {}, error)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """`/stripe/webhook/`: 200 once the event is stored (or was before), 400 if it is none that Stripe signed."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_EVENT:
        return HttpResponse("Too large.\n", content_type="text/plain", status=413)
    try:
        inbox.receive(request.body, request.headers.get("Stripe-Signature", ""))
    except stripe_api.BadEvent:
        return HttpResponse("This is no event that Stripe signed.\n", content_type="text/plain", status=400)
    return HttpResponse("stored\n", content_type="text/plain")


def overlay(request: HttpRequest) -> dict[str, Any]:
    """`supporter`: whether what supporters get is open to this person."""
    if not request.user.is_authenticated:
        return {"supporter": False}
    return {"supporter": Subscription.objects.entitling().filter(user=request.user).exists()}


def _form_id(form: DonationForm) -> uuid.UUID:
    """The form's own id, or a new one for the page that is shown now: the public page's form has none."""
    return form.cleaned_data.get("form_id") or uuid.uuid4()


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _not_now(request: HttpRequest, template: str, context: dict[str, Any], error: Exception) -> HttpResponse:
    """503 with the same form: nothing was charged and nothing typed is lost."""
    ours = isinstance(error, stripe_api.Refused)
    return render(request, template, {**context, "not_now": True, "our_mistake": ours}, status=503)
