"""`/admin/comments/queue/`: forms that work without a script. static/js/moderation-queue.js adds the keyboard."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from articles import pagination
from comments.models import Comment, Commenter, ModerationEvent, Reason, Restriction
from comments.moderation import queue as desk
from comments.moderation import transitions
from newsroom.forms import PlainTextField
from newsroom.http.cache_headers import private
from newsroom.models import User

WORKED_OFF = ("held", "reported")
DAYS = (1, 7, 30, 0)  # 0: until somebody ends it
_moderators_only = permission_required("comments.moderate_comment", raise_exception=True)


def _by_form(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What changes something comes by a form, from a moderator.

    Whoever was signed out meanwhile is led here again after signing in, without the form: they are told.
    """

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            messages.warning(request, "That was not done, as you were signed out meanwhile. Please do it again.")
            return redirect("queue")
        return view(request)

    return private(_moderators_only(wrapped))


@private
@_moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """One list of the queue (`?view=`), or all of one writer (`?writer=`).

    Looking at it changes nothing. POST: a moderator has begun with what waits, or wants more of it, and takes it.
    """
    moderator = cast(User, request.user)
    name, waiting = _list_of(request.GET)
    writer = _writer(request)
    page = None
    if writer is not None:
        page = pagination.keyset_page(writer.comments.all(), request, at="created_at")
        ids = [comment.pk for comment in page.rows]
    elif waiting is not None:
        ids = _go_on(request) if request.method == "POST" else desk.next_ones(waiting, by=moderator)
    elif name == "recent":
        ids = desk.recently_decided()
    else:
        page = pagination.keyset_page(desk.views()[name][1], request, at="created_at", oldest_first=True)
        ids = [comment.pk for comment in page.rows]
    if request.method == "POST" and not request.headers.get("X-Queue"):
        return _back(request)
    context = _around(request) | {
        "title": "Comments",
        "views": [
            (key, title, desk.how_many(rows) if key in WORKED_OFF else "")
            for key, (title, rows) in desk.views().items()
        ],
        "view": "" if writer else name,
        "writer": writer,
        "cards": desk.cards(ids, by=moderator),
        "page": page,
        "away": [] if waiting is None else desk.in_other_hands(waiting, by=moderator),
        "worked_off": waiting is not None,
        "last": _last_decision(moderator),
    }
    return render(request, "admin/comments/queue.html", context)


@_by_form
def decide(request: HttpRequest) -> HttpResponse:
    """One decision about one text. 409, in words, if it does not stand any more as it was shown."""
    moderator = cast(User, request.user)
    comment = get_object_or_404(Comment.objects.select_related("leased_by"), pk=_number(request.POST, "comment"))
    problem = _decide(
        comment,
        request.POST.get("to", ""),
        by=moderator,
        expected=request.POST.get("expected", ""),
        revision=_number(request.POST, "revision"),
        reason=_reason(request),
    )
    _go_on(request)
    return _answer(request, comment.pk, problem)


@_by_form
def decide_all(request: HttpRequest) -> HttpResponse:
    """The same decision about all that are ticked; what was decided or changed meanwhile is left, and said."""
    done, left = 0, 0
    for ticked in request.POST.getlist("selected")[: desk.PAGE]:
        pk, _, shown = ticked.partition(":")
        status, _, revision = shown.partition(":")
        comment = Comment.objects.select_related("leased_by").filter(pk=_whole(pk)).first()
        problem = comment is None or _decide(
            comment,
            request.POST.get("to", ""),
            by=cast(User, request.user),
            expected=status,
            revision=_whole(revision),
            reason=_reason(request),
        )
        done, left = done + (not problem), left + bool(problem)
    _go_on(request)
    messages.success(request, f"{done} {'comment' if done == 1 else 'comments'} decided.")
    if left:
        messages.warning(request, f"{left} left as they were: decided or changed meanwhile.")
    return _back(request)


@_by_form
def undo(request: HttpRequest) -> HttpResponse:
    """Take back one's own decision, within a minute."""
    events = ModerationEvent.objects.select_related("comment", "by")
    event = get_object_or_404(events, pk=_number(request.POST, "event"))
    problem = ""
    try:
        transitions.undo(event, by=cast(User, request.user))
    except transitions.Conflict:
        problem = "This cannot be taken back any more: a minute has passed, or something happened since. Decide anew."
    _go_on(request)
    return _answer(request, event.comment_id, problem)


@_by_form
def pick(request: HttpRequest) -> HttpResponse:
    """Put a comment on top of its thread, or no longer."""
    comment = get_object_or_404(Comment, pk=_number(request.POST, "comment"))
    problem = ""
    try:
        transitions.pick(comment, picked=request.POST.get("picked") == "1", by=cast(User, request.user))
    except transitions.Conflict:
        problem = "Only an approved comment can be put on top."
    return _answer(request, comment.pk, problem)


