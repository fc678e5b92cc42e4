"""What programs ask a site for at fixed addresses: crawlers, advertisers, those who found a weakness, home screens."""

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

NOT_FOR_CRAWLERS = ("admin", "account", "accounts", "articles/preview", "out", "overlay", "search", "support/thanks")
SITEMAPS = ("/sitemap.xml", "/news-sitemap.xml")
# ads.txt of an outlet that lets nobody sell its space: so the Interactive Advertising Bureau writes it (version 1.1).
NO_SELLER = "placeholder.example.com, placeholder, DIRECT, placeholder"


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`"""
    lines = ["User-agent: *", *(f"Disallow: /{path}/" for path in NOT_FOR_CRAWLERS), ""]
    return _text(lines + [f"Sitemap: {settings.SITE_URL}{path}" for path in SITEMAPS])


@public
@require_safe
def ads(request: HttpRequest) -> HttpResponse:
    """`/ads.txt`"""
    return _text((Outlet.objects.get().ads_txt.strip() or NO_SELLER).splitlines())


@public
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """`/.well-known/security.txt` (RFC 9116). Each month's first day moves its end on, so it never ends unseen."""
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
    """`/manifest.webmanifest`: how the site looks on a telephone's home screen."""
    outlet = Outlet.objects.get()
    icons = [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    icons += [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")  # the leaf keeps clear of the edge that is cut off
    ]
    answer = {
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
    return JsonResponse(answer, content_type="application/manifest+json")


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """`/favicon.ico`: for those who ask without having read the page."""
    return HttpResponsePermanentRedirect(static("img/icon-192.png"))


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
