from allauth.account.views import email, password_set
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from newsroom import views, well_known
from newsroom.accounts import views as account
from newsroom.accounts.overlay import overlay
from newsroom.accounts.reauthentication import reauthentication_required

# Addresses that staff may have as bookmarks: {old: new}
RENAMED_IN_THE_ADMIN = {
    "subscriptions/deed": "subscriptions/staffaction",
    "subscriptions/difference": "subscriptions/discrepancy",
    "subscriptions/letter": "subscriptions/supportemail",
}

handler500 = "newsroom.views.server_error"

urlpatterns = [
    # Pages of each app
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("", include("subscriptions.urls")),
    # /account/, /accounts/…
    path("account/", account.home, name="account"),
    path("account/badge/", account.set_badge, name="badge"),
    path("account/sessions/<str:key>/end/", account.end_session, name="end_session"),
    path("account/activity/", account.activity, name="activity"),
    path("account/export/", account.export, name="export"),
    path("account/erase/", account.erase, name="erase"),
    path("account/erase/stop/", account.cancel_erasure, name="keep_account"),
    path("account/erase/stop/<str:token>/", account.cancel_erasure_by_link, name="stop_erasure"),
    # Before allauth's own: these ask for reauthentication, so that nobody who finds a browser open adds a way in
    path("accounts/email/", reauthentication_required(email)),
    path("accounts/password/set/", reauthentication_required(password_set)),
    path("accounts/2fa/webauthn/add/", reauthentication_required(add_webauthn)),
    path("accounts/2fa/totp/activate/", reauthentication_required(activate_totp)),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", account.remove_passkey),
    path("accounts/sessions/", account.sessions, name="usersessions_list"),
    path("accounts/", include("allauth.urls")),
    path("overlay/", overlay, name="overlay"),
    # /out/<id>/
    path("out/<int:pk>/", views.follow_advertisement, name="follow_advertisement"),
    # /admin/
    *(path(f"admin/{old}/", RedirectView.as_view(url=f"/admin/{new}/")) for old, new in RENAMED_IN_THE_ADMIN.items()),
    path("admin/", admin.site.urls),
    # For programs
    path("robots.txt", well_known.robots, name="robots"),
    path("ads.txt", well_known.ads, name="ads"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("manifest.webmanifest", well_known.manifest, name="manifest"),
    path("favicon.ico", well_known.favicon),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", views.media),
    # /about/ and the like. Last, so that no static page takes the address of a route above.
    path("", include("articles.static_page_urls")),
]
