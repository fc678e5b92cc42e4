"""The admin site: staff sign in as readers do, and need a second factor."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.actions import delete_selected
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from newsroom.accounts.allauth_internals import get_next_redirect_url
from newsroom.accounts.staff_events import record
from newsroom.models import StaffEvent, User

RETURN_TO = "desk_wanted"  # session key: the page they wanted when they were asked to set up a second factor


@wraps(delete_selected)
def _delete_selected(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Record what was deleted: of several rows Django's log sends no signal, of one it does."""
    names = [str(each) for each in queryset]
    response: HttpResponse | None = delete_selected(modeladmin, request, queryset)
    if response is None and len(names) > 1 and isinstance(request.user, User):
        words = f"{len(names)} {modeladmin.opts.verbose_name_plural}: {', '.join(names)}"
        record(request.user, StaffEvent.Kind.DELETION, request=request, words=words)
    return response


class NewsroomAdminSite(AdminSite):
    site_header = site_title = "The newsroom"
    index_title = "Desk"
    enable_nav_sidebar = False  # the few links that are used all day stand above each page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_action(_delete_selected, "delete_selected")

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
