"""The admin of sections, topics and authors, and the record of editions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.models import Author, Edition, Section, Topic
from newsroom.admin.base import ReadOnlyAdmin, SitewideAdmin


@admin.register(Section)
class SectionAdmin(SitewideAdmin):
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(SitewideAdmin):
    list_display = ["name", "slug", "pinned", "hidden"]
    list_editable = ["pinned", "hidden"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Author)
class AuthorAdmin(SitewideAdmin):
    list_display = ["name", "role"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        """Ask anew whoever it is now said to be: they agree on their account page."""
        if "account" in form.changed_data:
            obj.account_agreed = False
        super().save_model(request, obj, form, change)


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
