"""An article with its blocks, and the steps it takes."""

from typing import Any, cast

from content_editor.admin import ContentEditor
from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.timezone import localtime

from articles import previews, publishing
from articles.admin.blocks import BlockInline, TextInline
from articles.admin.forms import STEPS, ArticleForm
from articles.models import Article, Edition, Figure, PullQuote
from newsroom.models import User

Status = Article.Status


# The style sheets that the two editors write into the page, by their hashes: the policy has no unsafe-inline. When a
# new version of an editor changes its own, the browser's console names the new hash, and the browser tests fail.
EDITOR_STYLES = [
    "'sha256-iQkg4CW9pkVM9zuO+Zu+xOrTcRsfEQ3Ic342wxe/yik='",  # content_editor/index.js
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",  # django_prose_editor/editor.js
]


@admin.register(Article)
class ArticleAdmin(ContentEditor):  # type: ignore[misc]
    form = ArticleForm
    list_display = ["headline", "section", "status", "on_site", "created_by", "updated_at"]
    list_filter = ["status", "section"]
    list_select_related = ["section", "created_by"]
    search_fields = ["headline", "standfirst"]
    autocomplete_fields = ["topics", "authors", "lead_photo"]
    prepopulated_fields = {"slug": ["headline"]}
    inlines = [
        TextInline,
        BlockInline.create(Figure, icon="image", color="#35607a", autocomplete_fields=["photo"]),
        BlockInline.create(PullQuote, icon="format_quote", color="#7a3b35"),
    ]

    class Media:
        js = ["js/desk.js"]

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        written = ["headline", "slug", "standfirst", "section", "topics", "authors", "lead_photo", "language"]
        steps = ["remark", "status_seen", "saved_seen"]
        if request.user.has_perm("articles.publish_article"):
            steps = ["publish_on", *steps]
            if obj is not None and obj.editions.exists():
                steps = ["kind", "note", *steps]
        return [(None, {"fields": written}), ("The next step", {"fields": steps, "classes": ["next-step"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """A reporter's list holds the reporter's own articles."""
        live = Edition.objects.live().filter(article=OuterRef("pk"))
        articles: QuerySet[Article] = super().get_queryset(request).annotate(live=Exists(live))
        if request.user.has_perm("articles.add_article") and not request.user.has_perm("articles.change_any_article"):
            return articles.filter(created_by=cast(User, request.user))
        return articles

    @admin.display(boolean=True, description="on the site")
    def on_site(self, article: Article) -> bool:
        return bool(article.live)  # type: ignore[attr-defined]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, list[str]]:
        """An address that readers know follows the headline no longer."""
        return {} if obj is not None and obj.editions.exists() else {"slug": ["headline"]}

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        # Past the content editor's own, which copies any block that a request names, of any article.
        super(ContentEditor, self).save_related(request, form, formsets, change)
        request.desk_form = form  # type: ignore[attr-defined]

    @method_decorator(csp_update({"style-src": EDITOR_STYLES}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The buttons save the working copy, and then do with what was saved what they say."""
        pressed = _pressed(request)
        if pressed and pressed != ["_submit"] and not request.user.has_perm("articles.publish_article"):
            raise PermissionDenied("This is an editor's to do.")
        response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        return response

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        if _pressed(request):
            return self._take_step(request, obj)
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        return response

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if _pressed(request):
            return self._take_step(request, obj)
        response: HttpResponse = super().response_change(request, obj)
        return response

    def _take_step(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Do what the button says with what was just saved, and stay on the article."""
        form: ArticleForm = request.desk_form  # type: ignore[attr-defined]
        try:
            done = _step(form, article, by=cast(User, request.user))
            self.message_user(request, done, messages.SUCCESS)
        except ValidationError as error:
            for obstacle in error.messages:
                self.message_user(request, f"Saved, and no more than that. {obstacle}", messages.WARNING)
        except publishing.Conflict:
            words = "Saved, and no more than that: somebody took another step with this article meanwhile."
            self.message_user(request, words, messages.WARNING)
        return redirect(reverse("admin:articles_article_change", args=[article.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        context["may_publish"] = request.user.has_perm("articles.publish_article")
        if article is not None:
            context["live"] = article.editions.filter(live=True).first()
            context["preview_link"] = previews.link(article)
            context["last_step"] = article.events.select_related("by").last()
        response: TemplateResponse = super().render_change_form(request, context, *args, **kwargs)
        # The editor's import map is an inline script: the policy lets it run by its nonce.
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        whole = response.context_data or {}
        whole["media"] = whole["media"].with_nonce(nonce)
        return response


def _pressed(request: HttpRequest) -> list[str]:
    """The buttons of this request that do more than save: one, if nobody tampers with it."""
    return [step for step in STEPS if step in request.POST]


def _step(form: ArticleForm, article: Article, *, by: User) -> str:
    """Take the step that the form asks for; what was done, in words. Raises ValidationError, Conflict."""
    given = form.cleaned_data
    expected = given.get("status_seen") or Status.DRAFT
    kind, note = given.get("kind") or Edition.Kind.UPDATE, given.get("note", "")
    match form.step:
        case "_publish":
            edition = publishing.publish(article, by=by, expected=expected, kind=kind, note=note)
            link = format_html('<a href="{}">See it on the site.</a>', edition.get_absolute_url())
            return format_html("Published as edition {}. {}", edition.number, link)
        case "_schedule":
            at = given["publish_on"]
            publishing.schedule(article, by=by, expected=expected, at=at, kind=kind, note=note)
            return f"It will be published on {localtime(at):%-d %B %Y at %H:%M}."
        case "_submit":
            publishing.submit(article, by=by, expected=expected, note=given.get("remark", ""))
            return "Submitted. The desk has been told."
        case "_send_back":
            publishing.send_back(article, by=by, expected=expected, note=given["remark"])
            return "Sent back. The reporter has been told."
        case "_withdraw":
            publishing.withdraw(article, by=by, expected=expected, reason=note)
            return "Withdrawn. Its address says why."
        case _:
            previews.revoke(article)
            return "The preview links given out so far have ended."
