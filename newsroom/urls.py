from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from newsroom import account, machines, views
from newsroom.overlay import overlay

handler500 = "newsroom.views.server_error"

urlpatterns = [
    # Pages of each app
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("", include("subscriptions.urls")),
    # /account/, /accounts/…
    path("account/", account.account, name="account"),
    path("account/badge/", account.badge, name="badge"),
    path("account/export/", account.export, name="export"),
    path("account/erase/", account.erase, name="erase"),
    path("account/erase/stop/", account.keep, name="keep_account"),
    path("account/erase/stop/<str:token>/", account.stop_erasure, name="stop_erasure"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", account.remove_passkey),  # before allauth's own
    path("accounts/", include("allauth.urls")),
    path("overlay/", overlay, name="overlay"),
    # /out/<id>/
    path("out/<int:pk>/", views.follow_advertisement, name="follow_advertisement"),
    # /admin/
    path("admin/", admin.site.urls),
    # For machines
    path("robots.txt", machines.robots, name="robots"),
    path("ads.txt", machines.ads, name="ads"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("manifest.webmanifest", machines.manifest, name="manifest"),
    path("favicon.ico", machines.favicon),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", views.media),
    # /about/ and the like. The last: whatever has a route of its own is not a page's address.
    path("", include("articles.page_urls")),
]
