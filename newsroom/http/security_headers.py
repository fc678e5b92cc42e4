"""What every answer carries, whatever made it: a page, a file, an error."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# What no page here asks for, and what would tell most of a person. No script but ours runs that could ask.
_NOBODYS = ["browsing-topics", "camera", "geolocation", "microphone", "payment", "usb"]

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOBODYS),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# A stored picture is nothing else, even if somebody could make it a page.
PICTURE_POLICY = "default-src 'none'; sandbox"
# What these look like. A broken one is none: Django would answer it, on a public page too, with a new cookie.
COOKIES = {
    settings.SESSION_COOKIE_NAME: r"[a-z0-9]{32}",
    settings.CSRF_COOKIE_NAME: r"[A-Za-z0-9]{32}|[A-Za-z0-9]{64}",
}


class SecurityHeadersMiddleware:
    """The outermost. What an answer says of itself stays; what says nothing of who may keep it is kept by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name, form in COOKIES.items():
            if name in request.COOKIES and not re.fullmatch(form, request.COOKIES[name]):
                del request.COOKIES[name]
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("image/"):  # feed readers show them
            response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response or (response.cookies and "public" in response["Cache-Control"]):
            for name in ("Cache-Control", "Surrogate-Control"):
                response.headers.pop(name, None)
            patch_cache_control(response, private=True, no_store=True)
        return response
