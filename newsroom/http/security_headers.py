"""Security headers of every response: pages, files, errors."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# Features that no page of ours uses, switched off for all scripts
_UNUSED_FEATURES = ["browsing-topics", "camera", "geolocation", "microphone", "payment", "usb"]

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED_FEATURES),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# A stored picture is never rendered as a page, even if somebody managed to upload one.
PICTURE_POLICY = "default-src 'none'; sandbox"
# {cookie: pattern}. A malformed cookie is ignored: Django would replace it, on a public page too.
COOKIE_PATTERNS = {
    settings.SESSION_COOKIE_NAME: r"[a-z0-9]{32}",
    settings.CSRF_COOKIE_NAME: r"[A-Za-z0-9]{32}|[A-Za-z0-9]{64}",
}


class SecurityHeadersMiddleware:
    """The outermost middleware. A response keeps headers of its own; one without Cache-Control is stored by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name, pattern in COOKIE_PATTERNS.items():
            if name in request.COOKIES and not re.fullmatch(pattern, request.COOKIES[name]):
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
