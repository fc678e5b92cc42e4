"""The buttons below the article's form: each saves, then takes a step (articles.publishing.workflow)."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from articles.admin.article_form import EDITOR_STEPS, STEPS, ArticleForm
from articles.models import Article, Edition
from articles.publishing import workflow
from newsroom.models import User

Status = Article.Status


class StepsMixin(ModelAdmin):
    """Takes the step of the pressed button. `save_related` leaves the valid form as `request.saved_form`."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse the steps of editors to everybody else. The button saves first, then takes its step."""
        pressed = _pressed(request)
        if any(step in EDITOR_STEPS for step in pressed) and not request.user.has_perm("articles.publish_article"):
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
        """Take the step of the button with what was saved, and stay on the article."""
        form: ArticleForm = request.saved_form  # type: ignore[attr-defined]
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


def _pressed(request: HttpRequest) -> list[str]:
    """Return the steps that the request asks for: one, unless it was tampered with."""
    return [step for step in STEPS if step in request.POST]


def _step(form: ArticleForm, article: Article, *, by: User) -> str:
    """Take the step that the form asks for, and return what was done, in words. Raises ValidationError, Conflict."""
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
