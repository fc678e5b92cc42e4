"""Answers that several of these views give."""

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
    """503 with the same form: nothing was charged and nothing typed is lost."""
    ours = isinstance(error, Refused)
    return render(request, template, {**context, "not_now": True, "our_mistake": ours}, status=503)
