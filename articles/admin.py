"""The editorial desk: writing, photos, publishing."""

from typing import Any, cast

from content_editor.admin import ContentEditor, ContentEditorInline
from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import photos, publishing
from articles.models import Article, Author, Edition, Figure, Photo, PullQuote, Section, Text, Topic
from newsroom.admin import ReadOnlyAdmin
from newsroom.models import User


class BlockInline(ContentEditorInline):  # type: ignore[misc]
    """A kind of block. Who may change the article may change its blocks."""

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    has_delete_permission = has_view_permission = has_change_permission


class FirstTextFormSet(forms.BaseInlineFormSet):
    """A new article opens with an empty text to write in; left empty, it is not saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=[{"region": "body", "ordering": 10}], **kwargs)


class TextInline(BlockInline):
    model = Text
    formset = FirstTextFormSet
    icon = "notes"
    color = "#5b5b52"

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


# The style sheets that the two editors write into the page, by their hashes: the policy has no unsafe-inline. When a
# new version of an editor changes its own, the browser's console names the new hash, and the browser tests fail.
EDITOR_STYLES = [
    "'sha256-iQkg4CW9pkVM9zuO+Zu+xOrTcRsfEQ3Ic342wxe/yik='",  # content_editor/index.js
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",  # django_prose_editor/editor.js
]


@admin.register(Article)
class ArticleAdmin(ContentEditor):  # type: ignore[misc]
    list_display = ["headline", "section", "status", "created_by", "updated_at"]
    list_filter = ["status", "section"]
    list_select_related = ["section", "created_by"]
    search_fields = ["headline", "standfirst"]
    autocomplete_fields = ["topics", "authors", "lead_photo"]
    prepopulated_fields = {"slug": ["headline"]}
    fields = ["headline", "slug", "standfirst", "section", "topics", "authors", "lead_photo", "language"]
    inlines = [
        TextInline,
        BlockInline.create(Figure, icon="image", color="#35607a", autocomplete_fields=["photo"]),
        BlockInline.create(PullQuote, icon="format_quote", color="#7a3b35"),
    ]
    date_hierarchy = None
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """A reporter's list holds the reporter's own articles."""
        articles: QuerySet[Article] = super().get_queryset(request)
        if request.user.has_perm("articles.add_article") and not request.user.has_perm("articles.change_any_article"):
            return articles.filter(created_by=cast(User, request.user))
        return articles

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        # The address of what is out must not break; see the redirects to come with changed slugs.
        return ["slug"] if obj is not None and obj.status == Article.Status.PUBLISHED else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, list[str]]:
        return {} if self.get_readonly_fields(request, obj) else {"slug": ["headline"]}

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        return obj.get_absolute_url() if obj is not None and obj.status == Article.Status.PUBLISHED else None

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        # Past the content editor's own, which copies any block that a request names, of any article.
        super(ContentEditor, self).save_related(request, form, formsets, change)

    @method_decorator(csp_update({"style-src": EDITOR_STYLES}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The button Publish saves the working copy, and then publishes what was saved."""
        if "_publish" in request.POST and not request.user.has_perm("articles.publish_article"):
            raise PermissionDenied("You may not publish.")
        response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        return response

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        if "_publish" in request.POST:
            return self._publish(request, obj)
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        return response

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if "_publish" in request.POST:
            return self._publish(request, obj)
        response: HttpResponse = super().response_change(request, obj)
        return response

    def _publish(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Publish what was just saved, and stay on the article."""
        try:
            edition = publishing.publish(article, by=cast(User, request.user))
        except ValidationError as error:
            for obstacle in error.messages:
                self.message_user(request, f"Saved, but not published. {obstacle}", messages.WARNING)
        else:
            link = format_html('<a href="{}">See it on the site.</a>', article.get_absolute_url())
            message = format_html("Published as edition {}. {}", edition.number, link)
            self.message_user(request, message, messages.SUCCESS)
        return redirect(reverse("admin:articles_article_change", args=[article.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_publish"] = request.user.has_perm("articles.publish_article")
        response: TemplateResponse = super().render_change_form(request, context, *args, **kwargs)
        # The editor's import map is an inline script: the policy lets it run by its nonce.
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        whole = response.context_data or {}
        whole["media"] = whole["media"].with_nonce(nonce)
        return response


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

    list_display = ["headline", "number", "live", "published_at", "published_by"]
    list_filter = ["live", "section"]
    list_select_related = ["published_by"]
    search_fields = ["headline"]
    fields = ["article_link", "number", "live", "headline", "standfirst", "section", "text"]

    @admin.display(description="article")
    def article_link(self, edition: Edition) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:articles_article_change", args=[edition.article_id]), edition.article
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["article_link"]
