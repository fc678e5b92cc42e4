"""Stores what is typed into the article's form every few seconds, and offers it again."""

import secrets
from typing import Any, cast

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timezone import localtime

from articles.models import Article, Autosave
from articles.publishing import autosave
from newsroom.models import User

SAVED_KEYS = "saved_keys"  # in the session: forms saved recently, whose copies the browser deletes


def new_key() -> str:
    """Return the key of a form that is opened."""
    return secrets.token_hex(16)


class AutosaveMixin(ModelAdmin):
    """Adds the views below to the article's admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("autosave/", view(self.autosave), name="articles_article_autosave_new"),
            path("<int:pk>/autosave/", view(self.autosave), name="articles_article_autosave"),
            path("unsaved/<str:key>/", view(self.unsaved), name="articles_article_unsaved"),
            *super().get_urls(),
        ]

    def autosave(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """POST by the form's script: {"at": "14:05", "others": [names]}."""
        article = self._writable(request, pk)
        person = cast(User, request.user)
        stored = autosave.store(request.POST, article=article, by=person)
        if stored is None:
            return JsonResponse({}, status=400)
        others = autosave.colleagues_typing(article, but=person) if article else []
        return JsonResponse({"at": f"{localtime(stored.saved_at):%H:%M}", "others": others})

    def unsaved(self, request: HttpRequest, key: str) -> HttpResponse:
        """POST: show the form as it was left, not saved yet; or, with `discard`, delete the autosave."""
        if request.method != "POST":
            return redirect("admin:articles_article_changelist")
        stored = get_object_or_404(Autosave, key=key, person=cast(User, request.user))
        article = self._writable(request, stored.article_id)
        page = (
            reverse("admin:articles_article_change", args=[article.pk])
            if article
            else reverse("admin:articles_article_add")
        )
        if "discard" in request.POST:
            autosave.delete(key, by=cast(User, request.user))
            self.message_user(request, "Discarded.")
            return redirect(page)
        form = QueryDict(stored.form, mutable=True)
        form["_unsaved"] = timezone.localtime(stored.saved_at).strftime("%-d %B, %H:%M")
        request.POST = form  # type: ignore[assignment]
        return self.changeform_view(request, str(article.pk) if article else None, form_url=page)

    def _writable(self, request: HttpRequest, pk: int | None) -> Article | None:
        """Return the article, None for a new one. Raises Http404, PermissionDenied if it is not theirs to change."""
        if request.method != "POST":
            raise Http404
        article = self.get_object(request, str(pk)) if pk else None
        if pk and article is None:
            raise Http404
        if not (self.has_change_permission(request, article) if article else self.has_add_permission(request)):
            raise PermissionDenied
        return cast("Article | None", article)

    def saved(self, request: HttpRequest, key: str) -> None:
        """Delete the autosave of a form that was saved."""
        autosave.delete(key, by=cast(User, request.user))
        request.session[SAVED_KEYS] = [*request.session.get(SAVED_KEYS, []), key][-20:]

    def unsaved_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """Return what the form's template needs of autosaves."""
        person = cast(User, request.user)
        url = (
            reverse("admin:articles_article_autosave", args=[article.pk])
            if article
            else reverse("admin:articles_article_autosave_new")
        )
        return {
            "autosave_url": url,
            "saved_keys": request.session.get(SAVED_KEYS, []),
            "unsaved": [] if request.method == "POST" else autosave.autosaves_of(article, by=person)[:5],
            "others": autosave.colleagues_typing(article, but=person) if article else [],
        }
