"""Marks a browser in which somebody has signed in, so that guesses elsewhere never lock its owner out."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

DEVICE = f"{settings.COOKIE_PREFIX}device"  # the cookie's name
DEVICE_AGE = 365 * 24 * 3600  # seconds


def device_salt(email: str) -> str:
    """Return the salt that ties the cookie to one account."""
    return f"newsroom.device:{email.lower()}"


def known_device(request: HttpRequest, email: str) -> str:
    """Return the id of the request's device if this person has signed in on it; else an empty text."""
    try:
        return str(signing.loads(request.COOKIES.get(DEVICE, ""), salt=device_salt(email), max_age=DEVICE_AGE))
    except signing.BadSignature:
        return ""
