"""The supporter's part of the overlay."""

from typing import Any

from django.http import HttpRequest

from subscriptions.checkout import card_testing
from subscriptions.models import Subscription


def overlay(request: HttpRequest) -> dict[str, Any]:
    """`supporter`: whether what supporters get is open to this person; `gift`: the id of a form to give with."""
    person = request.user
    supporter = person.is_authenticated and Subscription.objects.entitling().filter(user=person).exists()
    return {"supporter": supporter, "gift": card_testing.new_form()}
