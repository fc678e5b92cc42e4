"""What the admins of all apps are built from."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SITE

# Rows that an admin search finds by each index; nobody reads more of them. Their primary keys are fetched first: in a
# single query, Postgres would at times scan the whole table.
MAX_SEARCH_RESULTS = 500


class BoundedPaginator(Paginator):
    """A paginator that counts no further than MAX_COUNT: beyond it, people search or filter."""

    MAX_COUNT = 2_000  # rows

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: self.MAX_COUNT].count())


class LargeTableAdmin(admin.ModelAdmin):
    """The admin of a table that grows for ever: its list costs the same however long it is."""

    paginator = BoundedPaginator
    show_full_result_count = False


class ReadOnlyAdmin(LargeTableAdmin):
    """The admin of rows that record what happened: nobody changes them."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SingletonAdmin(admin.ModelAdmin):
    """The admin of a table with one row: its list is that row's form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        meta = self.model._meta
        return redirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[1]))


class SitewideAdmin(admin.ModelAdmin):
    """The admin of what is shown on every page: a change purges all pages."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        purge_on_commit(SITE)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        purge_on_commit(SITE)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        purge_on_commit(SITE)


class OrderedAdmin(admin.ModelAdmin):
    """The admin of a short list whose order is typed: a new row comes last."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = self.model._default_manager.aggregate(last=Max("position"))["last"]
        return {"position": 0 if last is None else last + 1, **super().get_changeform_initial_data(request)}
