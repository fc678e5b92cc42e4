"""The admin of static pages, menus and the breaking banner."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.admin.editor_csp import TextEditorMixin
from articles.models import Banner, MenuLink, Page
from newsroom.admin.base import OrderedAdmin, SitewideAdmin
from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SITE


@admin.register(Page)
class PageAdmin(SitewideAdmin, TextEditorMixin):
    fields = ["title", "slug", "body", "description", "language", "published"]
    list_display = ["title", "address", "published", "updated_at"]
    search_fields = ["title", "slug"]

    @admin.display(ordering="slug")
    def address(self, page: Page) -> str:
        return page.get_absolute_url()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Page | None = None) -> dict[str, Sequence[str]]:
        """Fill in the slug from the title of new pages alone: readers know the address of others."""
        return {} if obj else {"slug": ["title"]}

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj is not None and obj.published else None


@admin.register(MenuLink)
class MenuLinkAdmin(SitewideAdmin, OrderedAdmin):
    fields = ["menu", "label", "section", "topic", "page", "address", "position"]
    list_display = ["text", "position", "menu", "leads_to"]
    list_editable = ["position"]
    list_filter = ["menu"]
    list_select_related = ["section", "topic", "page"]
    autocomplete_fields = ["topic"]

    @admin.display(description="leads to")
    def leads_to(self, link: MenuLink) -> str:
        return link.href


@admin.register(Banner)
class BannerAdmin(SitewideAdmin):
    fields = ["label", "text", "article", "starts_at", "ends_at"]
    list_display = ["text", "starts_at", "ends_at", "now"]
    autocomplete_fields = ["article"]
    actions = ["end"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        now = timezone.localtime().replace(second=0, microsecond=0)
        return {"starts_at": now, "ends_at": now + timedelta(hours=3), **super().get_changeform_initial_data(request)}

    @admin.display(description="")
    def now(self, banner: Banner) -> str:
        now = timezone.now()
        if banner.ends_at <= now:
            return "over"
        return "shown now" if banner.starts_at <= now else "to come"

    @admin.action(description="End now", permissions=["change"])
    def end(self, request: HttpRequest, banners: QuerySet[Banner]) -> None:
        now = timezone.now()
        ended = banners.filter(starts_at__lt=now, ends_at__gt=now).update(ends_at=now)
        purge_on_commit(SITE)
        self.message_user(request, "Ended." if ended else "None of them is shown now.", messages.INFO)
