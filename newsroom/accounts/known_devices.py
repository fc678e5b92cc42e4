"""A cookie by which a browser is known in which somebody has signed in before."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

DEVICE = f"{settings.COOKIE_PREFIX}device"  # a cookie: somebody has signed in here before, and may guess in peace
DEVICE_AGE = 365 * 24 * 3600


def device_salt(email: str) -> str:
    return f"newsroom.device:{email.lower()}"


def known_device(request: HttpRequest, email: str) -> str:
    """The number of the device that this request comes from, if this person has signed in on it; else nothing."""
    try:
        return str(signing.loads(request.COOKIES.get(DEVICE, ""), salt=device_salt(email), max_age=DEVICE_AGE))
    except signing.BadSignature:
        return ""
