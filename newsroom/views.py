"""Pages that belong to no app: health, media files, clicks on advertisements, errors."""

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
    """Return 200 while the process runs."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Return 200 while the database responds, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


MEDIA_TYPES = {
    **{".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".png": "image/png"},
    **{".webp": "image/webp", ".avif": "image/avif"},
}


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a stored photo. Its name is never given to another file, so it may be cached for ever.

    Only files that Pillow wrote are stored there, and only the types that it writes are served. It is not told when the
    file was written: that is when the photo was uploaded, perhaps long before the report.
    """
    kind = MEDIA_TYPES.get(Path(path).suffix)
    if kind is None:
        raise Http404(path)
    request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError:  # a name that no file can have
        raise Http404(path) from None
    del response["Last-Modified"]
    response["Content-Type"] = kind
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@private
def token_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain what to do when a form's CSRF token is missing or old, with status 403."""
    return render(request, "newsroom/csrf_failure.html", status=403)


@private
@require_safe
def follow_advertisement(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the advertiser, and count a click (`/out/<id>/`). Nothing is stored about who clicked.

    A browser's prefetch and a HEAD request do not count: nobody has asked to see the page.
    """
    advertisement = get_object_or_404(Advertisement.objects.exclude(url=""), pk=pk)
    is_prefetch = "prefetch" in request.headers.get("Sec-Purpose", "")
    if request.method == "GET" and not is_prefetch:
        AdvertisementClicks.add(advertisement, timezone.localdate())
    return redirect(advertisement.url)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500, or 503 while the database is down. Neither page queries the database or looks at the session."""
    is_down = isinstance(sys.exc_info()[1], OperationalError)
    response = HttpResponse(render_to_string("503.html" if is_down else "500.html"), status=503 if is_down else 500)
    response["Cache-Control"] = "no-store"
    if is_down:
        response["Retry-After"] = "30"
    return response
