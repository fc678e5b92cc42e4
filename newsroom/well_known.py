"""Files that programs request at well-known addresses: robots.txt, ads.txt, security.txt, manifest, favicon."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom import logo
from newsroom.http.cache_headers import public
from newsroom.models import Outlet

DISALLOWED = ("admin", "account", "accounts", "articles/preview", "out", "overlay", "search", "support/thanks")
SITEMAPS = ("/sitemap.xml", "/news-sitemap.xml")
# The ads.txt of an outlet whose space nobody sells, as the Interactive Advertising Bureau prescribes (version 1.1)
NO_SELLER = "placeholder.example.com, placeholder, DIRECT, placeholder"


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Serve `/robots.txt`."""
    lines = ["User-agent: *", *(f"Disallow: /{path}/" for path in DISALLOWED), ""]
    return _text(lines + [f"Sitemap: {settings.SITE_URL}{path}" for path in SITEMAPS])


@public
@require_safe
def ads(request: HttpRequest) -> HttpResponse:
    """Serve `/ads.txt`."""
    return _text((Outlet.objects.get().ads_txt.strip() or NO_SELLER).splitlines())


@public
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Serve `/.well-known/security.txt` (RFC 9116). It expires in six months, counted anew from each month's first."""
    outlet = Outlet.objects.get()
    contact = outlet.security_contact or outlet.contact_email
    if not contact:
        raise Http404("Nobody to write to.")
    today = timezone.now().astimezone(UTC)
    months = today.month + 6
    expires = datetime(today.year + (months > 12), months - 12 * (months > 12), 1, tzinfo=UTC)
    return _text(
        [
            f"Contact: mailto:{contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            f"Canonical: {settings.SITE_URL}{reverse('security')}",
            "Preferred-Languages: en, ur",
        ]
    )


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Serve `/manifest.webmanifest`: the site's name and icons on a phone's home screen."""
    outlet = Outlet.objects.get()
    icons = [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    icons += [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")  # the leaf keeps clear of the edge that is cut off
    ]
    data = {
        "name": outlet.name,
        "short_name": outlet.name[:30],
        "description": outlet.tagline,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "lang": "en",
        "background_color": logo.PAPER,
        "theme_color": logo.PAPER,
        "categories": ["news"],
        "icons": icons,
    }
    return JsonResponse(data, content_type="application/manifest+json")


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect `/favicon.ico` to the icon, for programs that have not read the page."""
    return HttpResponsePermanentRedirect(static("img/icon-192.png"))


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
