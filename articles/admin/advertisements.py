"""The admin of advertisements. It is here, not beside the model, as it cleans pictures with articles.photos."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.photos import processing
from newsroom.admin.base import SitewideAdmin
from newsroom.models import Advertisement

PICTURE_EDGE = 960  # pixels
DAYS_SHOWN = 30  # of clicks by day


class AdvertisementForm(forms.ModelForm):
    def clean_image(self) -> Any:
        """Store a clean and small copy of the picture, never the uploaded file."""
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
            # Not Django's image field: `clean_photo` opens the file once, safely, and says what is wrong with it.
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
        """Return the clicks in all and by day. Views are not counted: that would track readers."""
        if not advertisement.pk:
            return (
                "Counted by day, without knowing who clicked. Views are not counted: that would mean to watch readers."
            )
        days = advertisement.clicks.all()[:DAYS_SHOWN]
        rows = format_html_join("", "<li>{}: {}</li>", ((f"{each.day:%-d %B %Y}", each.count) for each in days))
        return format_html("<p>{} in all</p><ul>{}</ul>", advertisement.clicked, rows)