@_by_form
def restrict(request: HttpRequest) -> HttpResponse:
    """Ban the writer of a comment, or hold what comes from them or their network, for a time."""
    comment = get_object_or_404(Comment.objects.select_related("commenter__user"), pk=_number(request.POST, "comment"))
    days = _number(request.POST, "days")
    kind = request.POST.get("kind", "")
    network = request.POST.get("whom") == "network"
    user = comment.commenter.user
    if kind not in Restriction.Kind.values or days not in DAYS:
        messages.error(request, "Please choose what is to be done, and for how long.")
    elif network and not comment.network:
        messages.error(request, "The network is not known any more: it is forgotten after 30 days.")
    elif not network and comment.confirmed_at is None:
        messages.error(request, "Nobody has confirmed this address: it may be somebody else's. Restrict the network.")
    elif not network and user is not None and user.is_staff:
        messages.error(request, "That is one of the newsroom. Ask the publisher.")
    else:
        days = min(days or 30, 30) if network else days
        restriction = _restrict(
            comment,
            network=network,
            kind=kind,
            until=timezone.now() + timedelta(days=days) if days else None,
            reason=PlainTextField(required=False).clean(request.POST.get("reason"))[:200],
            by=cast(User, request.user),
        )
        lasts = f" for {days} day{'s' * (days > 1)}" if days else ""
        messages.success(request, f"{restriction}{lasts}. It stands under Restrictions.")
        return _back(request, to=comment.pk)
    return _back(request)  # to the top, where it is said why not


@transaction.atomic
def _restrict(
    comment: Comment, *, network: bool, kind: str, until: datetime | None, reason: str, by: User
) -> Restriction:
    """Restrict whoever wrote it. The same restriction again replaces the one in force: pressed twice it is one."""
    Commenter.objects.select_for_update(no_key=True).get(pk=comment.commenter_id)  # first, as where somebody writes
    transitions.lock(comment)
    whom: dict[str, Any] = {"network": comment.network} if network else {"commenter": comment.commenter}
    restriction = Restriction.objects.in_force().filter(kind=kind, **whom).first() or Restriction(kind=kind, **whom)
    restriction.by, restriction.until, restriction.reason = by, until, reason
    restriction.save()
    transitions.note_down(comment, transitions.RESTRICTED, by=by, note=str(restriction))
    return restriction


def _decide(comment: Comment, to: str, *, by: User, expected: str, revision: int, reason: str) -> str:
    """Decide; in words, why not. Sent twice, a decision is one: the first answer may have been lost on its way."""
    other = desk.holder(comment, by=by)
    if other is not None:
        return f"{other} is at work on this comment just now. Nothing was changed."
    kept = to == expected == Comment.Status.APPROVED
    try:
        if to not in transitions.DECISIONS.get(expected, ()) and not kept:
            raise ValueError(to)
        reason = reason if to == Comment.Status.REJECTED else ""
        transitions.change_status(comment, to, by=by, expected=expected, revision=revision, reason=reason)
    except (transitions.Conflict, ValueError):
        led_to = transitions.leads_to(comment, to, expected=expected)
        decided = {"by": by, "from_status": expected, "to_status": led_to, "revision": revision, "reason": reason}
        last = comment.events.order_by("-pk").first()
        if last is None or any(getattr(last, name) != value for name, value in decided.items()):
            return "Somebody decided about this comment meanwhile, or its writer changed it. This is how it stands now."
    return ""


def _go_on(request: HttpRequest) -> list[int]:
    """Whoever decides is at work on the list: its next ones are theirs."""
    _, waiting = _list_of(QueryDict(request.POST.get("back", "")))
    return [] if waiting is None else desk.take(waiting, by=cast(User, request.user))


def _answer(request: HttpRequest, comment: int, problem: str) -> HttpResponse:
    """To the script: the comment's card as it is now. To everybody else: back to the list, or a page that says why."""
    status = 409 if problem else 200
    if request.headers.get("X-Queue") or problem:
        card = desk.cards([comment], by=cast(User, request.user))[0]
        card.problem = problem
        template = (
            "admin/comments/comment_card.html" if request.headers.get("X-Queue") else "admin/comments/conflict.html"
        )
        return render(request, template, _around(request) | {"card": card, "title": "Not decided"}, status=status)
    return _back(request)


def _back(request: HttpRequest, to: int | None = None) -> HttpResponse:
    """To the list as it was, and in it to the comment `to`."""
    place = f"#comment-{to}" if to else ""
    return redirect(f"{reverse('queue')}?{request.POST.get('back', '')}{place}")


def _around(request: HttpRequest) -> dict[str, Any]:
    """What the admin's frame and the cards need."""
    back = QueryDict(request.POST.get("back", "")) if request.method == "POST" else request.GET
    return {
        **admin.site.each_context(request),
        "reasons": [(number, *reason) for number, reason in enumerate(Reason.choices, start=1)],
        "kinds": Restriction.Kind.choices,
        "days": DAYS,
        "back": back.urlencode(),
        "hide_names": back.get("names") == "hidden",
        "full_width": True,
    }


def _last_decision(moderator: User) -> ModerationEvent | None:
    """While it can be taken back."""
    last = ModerationEvent.objects.filter(by=moderator).order_by("-at", "-pk").select_related("comment").first()
    return last if last and transitions.may_undo(last, moderator) else None


def _list_of(sent: QueryDict) -> tuple[str, QuerySet[Comment] | None]:
    """The name of the list that an address asks for; its rows, if it is one of those that are worked off."""
    views = desk.views()
    name = sent.get("view", "held")
    name = name if name in views else "held"
    return name, views[name][1] if name in WORKED_OFF and not sent.get("writer") else None


def _writer(request: HttpRequest) -> Commenter | None:
    if not request.GET.get("writer"):
        return None
    return get_object_or_404(Commenter, pk=_number(request.GET, "writer"))


def _number(sent: QueryDict, name: str) -> int:
    return _whole(sent.get(name, ""))


def _whole(given: str) -> int:
    """0 for what is no number."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else 0


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "")
    return reason if reason in Reason.values else Reason.OTHER
