"""Middleware: the cookie that hints at a sign-in, and the 404 page in development."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found

# A cookie without content: it tells the pages' script and the cache in front that somebody is signed in.
SIGNED_IN_HINT = "somebody"


class SignedInHintMiddleware:
    """Updates the cookie `somebody` from the session, on responses of views that read the session anyway.

    Public pages never read it: they set no cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed:
            signed_in = SESSION_KEY in request.session
            if signed_in and SIGNED_IN_HINT not in request.COOKIES:
                response.set_cookie(
                    SIGNED_IN_HINT,
                    "1",
                    max_age=settings.SESSION_COOKIE_AGE,
                    secure=settings.SESSION_COOKIE_SECURE,
                    samesite="Lax",
                )
            elif not signed_in and SIGNED_IN_HINT in request.COOKIES:
                response.delete_cookie(SIGNED_IN_HINT, samesite="Lax")
        return response


class NotFoundPageMiddleware:
    """Shows the readers' 404 page with DEBUG on too, instead of Django's list of URL patterns."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and not request.path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            return page_not_found(request, Exception())
        return response
