from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from newsroom import views
from newsroom.overlay import overlay

urlpatterns = [
    # Pages of each app
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("", include("subscriptions.urls")),
    # /account/, /accounts/…
    path("account/", views.account, name="account"),
    path("accounts/", include("allauth.account.urls")),
    path("overlay/", overlay, name="overlay"),
    # /admin/
    path("admin/", admin.site.urls),
    # For machines
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", views.media),
]
