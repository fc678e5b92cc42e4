"""Photos, sections, topics, authors, and the record of editions."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import photos
from articles.models import Author, Edition, Photo, Section, Topic
from newsroom.admin import ReadOnlyAdmin
from newsroom.models import User


class PhotoForm(forms.ModelForm):
    def clean_image(self) -> Any:
        """What is stored is never the file that was uploaded, but a clean copy of the picture in it."""
        image = self.cleaned_data["image"]
        return photos.cleaned(image) if "image" in self.changed_data else image


class UploadField(forms.FileField):
    """Not Django's image field: `photos.cleaned` opens the file once, safely, and says what is wrong with it."""


@admin.register(Photo)
class PhotoAdmin(admin.ModelAdmin):
    form = PhotoForm
    fields = ["image", "alt", "caption", "credit"]
    list_display = ["thumbnail", "alt", "credit", "uploaded_at"]
    list_display_links = ["thumbnail", "alt"]
    search_fields = ["alt", "caption", "credit"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "image":
            accepted = forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})
            return UploadField(label="Photo", widget=accepted, help_text="JPEG, PNG, WebP or AVIF, up to 25 MB.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Photo, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.uploaded_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    @admin.display(description="")
    def thumbnail(self, photo: Photo) -> SafeString:
        sources = photo.image.aspect_ratios[None]["WEBP"]
        url = sources[min(sources)].url if sources else photo.image.url
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', url)


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "pinned"]
    list_editable = ["pinned"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "role"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """The record of what was published, when and by whom."""

    list_display = ["headline", "number", "kind", "live", "published_at", "published_by"]
    list_filter = ["live", "kind", "section"]
    list_select_related = ["published_by"]
    search_fields = ["headline"]
    fields = ["article_link", "number", "kind", "note", "live", "slug", "headline", "standfirst", "section", "text"]

    @admin.display(description="article")
    def article_link(self, edition: Edition) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:articles_article_change", args=[edition.article_id]), edition.article
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["article_link"]
