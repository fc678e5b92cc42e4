"""Refunds and cancellations by staff, each with a page that asks first."""

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
from subscriptions.admin.forms import DeedForm, RefundForm
from subscriptions.admin.revenue import _plain
from subscriptions.models import LedgerEntry, Subscription
from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.stripe.payments import retrieve_payment


@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """`/admin/subscriptions/ledgerentry/<id>/refund/`: what will happen; by POST it does."""
    entry = get_object_or_404(LedgerEntry, pk=pk, kind=LedgerEntry.Kind.PAYMENT)
    person = _may_act(request)
    here = reverse("admin:subscriptions_ledgerentry_change", args=[pk])
    form = RefundForm(request.POST or None, entry=entry)
    context = {
        **admin.site.each_context(request),
        "title": "Give money back",
        "entry": entry,
        "form": form,
        "back": here,
    }
    given = form.cleaned_data if form.is_valid() else {}
    amount = given.get("amount")
    try:
        if given and amount == given["seen"]:
            deed = staff_actions.refund(
                entry, form_id=given["form_id"], amount=amount, reason=given["reason"], by=person
            )
            messages.success(request, f"Given back: {money.display(deed.amount, deed.currency)}.")
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
    form.initial["amount"] = _plain(payment.left, payment.currency)
    return render(request, "admin/subscriptions/refund.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """`/admin/subscriptions/subscription/<id>/cancel/`: the same for a subscription."""
    subscription = get_object_or_404(Subscription.objects.select_related("user"), pk=pk)
    person = _may_act(request)
    here = reverse("admin:subscriptions_subscription_change", args=[pk])
    if subscription.state == "ended":
        messages.info(request, "It has ended already.")
        return redirect(here)
    form = DeedForm(request.POST or None)
    context = {
        **admin.site.each_context(request),
        "title": "Cancel a subscription",
        "subscription": subscription,
        "form": form,
        "back": here,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "admin/subscriptions/cancel.html", context, status=422 if form.errors else 200)
    given = form.cleaned_data
    try:
        deed = staff_actions.cancel(
            subscription, form_id=given["form_id"], now=given["at_once"], reason=given["reason"], by=person
        )
    except (Unreachable, Refused) as error:
        return _not_done(request, "admin/subscriptions/cancel.html", context, error)
    messages.success(request, f"Done: {deed.get_kind_display()}.")
    return redirect(here)


def _may_act(request: HttpRequest) -> User:
    if not request.user.has_perm("subscriptions.add_staffaction"):
        raise PermissionDenied
    return cast(User, request.user)


def _not_done(request: HttpRequest, template: str, context: dict[str, Any], error: Exception) -> HttpResponse:
    """The same form with the same id: sent again, it is the same deed."""
    refused = str(error) if isinstance(error, Refused) else ""
    return render(request, template, {**context, "not_done": True, "refused": refused}, status=409 if refused else 503)
