"""The person's overlay: the one small private request that a public page makes for somebody who is signed in.

Each app adds its part through settings.OVERLAY_PARTS.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from newsroom.http.cache_headers import private


@private
@require_safe
def overlay(request: HttpRequest) -> HttpResponse:
    """Return JSON: the CSRF `token` for the page's forms, and what each part says of the person."""
    data: dict[str, Any] = {"token": get_token(request)}
    for path in settings.OVERLAY_PARTS:
        data |= import_string(path)(request)
    return JsonResponse(data)


def person(request: HttpRequest) -> dict[str, Any]:
    """Return `name`, how to greet the person who is signed in (or None), `named`, True if they gave it, and `staff`."""
    if not request.user.is_authenticated:
        return {"name": None, "named": False, "staff": False}
    return {"name": str(request.user), "named": bool(request.user.name), "staff": request.user.is_staff}
