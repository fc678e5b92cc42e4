"""The mails that the site sent, and on the dashboard those that a mail server refused or that are late."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from newsroom.admin.base import ReadOnlyAdmin
from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.models import Email, User


class UndeliveredFilter(admin.SimpleListFilter):
    """A filter for mails that somebody should look at."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("undelivered", "refused or late")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.undelivered() if self.value() == "undelivered" else queryset
        return found


@admin.register(Email)
class EmailAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "key", "created_at", "sent_at", "refusal"]
    list_filter = [UndeliveredFilter]
    fields = ["key", "template", "created_at", "sending_at", "sent_at", "refused_at", "refusal"]


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    """Yield the mails that were refused or are late, for staff who may see mails."""
    if not person.has_perm("newsroom.view_email"):
        return
    undelivered = Email.objects.undelivered()
    url = reverse("admin:newsroom_email_changelist") + "?state=undelivered"
    rows = [
        DashboardRow(
            title=str(email),
            url=reverse("admin:newsroom_email_change", args=[email.pk]),
            words=email.refusal or "Not sent yet.",
            at=email.created_at,
        )
        for email in undelivered[:ROWS_SHOWN]
    ]
    yield DashboardSection("Mails not delivered", url, undelivered.count(), rows)
