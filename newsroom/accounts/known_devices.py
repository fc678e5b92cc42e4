"""Marks a browser in which somebody has signed in, so that guesses elsewhere never lock its owner out.

The cookie is a random number and a hash that ties it to one account. It tells neither whose the browser is, nor when
they signed in.
"""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from newsroom.email_addresses import normalize_email
from newsroom.keyed_hash import keyed_hashes

DEVICE = f"{settings.COOKIE_PREFIX}device"  # the cookie's name
DEVICE_AGE = 365 * 24 * 3600  # seconds


def mark_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let the browser be known as this person's from now on."""
    if known_device(request, email):
        return
    number = secrets.token_hex(8)
    response.set_cookie(
        DEVICE,
        f"{number}{_hashes(number, email)[0]}",
        max_age=DEVICE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def known_device(request: HttpRequest, email: str) -> str:
    """Return the number of the request's device if this person has signed in on it; else an empty text."""
    cookie = request.COOKIES.get(DEVICE, "")
    number, given = cookie[:16], cookie[16:]
    return number if any(constant_time_compare(given, one) for one in _hashes(number, email)) else ""


def _hashes(number: str, email: str) -> list[str]:
    return [hashed[:32] for hashed in keyed_hashes("newsroom.device", f"{number}:{normalize_email(email)}")]
