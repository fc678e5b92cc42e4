"""The pages for refunds and cancellations, each of which asks first."""

from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from newsroom.models import User
from subscriptions import money, staff_actions
from subscriptions.admin.forms import RefundForm, StaffActionForm
from subscriptions.models import LedgerEntry, Subscription
from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.stripe.payments import retrieve_payment


@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """`/admin/subscriptions/ledgerentry/<id>/refund/`: say what will happen; by POST, do it."""
    entry = get_object_or_404(LedgerEntry, pk=pk, kind=LedgerEntry.Kind.PAYMENT)
    person = require_permission(request)
    here = reverse("admin:subscriptions_ledgerentry_change", args=[pk])
    if entry.donation and entry.donation.is_by_hand:
        messages.info(request, "Stripe knows nothing of this gift: it was recorded by hand. Correct it instead.")
        return redirect(here)
    form = RefundForm(request.POST or None, entry=entry)
    context = {
        **admin.site.each_context(request),
        "title": "Give money back",
        "entry": entry,
        "form": form,
        "back": here,
    }
    typed = form.cleaned_data if form.is_valid() else {}
    amount = typed.get("amount")
    try:
        if typed and amount == typed["seen"]:
            action = staff_actions.refund(
                entry, form_id=typed["form_id"], amount=amount, reason=typed["reason"], by=person
            )
            messages.success(request, f"Given back: {money.display(action.amount, action.currency)}.")
            return redirect(here)
        payment = retrieve_payment(entry.stripe_id)
    except (Unreachable, Refused) as error:
        return _not_done(request, "admin/subscriptions/refund.html", context, error)
    show = partial(money.display, currency=payment.currency)
    if amount and amount > payment.left:
        form.add_error("amount", f"Only {show(payment.left)} is left of this payment.")
    going = amount if amount and not form.errors else payment.left
    context |= {
        "left": payment.left,
        "going": going,
        "shown_going": show(going),
        "shown_left": show(payment.left),
        "shown_refunded": show(payment.refunded) if payment.refunded else "",
    }
    form.initial["amount"] = money.plain(payment.left, payment.currency)
    return render(request, "admin/subscriptions/refund.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """`/admin/subscriptions/subscription/<id>/cancel/`: say what will happen; by POST, do it."""
    subscription = get_object_or_404(Subscription.objects.select_related("user"), pk=pk)
    person = require_permission(request)
    here = reverse("admin:subscriptions_subscription_change", args=[pk])
    if subscription.state == Subscription.State.ENDED:
        messages.info(request, "It has ended already.")
        return redirect(here)
    form = StaffActionForm(request.POST or None)
    context = {
        **admin.site.each_context(request),
        "title": "Cancel a subscription",
        "subscription": subscription,
        "form": form,
        "back": here,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "admin/subscriptions/cancel.html", context, status=422 if form.errors else 200)
    typed = form.cleaned_data
    try:
        action = staff_actions.cancel(
            subscription, form_id=typed["form_id"], now=typed["at_once"], reason=typed["reason"], by=person
        )
    except (Unreachable, Refused) as error:
        return _not_done(request, "admin/subscriptions/cancel.html", context, error)
    messages.success(request, f"Done: {action.get_kind_display()}.")
    return redirect(here)


def require_permission(request: HttpRequest) -> User:
    """Return the person, who may move money and record it. Raises PermissionDenied."""
    if not request.user.has_perm("subscriptions.add_staffaction"):
        raise PermissionDenied
    return cast(User, request.user)


def _not_done(request: HttpRequest, template: str, context: dict[str, Any], error: Exception) -> HttpResponse:
    """Show the same form with the same id: sent again, it is the same action."""
    refused = str(error) if isinstance(error, Refused) else ""
    return render(request, template, {**context, "not_done": True, "refused": refused}, status=409 if refused else 503)
