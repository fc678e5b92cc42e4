"""Responses that several of these views share."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from subscriptions.stripe.errors import Refused


def already_subscribed(request: HttpRequest) -> HttpResponse:
    messages.info(request, "You are already a subscriber: nothing was charged. How it stands is below.")
    return redirect("account")


def see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def not_now(request: HttpRequest, template: str, context: dict[str, Any], error: Exception) -> HttpResponse:
    """Return the same page with status 503: nothing was charged and nothing typed is lost."""
    context = {**context, "not_now": True, "our_mistake": isinstance(error, Refused)}
    return render(request, template, context, status=503)
