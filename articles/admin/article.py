"""An article with its blocks, and the steps it takes."""

from typing import Any, cast

from content_editor.admin import ContentEditor
from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.timezone import localtime

from articles.admin.article_form import EDITOR_STEPS, STEPS, ArticleForm
from articles.admin.article_history import HistoryMixin
from articles.admin.autosave import AutosaveMixin
from articles.admin.blocks import INLINES, OnlyAddMixin
from articles.admin.editor_csp import TextEditorMixin
from articles.admin.photo_picker import PicksPhotos
from articles.models import Article, Author, Edition, Topic
from articles.publishing import checklist, previews, versions, workflow
from articles.search import results
from articles.search.normalize import WORKING_VECTOR
from articles.search.query import TsQuery, parse
from newsroom.admin.base import MAX_SEARCH_RESULTS, BoundedPaginator
from newsroom.models import User

Status = Article.Status


class MineFilter(admin.SimpleListFilter):
    title = "who began it"
    parameter_name = "begun"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "I did")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(created_by=cast(User, request.user)) if self.value() == "me" else queryset


class OnSiteFilter(admin.SimpleListFilter):
    title = "on the site"
    parameter_name = "live"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        live = Exists(Edition.objects.live().filter(article=OuterRef("pk")))
        return {"yes": queryset.filter(live), "no": queryset.exclude(live)}.get(self.value() or "", queryset)


