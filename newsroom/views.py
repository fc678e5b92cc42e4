"""The outlet's own pages: health, files, errors."""

import sys
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.static import serve

from newsroom.http.cache_headers import private
from newsroom.http.security_headers import PICTURE_POLICY
from newsroom.models import Advertisement, AdvertisementClicks


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while the site can do its work, that is, while the database answers; else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


PHOTOS = {
    **{".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".png": "image/png"},
    **{".webp": "image/webp", ".avif": "image/avif"},
}


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A stored photo. Its name is never given to another file, so it may be kept for ever.

    Only what Pillow wrote is ever stored there; the types that it writes are the only ones sent.
    """
    kind = PHOTOS.get(Path(path).suffix)
    if kind is None:
        raise Http404(path)
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError:  # a name that no file can have
        raise Http404(path) from None
    response["Content-Type"] = kind
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@private
def token_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old: what to do, in words."""
    return render(request, "newsroom/csrf_failure.html", status=403)


@private
@require_safe
def follow_advertisement(request: HttpRequest, pk: int) -> HttpResponse:
    """`/out/<id>/`: on to the advertiser, and one click more today. Nothing is kept of who it was.

    Not counted is what nobody has asked to see: a browser that looks ahead, or a HEAD request.
    """
    advertisement = get_object_or_404(Advertisement.objects.exclude(url=""), pk=pk)
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if request.method == "GET" and not ahead:
        AdvertisementClicks.add(advertisement, timezone.localdate())
    return redirect(advertisement.url)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 while the database is away, which mends itself. Neither page asks the database, or who is reading."""
    away = isinstance(sys.exc_info()[1], OperationalError)
    response = HttpResponse(render_to_string("503.html" if away else "500.html"), status=503 if away else 500)
    response["Cache-Control"] = "no-store"
    if away:
        response["Retry-After"] = "30"
    return response
