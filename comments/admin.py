"""Moderation: the list, and one comment with its decisions."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comments import moderation
from comments.models import Comment
from newsroom.admin import ReadOnlyAdmin
from newsroom.models import User

Status = Comment.Status
WORDS = {Status.APPROVED: "Approve", Status.REJECTED: "Reject", Status.SPAM: "Spam", Status.PENDING: "Hold again"}


class StatusFilter(admin.SimpleListFilter):
    """What waits is what a moderator comes for: it is the list's first view."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((str(value), str(label).capitalize()) for value, label in Status.choices), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or Status.PENDING) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.value() == "all":
            return queryset
        return queryset.filter(status=self.value() or Status.PENDING)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    actions = ["approve", "reject", "spam"]
    list_display = ["excerpt", "name", "on", "status", "created_at"]
    list_display_links = ["excerpt"]
    list_filter = [StatusFilter]
    list_select_related = ["article"]
    search_fields = ["body", "name"]
    ordering = ["created_at", "pk"]
    fields = ["body", "name", "writer", "on", "edition_number", "status", "created_at", "decisions"]
    readonly_fields = ["writer", "on", "decisions"]

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return super().get_queryset(request).select_related("article", "commenter__user")

    @admin.display(description="comment")
    def excerpt(self, comment: Comment) -> str:
        return comment.body if len(comment.body) <= 160 else comment.body[:160] + "…"

    @admin.display(description="article")
    def on(self, comment: Comment) -> SafeString:
        address = reverse("article", args=[comment.article.slug])
        return format_html('<a href="{}">{}</a>', address, comment.article.headline)

    @admin.display(description="writer")
    def writer(self, comment: Comment) -> str:
        others = comment.commenter.comments.exclude(pk=comment.pk)
        approved = others.approved().count()
        return f"{comment.commenter}: {others.count()} other comments, {approved} of them approved"

    @admin.display(description="decisions")
    def decisions(self, comment: Comment) -> str:
        return (
            "; ".join(f"{event} by {event.by}, {event.at:%Y-%m-%d %H:%M}" for event in comment.decisions.all())
            or "none yet"
        )

    @admin.action(description="Approve those still waiting", permissions=["moderate"])
    def approve(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide_all(request, comments, Status.APPROVED)

    @admin.action(description="Reject those still waiting", permissions=["moderate"])
    def reject(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide_all(request, comments, Status.REJECTED)

    @admin.action(description="Mark those still waiting as spam", permissions=["moderate"])
    def spam(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide_all(request, comments, Status.SPAM)

    def _decide_all(self, request: HttpRequest, comments: QuerySet[Comment], to: str) -> None:
        done = 0
        for comment in comments:
            try:
                moderation.transition(comment, to, by=cast(User, request.user), expected=Status.PENDING)
            except moderation.Conflict:
                continue
            done += 1
        self.message_user(
            request, f"{done} {'comment' if done == 1 else 'comments'}: {Status(to).label.lower()}.", messages.SUCCESS
        )
        if left := len(comments) - done:
            self.message_user(request, f"{left} left as they were: somebody had decided already.", messages.WARNING)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST":
            return self._decide(request, object_id)
        extra: dict[str, Any] = {"decisions": []}
        if object_id and object_id.isdecimal() and self.has_moderate_permission(request):
            status = Comment.objects.filter(pk=object_id).values_list("status", flat=True).first()
            possible = moderation.DECISIONS.get(status or "", ())
            extra = {"expected": status, "decisions": [(to, WORDS[Status(to)]) for to in possible]}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def _decide(self, request: HttpRequest, object_id: str | None) -> HttpResponse:
        if not self.has_moderate_permission(request):
            raise PermissionDenied("You may not decide about comments.")
        comment = self.get_object(request, object_id or "")
        if comment is None:
            raise Http404(object_id)
        to = request.POST.get("_decide", "")
        try:
            moderation.transition(comment, to, by=cast(User, request.user), expected=request.POST.get("expected", ""))
        except (moderation.Conflict, ValueError, KeyError):
            self.message_user(
                request, "Somebody decided about this comment meanwhile. This is how it stands now.", messages.ERROR
            )
            return redirect(reverse("admin:comments_comment_change", args=[comment.pk]))
        self.message_user(
            request, f"The comment by {comment.name} is now {Status(to).label.lower()}.", messages.SUCCESS
        )
        return redirect(reverse("admin:comments_comment_changelist"))
