"""The supporter's part of the private overlay request."""

from typing import Any

from django.http import HttpRequest

from subscriptions.checkout import card_testing
from subscriptions.models import Subscription


def overlay(request: HttpRequest) -> dict[str, Any]:
    """Return `supporter`, True if this person has access, and `gift`, the id of a new donation form."""
    person = request.user
    supporter = person.is_authenticated and Subscription.objects.entitling().filter(user=person).exists()
    return {"supporter": supporter, "gift": card_testing.new_form_id()}
