"""Asking for support, taking people to Stripe and back, and Stripe's events."""

import uuid
from contextlib import suppress
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.http import client_network
from newsroom.http.cache_headers import holds_until, private, public, shows
from newsroom.http.csrf import has_valid_token
from newsroom.models import User
from subscriptions import card_testing, giving, inbox, stripe_api
from subscriptions import checkout as checkouts
from subscriptions.appeals import Appeal
from subscriptions.forms import DonationForm
from subscriptions.models import Checkout, LedgerEntry, Offer, Subscription
from subscriptions.origins import origin
from subscriptions.transitions import apply_session, apply_subscription

LARGEST_EVENT = 1_000_000  # bytes


@public
@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """`/support/`: why, the two ways, and the appeals."""
    form = DonationForm(offer=Offer.objects.get())
    shows(request, "support")
    _holds_until_appeals_end(request, form.appeals)
    return render(request, "subscriptions/support.html", {"form": form})


@public
@require_safe
def appeal(request: HttpRequest, slug: str) -> HttpResponse:
    """`/support/appeals/<slug>/`: a special report, how far it has come, and the form to give to it."""
    found = get_object_or_404(Appeal.objects.with_progress(), slug=slug, on_site=True)
    form = DonationForm(offer=Offer.objects.get(), initial={"appeal": found.slug})
    shows(request, "support")
    _holds_until_appeals_end(request, [found])
    return render(request, "subscriptions/appeal.html", {"appeal": found, "form": form})


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """`/support/subscribe/`: to the payment page. Without a token, or by GET after signing in, a page to confirm."""
    user = request.user
    came_from = origin(request.POST.get("came_from") or request.GET.get("came_from"))
    if not user.is_authenticated:
        here = reverse("subscribe", query={"came_from": came_from} if came_from else None)
        return redirect(f"{reverse('account_signup')}?next={quote(here)}")
    if request.method == "POST" and has_valid_token(request):
        try:
            return _see_other(checkouts.start_subscription(user, came_from=came_from))
        except checkouts.AlreadySubscribed:
            return _already(request)
        except (stripe_api.Unreachable, stripe_api.Refused) as error:
            return _not_now(request, "subscriptions/subscribe.html", {"came_from": came_from}, error)
    if Subscription.objects.live().filter(user=user).exists():
        return _already(request)
    return render(request, "subscriptions/subscribe.html", {"came_from": came_from})


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def donate(request: HttpRequest) -> HttpResponse:
    """`/support/donate/`: to the payment page. The form again without a token, with what cannot be, with a fee on top
    that was not shown yet, after another gift a moment ago, and from where too many are begun (card_testing.py).

    By GET what was typed before signing in.
    """
    typed = request.POST if request.method == "POST" else giving.kept(request)
    if typed is None:
        return redirect(reverse("support") + "#give")
    form = DonationForm(typed, offer=Offer.objects.get())
    valid = form.is_valid()
    context: dict[str, Any] = {"form": form, "valid": valid}
    if not valid:
        return render(request, "subscriptions/donate.html", context, status=422)
    confirmed = request.method == "POST" and has_valid_token(request)
    if not (confirmed and form.total_was_seen and form.cleaned_data["form_id"]):
        return render(request, "subscriptions/donate.html", context)
    if form.is_too_fast:
        return render(request, "subscriptions/donate.html", {**context, "too_fast": True})
    user = request.user if request.user.is_authenticated else None
    try:
        if last := giving.just_given(request, form, user):
            return render(request, "subscriptions/donate.html", {**context, "last": last})
        gift = giving.start(form, user, network=client_network.network_of(request, purpose=card_testing.NETWORK))
        response = _see_other(checkouts.payment_page(gift) or checkouts.thanks_url(gift))
    except card_testing.TooMany as refused:
        form.add_error(None, str(refused))
        giving.keep(request, form)
        context |= {"valid": False, "too_many": True}
        response = render(request, "subscriptions/donate.html", context, status=429)
        response["Retry-After"] = str(refused.seconds)
        return response
    except card_testing.SignInFirst as asked:
        giving.keep(request, form)
        return render(request, "subscriptions/sign_in_first.html", {**context, "until": asked.until}, status=403)
    except (stripe_api.Unreachable, stripe_api.Refused) as error:
        return _not_now(request, "subscriptions/donate.html", context, error)
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
        except (stripe_api.Unreachable, stripe_api.Refused):
            return render(request, "subscriptions/thanks.html", {"checkout": checkout, "unknown": True})
    return render(request, "subscriptions/thanks.html", {"checkout": checkout})


@private
@login_required
def manage(request: HttpRequest) -> HttpResponse:
    """`/support/manage/`: by POST to Stripe's portal, for card, invoices and cancelling, or straight `to` one of these.

    GET comes after signing in.
    """
    if request.method != "POST":
        return redirect("account")
    customer = getattr(request.user, "customer", None)
    if customer is None or customer.stripe_id is None:
        return redirect("account")
    to = request.POST.get("to")
    running = Subscription.objects.filter(user=customer.user, status="active", cancel_at=None).first()
    try:
        address = stripe_api.create_portal_session(
            customer.stripe_id,
            settings.SITE_URL + reverse("back_from_portal"),
            card=to == "card",
            cancel=running.stripe_id if running and to == "cancel" else None,
        )
        return _see_other(address)
    except (stripe_api.Unreachable, stripe_api.Refused) as error:
        return _not_now(request, "subscriptions/portal_not_now.html", {}, error)


@private
@login_required
@require_safe
def back_from_portal(request: HttpRequest) -> HttpResponse:
    """`/support/manage/back/`: what was changed there is fetched at once, as the webhook may come a moment later."""
    for subscription in Subscription.objects.live().filter(user=cast(User, request.user)):
        with suppress(stripe_api.Unreachable, stripe_api.Refused):
            apply_subscription(subscription.stripe_id, cause="return")
    return redirect("account")


@private
@login_required
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """`/support/receipts/<id>/`: on to Stripe's own page about one's payment."""
    person = cast(User, request.user)
    own = LedgerEntry.objects.filter(Q(subscription__user=person) | Q(donation__user=person))
    entry = get_object_or_404(own, pk=pk, kind=LedgerEntry.Kind.PAYMENT)
    try:
        address = stripe_api.retrieve_payment(entry.stripe_id).receipt
    except (stripe_api.Unreachable, stripe_api.Refused) as error:
        return _not_now(request, "subscriptions/portal_not_now.html", {}, error)
    return redirect(address or "account")


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
    """`supporter`: whether what supporters get is open to this person; `gift`: the id of a form to give with."""
    person = request.user
    supporter = person.is_authenticated and Subscription.objects.entitling().filter(user=person).exists()
    return {"supporter": supporter, "gift": card_testing.new_form()}


def _holds_until_appeals_end(request: HttpRequest, appeals: list[Appeal]) -> None:
    ends = [appeal.ends_at for appeal in appeals if appeal.ends_at and appeal.is_accepting]
    if ends:
        holds_until(request, min(ends))


def _already(request: HttpRequest) -> HttpResponse:
    messages.info(request, "You are already a subscriber: nothing was charged. How it stands is below.")
    return redirect("account")


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _not_now(request: HttpRequest, template: str, context: dict[str, Any], error: Exception) -> HttpResponse:
    """503 with the same form: nothing was charged and nothing typed is lost."""
    ours = isinstance(error, stripe_api.Refused)
    return render(request, template, {**context, "not_now": True, "our_mistake": ours}, status=503)
