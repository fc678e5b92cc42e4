"""An article's history in the admin: its versions and steps, compared and restored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles.models import Article, ArticleEvent, Autosave, Version
from articles.publishing import diff, versions
from newsroom.models import User

MAX_VERSIONS = 200  # the newest


@dataclass(frozen=True)
class Entry:
    """A line of the history: a version, or a step."""

    at: datetime
    by: User | None
    version: Version | None = None
    step: ArticleEvent | None = None


class HistoryMixin(ModelAdmin):
    """Replaces the admin's own history page."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/restore/<int:version>/", view(self.restore), name="articles_article_restore"),
            path("<int:pk>/forget/", view(self.delete_unpublished), name="articles_article_forget"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """`…/history/`: show all entries and a diff of two versions (`?old=&new=`, Version.pk)."""
        article = cast("Article | None", self.get_object(request, object_id))
        if article is None:
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        found = list(article.versions.select_related("edition", "saved_by").defer("source")[:MAX_VERSIONS])
        entries = [Entry(version.saved_at, version.saved_by, version=version) for version in found]
        entries += [Entry(step.at, step.by, step=step) for step in article.events.select_related("by")]
        entries.sort(key=lambda entry: entry.at, reverse=True)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {article}",
            "opts": self.opts,
            "original": article,
            "entries": entries,
            "versions": found,
            "may_restore": self.has_change_permission(request, article),
            "may_delete_unpublished": request.user.has_perm("articles.publish_article"),
            **self._compared(request, article, found),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/articles/article/history.html", context)

    def _compared(self, request: HttpRequest, article: Article, found: list[Version]) -> dict[str, Any]:
        """Return the two versions and their diff: those asked for, else the newest and the last edition before it."""
        by_pk = {str(version.pk): version for version in found}
        new = by_pk.get(request.GET.get("new", "")) or (found[0] if found else None)
        older = [version for version in found if new is not None and version.pk < new.pk]
        edition = next((version for version in older if version.edition_id), None)
        old = by_pk.get(request.GET.get("old", "")) or edition or (older[0] if older else None)
        if old is None or new is None or old.pk == new.pk:
            return {"old": old, "new": new}
        if old.pk > new.pk:
            old, new = new, old
        return {"old": old, "new": new, "lines": diff.compare(old.source, new.source)}

    def restore(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        """POST: restore a version."""
        article = self._changeable(request, pk)
        chosen = get_object_or_404(Version, pk=version, article=article)
        missing = versions.restore(chosen, by=cast(User, request.user))
        self.log_change(request, article, f"went back to: {chosen}")
        words = f"The working copy is again as it was ({chosen}). Readers see nothing of it until you publish."
        self.message_user(request, words, messages.SUCCESS)
        for line in missing:
            self.message_user(request, line, messages.WARNING)
        return redirect("admin:articles_article_change", pk)

    def delete_unpublished(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: delete all versions that were never published."""
        article = self._changeable(request, pk)
        if not request.user.has_perm("articles.publish_article"):
            raise PermissionDenied
        count = versions.delete_unpublished(article)
        # The admin's own log repeats former headlines.
        entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Article), object_id=str(pk))
        entries.update(object_repr=str(article)[:200])
        self.message_user(request, f"{count} saved versions are deleted. Editions stay.", messages.SUCCESS)
        for name in sorted({str(row.person) for row in Autosave.objects.filter(article=pk).select_related("person")}):
            words = f"{name} has typed something here that is not saved. It stays theirs: ask them to discard it."
            self.message_user(request, words, messages.WARNING)
        return redirect(reverse("admin:articles_article_history", args=[pk]))

    def _changeable(self, request: HttpRequest, pk: int) -> Article:
        """Return the article. Raises Http404, PermissionDenied unless it is a POST by somebody who may change it."""
        article = cast("Article | None", self.get_object(request, str(pk)))
        if article is None or request.method != "POST":
            raise Http404
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article
