"""The person's overlay: the one small private request that a public page makes when somebody is there.

Each app adds its part through settings.OVERLAY_PARTS, so that none has to know the others.
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
    """JSON: `token` for the page's forms, and what each part says of the person (see the parts)."""
    answer: dict[str, Any] = {"token": get_token(request)}
    for path in settings.OVERLAY_PARTS:
        answer |= import_string(path)(request)
    return JsonResponse(answer)


def person(request: HttpRequest) -> dict[str, Any]:
    """`name`: how to greet the person who is signed in, or null; `named`: whether that is a name they have given."""
    if not request.user.is_authenticated:
        return {"name": None, "named": False}
    return {"name": str(request.user), "named": bool(request.user.name)}
