"""`/admin/comments/queue/`: the moderators' queue. static/js/moderation-queue.js adds keys to its plain forms."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles import pagination
from comments.models import Comment, Commenter, ModerationEvent, Reason, Restriction
from comments.moderation import queue as moderation_queue
from comments.moderation import transitions
from comments.moderation.queue import LEASED_LISTS
from newsroom.http.cache_headers import private
from newsroom.models import User

RESTRICTION_DAYS = (1, 7, 30, 0)  # 0: until somebody ends it
moderators_only = permission_required("comments.moderate_comment", raise_exception=True)


@private
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Show one list of the queue (`?view=`), or all comments of one writer (`?writer=`).

    GET changes nothing. POST leases the next page to a moderator who has begun to work, or asks for more.
    """
    moderator = cast(User, request.user)
    name, leasable = _requested_list(request.GET)
    writer = _writer(request)
    page = None
    if writer is not None:
        page = pagination.keyset_page(writer.comments.all(), request, at="created_at")
        ids = [comment.pk for comment in page.rows]
    elif leasable is not None:
        ids = (
            extend_lease(request)
            if request.method == "POST"
            else moderation_queue.next_unleased(leasable, by=moderator)
        )
    elif name == "recent":
        ids = moderation_queue.recently_decided()
    else:
        page = pagination.keyset_page(moderation_queue.lists()[name][1], request, at="created_at", oldest_first=True)
        ids = [comment.pk for comment in page.rows]
    if request.method == "POST" and not is_from_script(request):
        return redirect_back(request)
    context = base_context(request) | {
        "title": "Comments",
        "views": [
            (key, title, moderation_queue.count_label(rows) if key in LEASED_LISTS else "")
            for key, (title, rows) in moderation_queue.lists().items()
        ],
        "view": "" if writer else name,
        "writer": writer,
        "cards": moderation_queue.cards(ids, by=moderator),
        "page": page,
        "away": [] if leasable is None else moderation_queue.leased_by_others(leasable, by=moderator),
        "worked_off": leasable is not None,
        "last": _last_decision(moderator),
    }
    return render(request, "admin/comments/queue.html", context)


def extend_lease(request: HttpRequest) -> list[int]:
    """Lease the next page of the list that the moderator came from; return its ids."""
    _, leasable = _requested_list(QueryDict(request.POST.get("back", "")))
    return [] if leasable is None else moderation_queue.lease(leasable, by=cast(User, request.user))


def is_from_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("X-Queue"))


def redirect_back(request: HttpRequest, to: int | None = None) -> HttpResponse:
    """Redirect to the list that the moderator came from, and in it to the comment `to`."""
    anchor = f"#comment-{to}" if to else ""
    return redirect(f"{reverse('queue')}?{request.POST.get('back', '')}{anchor}")


def base_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the admin's frame and the cards need."""
    back = QueryDict(request.POST.get("back", "")) if request.method == "POST" else request.GET
    return {
        **admin.site.each_context(request),
        "reasons": [(number, *reason) for number, reason in enumerate(Reason.choices, start=1)],
        "kinds": Restriction.Kind.choices,
        "days": RESTRICTION_DAYS,
        "undo_period": transitions.UNDO_PERIOD,
        "lease": moderation_queue.LEASE,
        "back": back.urlencode(),
        "hide_names": back.get("names") == "hidden",
        "full_width": True,
    }


def number(data: QueryDict, name: str) -> int:
    return whole_number(data.get(name, ""))


def whole_number(text: str) -> int:
    """Return the number, or 0 if the text is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _last_decision(moderator: User) -> ModerationEvent | None:
    """Return the moderator's last decision while it can be undone."""
    last = ModerationEvent.objects.filter(by=moderator).order_by("-at", "-pk").select_related("comment").first()
    return last if last and transitions.may_undo(last, moderator) else None


def _requested_list(query: QueryDict) -> tuple[str, QuerySet[Comment] | None]:
    """Return the name of the requested list, and its rows if they can be leased."""
    lists = moderation_queue.lists()
    name = query.get("view", "held")
    name = name if name in lists else "held"
    return name, lists[name][1] if name in LEASED_LISTS and not query.get("writer") else None


def _writer(request: HttpRequest) -> Commenter | None:
    if not request.GET.get("writer"):
        return None
    return get_object_or_404(Commenter, pk=number(request.GET, "writer"))
