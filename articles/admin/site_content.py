"""The outlet's own: static pages, menus, the breaking banner, advertisements."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin.editor_csp import TextEditorMixin
from articles.models import Banner, MenuLink, Page
from articles.photos import processing
from newsroom.admin.base import OrderedAdmin, SitewideAdmin
from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SITE
from newsroom.models import Advertisement

PICTURE_EDGE = 960  # pixels
DAYS_SHOWN = 30  # of clicks shown one by one


@admin.register(Page)
class PageAdmin(SitewideAdmin, TextEditorMixin):
    fields = ["title", "slug", "body", "description", "language", "published"]
    list_display = ["title", "address", "published", "updated_at"]
    search_fields = ["title", "slug"]

    @admin.display(ordering="slug")
    def address(self, page: Page) -> str:
        return page.get_absolute_url()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Page | None = None) -> dict[str, Sequence[str]]:
        """An address that readers know follows the title no longer."""
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


class AdvertisementForm(forms.ModelForm):
    def clean_image(self) -> Any:
        """What is stored is never the file that was uploaded, but a clean and small copy of the picture in it."""
        image = self.cleaned_data["image"]
        return processing.clean_photo(image, edge=PICTURE_EDGE) if image and "image" in self.changed_data else image


@admin.register(Advertisement)
class AdvertisementAdmin(SitewideAdmin):
    form = AdvertisementForm
    fieldsets = [
        (None, {"fields": ["advertiser", "text", "image", "url"]}),
        ("When", {"fields": ["running", "first_day", "last_day"]}),
        ("Where", {"fields": ["in_articles", "on_front_page", "in_lists"]}),
        ("Clicks", {"fields": ["clicks_by_day"]}),
    ]
    readonly_fields = ["clicks_by_day"]
    list_display = ["advertiser", "text", "now", "first_day", "last_day", "clicked"]
    list_filter = ["running"]
    search_fields = ["advertiser", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Advertisement]:
        rows: QuerySet[Advertisement] = super().get_queryset(request)
        return rows.annotate(clicked=Sum("clicks__count", default=0))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "image":
            accepted = AdminFileWidget(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})
            # Not Django's image field: `photos.cleaned` opens the file once, safely, and says what is wrong with it.
            return forms.FileField(label="Picture", required=False, widget=accepted, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="")
    def now(self, advertisement: Advertisement) -> str:
        today = timezone.localdate()
        if not advertisement.running:
            return "switched off"
        if advertisement.last_day and advertisement.last_day < today:
            return "over"
        return "running" if advertisement.first_day <= today else "to come"

    @admin.display(description="clicks", ordering="clicked")
    def clicked(self, advertisement: Any) -> int:
        return int(advertisement.clicked)

    @admin.display(description="counted")
    def clicks_by_day(self, advertisement: Any) -> SafeString | str:
        """In all and day by day. Only clicks: to count who saw it would mean to watch who reads."""
        if not advertisement.pk:
            return (
                "Counted by day, without knowing who clicked. Views are not counted: that would mean to watch readers."
            )
        days = advertisement.clicks.all()[:DAYS_SHOWN]
        rows = format_html_join("", "<li>{}: {}</li>", ((f"{each.day:%-d %B %Y}", each.count) for each in days))
        return format_html("<p>{} in all</p><ul>{}</ul>", advertisement.clicked, rows)
