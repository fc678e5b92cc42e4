"""The board of the front page: editors choose an article for each place, or leave it to the rule."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from articles import front_page
from articles.models import Edition, FrontPlace
from newsroom.admin.base import ReadOnlyAdmin

MAX_OFFERED = 60  # of the newest articles, and of those that a search finds
PLACE_NAMES = ["Lead", "Second", "Third", "Fourth", "Fifth"]


class BoardForm(forms.Form):
    """A choice for each place (empty: by rule), and what was there when the form was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: dict[int, str], standing: list[int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "by rule: the newest"), *((str(pk), headline) for pk, headline in offered.items())]
        for place, name in enumerate(PLACE_NAMES):
            self.fields[f"place_{place}"] = forms.ChoiceField(
                label=name,
                choices=choices,
                required=False,
                initial=str(standing[place] or ""),
                error_messages={"invalid_choice": "This article is no longer on the site. Please choose another."},
            )
        self.fields["seen"].initial = _encode(standing)

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[f"place_{place}"] for place in range(front_page.PLACES)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [data[name] for name in data if name.startswith("place_") and data[name]]
        for pk in {pk for pk in chosen if chosen.count(pk) > 1}:
            last = [name for name in data if data[name] == pk and name.startswith("place_")][-1]
            self.add_error(last, "This article stands in another place already.")
        return data

    @property
    def arrangement(self) -> list[int | None]:
        return [int(pk) if (pk := self.cleaned_data[f"place_{place}"]) else None for place in range(front_page.PLACES)]


def _encode(standing: list[int | None]) -> str:
    return ",".join(str(pk or "") for pk in standing)


def _decode(seen: str) -> list[int | None]:
    return [int(part) if part.isdecimal() and len(part) < 19 else None for part in seen.split(",")]


@admin.register(FrontPlace)
class FrontPageAdmin(ReadOnlyAdmin):
    """Shows one form in place of a list of rows."""

    class Media:
        js = [Script("js/front-page-board.js", type="module")]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.change_frontplace")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        top = front_page.current_top(front_page.PLACES)
        standing = front_page.placed_articles()
        form = BoardForm(request.POST or None, offered=self._offered(request, top), standing=standing)
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            if form.is_valid() and self._arrange(request, form):
                return redirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": "The front page",
            "opts": self.opts,
            "form": form,
            "places": list(zip(form.places, [*top.places, *[None] * front_page.PLACES], strict=False)),
            "standing": standing,
            "q": request.GET.get("q", "")[:100],
            "may_change": self.has_change_permission(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/articles/frontplace/board.html", context)

    def _offered(self, request: HttpRequest, top: front_page.Top) -> dict[int, str]:
        """Return the choices (headline by Article.pk): what is placed, what a search finds, and the newest."""
        live = Edition.objects.live().newest().for_cards()
        words = request.GET.get("q", "").replace("\0", "")[:100]
        found = [*live.filter(headline__icontains=words)[:MAX_OFFERED]] if words else []
        waiting = FrontPlace.objects.select_related("article")
        placed = {row.article_id: f"{row.article.headline} (not on the site now)" for row in waiting}
        editions = [*top.places, *found, *live[:MAX_OFFERED]]
        return placed | {edition.article_id: edition.headline for edition in editions}

    def _arrange(self, request: HttpRequest, form: BoardForm) -> bool:
        """Save the form. Returns False, with an error in the form, if somebody else changed the page meanwhile."""
        try:
            front_page.arrange(form.arrangement, seen=_decode(form.cleaned_data["seen"]))
        except front_page.Conflict:
            words = "Somebody else arranged the front page meanwhile: see Now. Save again to put yours in its place."
            form.add_error(None, words)
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["seen"] = _encode(front_page.placed_articles())  # type: ignore[index]
            return False
        self.message_user(request, "The front page stands like this now.", messages.SUCCESS)
        return True