@admin.register(Article)
class ArticleAdmin(TextEditorMixin, AutosaveMixin, HistoryMixin, OnlyAddMixin, PicksPhotos, ContentEditor):  # type: ignore[misc]
    form = ArticleForm
    list_display = ["headline", "section", "status", "on_site", "created_by", "updated_at"]
    list_filter = ["status", OnSiteFilter, "section", MineFilter, "updated_at", "language"]
    list_select_related = ["section", "created_by"]
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    search_fields = ["headline", "standfirst", "slug", "authors__name", "topics__name"]
    search_help_text = "Words of the headline or standfirst, an author, a topic, or the slug."
    autocomplete_fields = ["topics", "authors"]
    prepopulated_fields = {"slug": ["headline"]}
    inlines = INLINES  # type: ignore[assignment]

    class Media:
        js = [Script(f"js/{name}.js", type="module") for name in ("autosave", "block-order", "paste-cleanup")]

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        written = ["headline", "standfirst", "section", "topics", "authors", "lead_photo"]
        address = ["slug", "search_headline", "language"]
        steps = ["remark", "status_seen", "saved_seen", "autosave_key"]
        if request.user.has_perm("articles.publish_article"):
            address = [*address, "supporters_first"]
            steps = ["publish_on", *steps]
            if obj is not None and obj.editions.exists():
                steps = ["kind", "note", *steps]
        return [
            (None, {"fields": written}),
            ("Address, search, access", {"fields": address, "classes": ["collapse"]}),
            ("The next step", {"fields": steps, "classes": ["next-step"]}),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """A reporter's list holds the reporter's own articles."""
        live = Edition.objects.live().filter(article=OuterRef("pk"))
        # Asked for each row that is shown: EXISTS would at times look at every edition there is.
        is_live = Subquery(live.values("live")[:1])
        articles: QuerySet[Article] = super().get_queryset(request).annotate(live=is_live)
        if request.path.endswith("/autocomplete/"):  # for a related article: any that readers can follow to
            return articles.filter(Exists(live))
        if request.user.has_perm("articles.add_article") and not request.user.has_perm("articles.change_any_article"):
            return articles.filter(created_by=cast(User, request.user))
        return articles

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What is scheduled appears as it is saved then: until that moment it is the desk's alone to change."""
        scheduled = obj is not None and obj.status == Status.SCHEDULED
        if scheduled and not request.user.has_perm("articles.publish_article"):
            return False
        return bool(super().has_change_permission(request, obj))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """As readers find what is on the site: by words of the text, and of what is in work by those of its head."""
        if not search_term:
            return queryset, False
        by = Article.authors.through.objects.filter(author__in=Author.objects.filter(name__icontains=search_term))
        about = Article.topics.through.objects.filter(topic__in=Topic.objects.filter(name__icontains=search_term))
        found: list[QuerySet[Any, tuple[int]]] = [Article.objects.filter(slug=search_term).values_list("pk")]
        found += [rows.order_by("-article").values_list("article") for rows in (by, about)]
        if query := parse(search_term):
            in_work = Article.objects.exclude(status=Status.PUBLISHED).alias(words=WORKING_VECTOR)
            found.append(in_work.filter(words=TsQuery(query.tsquery)).order_by("-updated_at").values_list("pk"))
            live = Edition.objects.live()
            live = results.matching(live, query, results.estimate_frequency(live, query))
            found.append(live.newest().values_list("article"))
        ids = {pk for rows in found for (pk,) in rows[:MAX_SEARCH_RESULTS]}
        return queryset.filter(pk__in=ids), False

    @admin.display(boolean=True, description="on the site")
    def on_site(self, article: Article) -> bool:
        return bool(article.live)  # type: ignore[attr-defined]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        """An address that readers know follows the headline no longer."""
        return {} if obj is not None and obj.editions.exists() else {"slug": ["headline"]}

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = cast(User, request.user)
            obj.save()
            return
        # What was written, and no more: somebody may have taken a step while this form was open.
        written = [field.name for field in obj._meta.concrete_fields if field.name in form.fields]
        obj.save(update_fields=[*written, "updated_at"])
        obj.refresh_from_db(fields=["status", "publish_at", "publish_as", "publish_note"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        # Past the content editor's own, which copies any block that a request names, of any article.
        super(ContentEditor, self).save_related(request, form, formsets, change)
        person = cast(User, request.user)
        versions.save_version(form.instance, by=person)
        self.saved(request, form.cleaned_data.get("autosave_key", ""))
        request.desk_form = form  # type: ignore[attr-defined]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The buttons save the working copy, and then do with what was saved what they say."""
        pressed = _pressed(request)
        if any(step in EDITOR_STEPS for step in pressed) and not request.user.has_perm("articles.publish_article"):
            raise PermissionDenied("This is an editor's to do.")
        response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        return response

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [path("<int:pk>/preview/", view(self.preview), name="articles_article_preview"), *super().get_urls()]

    @method_decorator(csp_update({"frame-src": "'self'"}))
    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The saved working copy as readers would see it, on a phone and on a desk; and the link to pass on."""
        article = self.get_object(request, str(pk))
        if article is None:
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        if request.method == "POST":
            if not request.user.has_perm("articles.publish_article"):
                raise PermissionDenied("This is an editor's to do.")
            previews.revoke(article)
            self.message_user(request, "The preview links given out so far have ended.", messages.SUCCESS)
            return redirect("admin:articles_article_preview", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview: {article}",
            "opts": self.opts,
            "original": article,
            "preview_link": previews.preview_link(article),
            "site_url": settings.SITE_URL,
            "width": "desk" if request.GET.get("width") == "desk" else "phone",
            "may_publish": request.user.has_perm("articles.publish_article"),
        }
        return TemplateResponse(request, "admin/articles/article/preview.html", context)

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
        if form.step == "_preview":
            return redirect("admin:articles_article_preview", article.pk)
        try:
            done = _step(form, article, by=cast(User, request.user))
            self.message_user(request, done, messages.SUCCESS)
        except ValidationError as error:
            for obstacle in error.messages:
                self.message_user(request, f"Saved, and no more than that. {obstacle}", messages.WARNING)
        except workflow.Conflict:
            words = "Saved, and no more than that: somebody took another step with this article meanwhile."
            self.message_user(request, words, messages.WARNING)
        return redirect(reverse("admin:articles_article_change", args=[article.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        context["may_publish"] = request.user.has_perm("articles.publish_article")
        context |= self.unsaved_context(request, article)
        context["has_file_field"] = True  # sent as multipart, in which Urdu takes a third of the room
        if article is not None:
            context["live"] = article.editions.filter(live=True).first()
            context["checks"] = _checks(article, context["inline_admin_formsets"])
            context["last_step"] = article.events.select_related("by").last()
        return super().render_change_form(request, context, *args, **kwargs)


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
            edition = workflow.publish(article, by=by, expected=expected, kind=kind, note=note)
            link = format_html('<a href="{}">See it on the site.</a>', edition.get_absolute_url())
            return format_html("Published as edition {}. {}", edition.number, link)
        case "_schedule":
            at = given["publish_on"]
            workflow.schedule(article, by=by, expected=expected, at=at, kind=kind, note=note)
            return f"It will be published on {localtime(at):%-d %B %Y at %H:%M}."
        case "_submit":
            workflow.submit(article, by=by, expected=expected, note=given.get("remark", ""))
            return "Submitted. The desk has been told."
        case "_send_back":
            workflow.return_to_draft(article, by=by, expected=expected, note=given["remark"])
            return "Sent back. The reporter has been told."
        case "_withdraw":
            workflow.withdraw(article, by=by, expected=expected, reason=note)
            return "Withdrawn. Its address says why."
        case _:
            raise ValueError(form.step)


def _checks(article: Article, formsets: Any) -> list[dict[str, Any]]:
    """Return the checklist of what is saved, each check with the id of its place in the form."""
    ids = {
        (type(form.instance), form.instance.pk): f"{formset.formset.prefix}-{number}"
        for formset in formsets
        for number, form in enumerate(formset.formset.forms)
    }
    found = []
    for check in checklist.publication_checks(article, versions.blocks_of(article)):
        place = ids.get((type(check.block), check.block.pk), "") if check.block else f"id_{check.field}"
        found.append({"words": check.words, "blocking": check.blocking, "place": place})
    return found
