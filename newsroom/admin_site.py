"""The admin site: staff sign in as readers do, and need a second factor."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from newsroom.accounts.allauth_internals import get_next_redirect_url
from newsroom.models import User

RETURN_TO = "desk_wanted"  # session key: the page they wanted when they were asked to set up a second factor


class NewsroomAdminSite(AdminSite):
    site_header = site_title = "The newsroom"
    index_title = "Desk"
    enable_nav_sidebar = False  # the few links that are used all day stand above each page

    def has_permission(self, request: HttpRequest) -> bool:
        person = request.user
        return super().has_permission(request) and isinstance(person, User) and not person.lacks_second_factor()

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect whoever may not enter: to sign in, to set up a second factor, then to what they wanted."""
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not super().has_permission(request):
            raise PermissionDenied
        if request.user.lacks_second_factor():
            request.session[RETURN_TO] = wanted
            return redirect("mfa_index")
        return redirect(wanted)

    def password_change(  # type: ignore[override]  # a redirect, not a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to allauth's page: Django's own has no rate limit and notifies nobody."""
        return redirect("account_change_password")
