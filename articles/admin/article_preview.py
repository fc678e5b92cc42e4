"""The preview of a working copy in the admin, and the links to it that are given out."""

import re
from typing import cast

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator

from articles.models import Article, PreviewLink
from articles.publishing import previews
from articles.views.article import preview_in_admin
from newsroom.forms import PlainTextField
from newsroom.models import User


class PreviewMixin(admin.ModelAdmin):
    """Adds the pages of the preview to the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview), name="articles_article_preview"),
            path("<int:pk>/preview/page/", view(self.preview_page), name="articles_article_preview_page"),
            *super().get_urls(),
        ]

    @method_decorator(csp_update({"frame-src": "'self'"}))
    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the saved working copy as on a phone or a wide screen, and its links. POST makes one, or ends one."""
        article = self._seen_by(request, pk)
        if request.method == "POST":
            self._change_links(request, article)
            return redirect("admin:articles_article_preview", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview: {article}",
            "opts": self.opts,
            "original": article,
            "links": [
                (link, settings.SITE_URL + previews.path_of(link), self._may_end(request, link))
                for link in article.preview_links.open().select_related("made_by", "article")
            ],
            "ended": article.preview_links.filter(ends_at__lte=timezone.now()).select_related("made_by"),
            "width": "desk" if request.GET.get("width") == "desk" else "phone",
        }
        return TemplateResponse(request, "admin/articles/article/preview.html", context)

    def preview_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the working copy itself, for the frame."""
        return preview_in_admin(request, self._seen_by(request, pk))

    def _seen_by(self, request: HttpRequest, pk: int) -> Article:
        article: Article | None = self.get_object(request, str(pk))
        if article is None:
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _change_links(self, request: HttpRequest, article: Article) -> None:
        """Make a link, or end the one that `end` names. Raises PermissionDenied."""
        if "end" not in request.POST:
            for_whom = PlainTextField(required=False).clean(request.POST.get("for_whom"))[:80]
            previews.give_link(article, by=cast(User, request.user), for_whom=for_whom)
            self.message_user(request, "The link is made. It stands below, and ends in a week.", messages.SUCCESS)
            return
        asked = request.POST["end"]
        link = article.preview_links.filter(pk=int(asked)).first() if re.fullmatch("[0-9]{1,9}", asked) else None
        if link is not None:
            if not self._may_end(request, link):
                raise PermissionDenied("This is an editor's to do, or of whoever made the link.")
            previews.end_link(link)
        self.message_user(request, "That link has ended.", messages.SUCCESS)

    def _may_end(self, request: HttpRequest, link: PreviewLink) -> bool:
        return link.made_by_id == request.user.pk or request.user.has_perm("articles.publish_article")
