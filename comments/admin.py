"""The admin of comments: search, listed words, restrictions, policy. Decisions are made in the queue."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from articles.models import with_published_headline
from comments.models import Comment, Policy, Restriction, Term, Thread
from newsroom.admin.base import LargeTableAdmin, ReadOnlyAdmin, SingletonAdmin, SitewideAdmin
from newsroom.http import surrogate_keys
from newsroom.http.purge import purge_on_commit

MAX_SEARCHED = 5_000  # the newest comments


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """The comments to search. Decisions are made in the queue."""

    list_display = ["excerpt", "name", "on", "status", "created_at", "in_queue"]
    list_display_links = ["excerpt"]
    list_filter = ["status"]
    search_fields = ["body", "name"]
    search_help_text = f"Words or a name, in the newest {MAX_SEARCHED:,} comments."
    ordering = ["-created_at", "-pk"]
    fields = ["body", "name", "on", "edition_number", "status", "created_at", "history", "in_queue"]
    readonly_fields = ["on", "history", "in_queue"]
    change_list_template = "admin/comments/comment/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Add the headline that readers know: moderators see no working copy."""
        comments: QuerySet[Comment] = super().get_queryset(request).annotate(**with_published_headline("article"))
        return comments

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Comment], search_term: str
    ) -> tuple[QuerySet[Comment], bool]:
        """Search the newest alone, as comments have no full-text index."""
        if search_term:
            last = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            queryset = queryset.filter(pk__gt=last - MAX_SEARCHED)
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="comment")
    def excerpt(self, comment: Comment) -> str:
        return (comment.body if len(comment.body) <= 160 else comment.body[:160] + "…") or "(no text)"

    @admin.display(description="article")
    def on(self, comment: Comment) -> SafeString:
        address = reverse("article", args=[comment.slug])  # type: ignore[attr-defined]
        return format_html('<a href="{}">{}</a>', address, comment.headline)  # type: ignore[attr-defined]

    @admin.display(description="history")
    def history(self, comment: Comment) -> str:
        return "; ".join(
            f"{event} by {event.by or 'the rules or its writer'}, {localtime(event.at):%Y-%m-%d %H:%M}"
            for event in comment.events.select_related("by")
        )

    @admin.display(description="decide")
    def in_queue(self, comment: Comment) -> SafeString:
        address = f"{reverse('queue')}?writer={comment.commenter_id}"
        return format_html('<a href="{}">All by this writer, in the queue</a>', address)


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    list_display = ["phrase", "verdict"]
    list_filter = ["verdict"]
    search_fields = ["phrase"]


@admin.register(Restriction)
class RestrictionAdmin(admin.ModelAdmin):
    """The restrictions. A domain is added here, a person or a network from the queue."""

    list_display = ["__str__", "until", "reason", "by", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["commenter__user", "by"]
    fields = ["domain", "kind", "until", "reason"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["domain"] if obj else []

    def save_model(self, request: HttpRequest, obj: Restriction, form: ModelForm, change: bool) -> None:
        if not change:
            obj.by = request.user  # type: ignore[assignment]  # only accounts get here
        super().save_model(request, obj, form, change)


@admin.register(Policy)
class PolicyAdmin(SitewideAdmin, SingletonAdmin):
    pass


@admin.register(Thread)
class ThreadAdmin(LargeTableAdmin):
    """An article's own policy, where it differs from the site's."""

    list_display = ["article", "mode", "close_after_days", "always_open", "approved"]
    list_filter = ["mode", "always_open"]
    list_select_related = ["article"]
    search_fields = ["article__headline"]
    autocomplete_fields = ["article"]

    def save_model(self, request: HttpRequest, obj: Thread, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        purge_on_commit(surrogate_keys.article(obj.article_id))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
