"""What is done around every request."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found

SIGNED_IN_HINT = (
    "somebody"  # a cookie without content that tells the pages' script, and a cache, that somebody is signed in
)


class SignedInHintMiddleware:
    """Keeps the cookie `somebody` in step with the session, on answers that looked at the session anyway.

    Public pages never look at it: they set no cookie, and are the same for everyone.
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
    """With DEBUG on, the readers' 404 page instead of Django's list of patterns: one tries what they will see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and not request.path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            return page_not_found(request, Exception())
        return response
