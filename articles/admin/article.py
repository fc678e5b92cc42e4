"""The admin of articles: the list, its search, the form with its blocks."""

from typing import Any, cast

from content_editor.admin import ContentEditor
from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse

from articles.admin.article_form import ArticleForm
from articles.admin.article_history import HistoryMixin
from articles.admin.article_preview import PreviewMixin
from articles.admin.article_steps import StepsMixin
from articles.admin.autosave import AutosaveMixin
from articles.admin.blocks import INLINES, OnlyAddMixin
from articles.admin.editor_csp import TextEditorMixin
from articles.admin.photo_picker import PicksPhotos
from articles.models import Article, Author, Edition, Topic
from articles.publishing import checklist, versions
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
class ArticleAdmin(
    TextEditorMixin,
    StepsMixin,
    AutosaveMixin,
    HistoryMixin,
    OnlyAddMixin,
    PicksPhotos,
    PreviewMixin,
    ContentEditor,  # type: ignore[misc]
):
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
        """Return a reporter's own articles, or all; to be related, those on the site."""
        live = Edition.objects.live().filter(article=OuterRef("pk"))
        # One index probe for each row that is shown: EXISTS can make Postgres read all editions.
        is_live = Subquery(live.values("live")[:1])
        articles: QuerySet[Article] = super().get_queryset(request).annotate(live=is_live)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":  # of a related article
            return articles.filter(Exists(live))
        if request.user.has_perm("articles.add_article") and not request.user.has_perm("articles.change_any_article"):
            return articles.filter(created_by=cast(User, request.user))
        return articles

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Let nobody see working copies who only needs to name an article, like a moderator."""
        named = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        may = named or any(map(request.user.has_perm, ("articles.add_article", "articles.view_draft")))
        return bool(may and super().has_view_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Let only those who publish change a scheduled article, which will appear as it is saved then."""
        scheduled = obj is not None and obj.status == Status.SCHEDULED
        if scheduled and not request.user.has_perm("articles.publish_article"):
            return False
        return bool(super().has_change_permission(request, obj))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Search live articles by all their text, as readers do; the others by headline, standfirst and slug."""
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
        """Fill in the slug from the headline until the first edition: readers know the address then."""
        return {} if obj is not None and obj.editions.exists() else {"slug": ["headline"]}

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = cast(User, request.user)
            obj.save()
            return
        # Only what the form has: somebody may have taken a step while it was open.
        written = [field.name for field in obj._meta.concrete_fields if field.name in form.fields]
        obj.save(update_fields=[*written, "updated_at"])
        obj.refresh_from_db(fields=["status", "publish_at", "publish_as", "publish_note"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        # Skips the content editor's own method, which copies any block that a request names, of any article.
        super(ContentEditor, self).save_related(request, form, formsets, change)
        person = cast(User, request.user)
        versions.save_version(form.instance, by=person)
        self.saved(request, form.cleaned_data.get("autosave_key", ""))
        request.saved_form = form  # type: ignore[attr-defined]

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
