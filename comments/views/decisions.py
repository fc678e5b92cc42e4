"""The queue's forms: decide, undo, pick and restrict."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from comments.durations import in_words
from comments.models import NETWORK_RETENTION, Comment, ModerationEvent, Reason, Restriction
from comments.moderation import queue as moderation_queue
from comments.moderation import transitions
from comments.moderation.restrict import restrict as restrict_writer
from comments.views.queue import (
    RESTRICTION_DAYS,
    base_context,
    extend_lease,
    is_from_script,
    moderators_only,
    number,
    redirect_back,
    whole_number,
)
from newsroom.forms import PlainTextField
from newsroom.http.cache_headers import private
from newsroom.models import User

MAX_NETWORK_DAYS = 30  # somebody else has the network next month


def _moderators_post(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let only moderators call the view, and only by POST.

    A GET comes from somebody who was signed out meanwhile and has signed in again: they read that nothing was done.
    """

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            messages.warning(request, "That was not done, as you were signed out meanwhile. Please do it again.")
            return redirect("queue")
        return view(request)

    return private(moderators_only(wrapped))


@_moderators_post
def decide(request: HttpRequest) -> HttpResponse:
    """Decide about one text. 409, in words, if the comment is no longer as it was shown."""
    comment = get_object_or_404(Comment.objects.select_related("leased_by"), pk=number(request.POST, "comment"))
    expected, revision = request.POST.get("expected", ""), number(request.POST, "revision")
    problem = _decide(request, comment, expected=expected, revision=revision)
    extend_lease(request)
    return _respond(request, comment.pk, problem)


@_moderators_post
def decide_all(request: HttpRequest) -> HttpResponse:
    """Decide about all that are ticked, except those that were decided or changed meanwhile."""
    done, left = 0, 0
    for ticked in request.POST.getlist("selected")[: moderation_queue.PAGE_SIZE]:
        pk, _, shown = ticked.partition(":")
        status, _, revision = shown.partition(":")
        comment = Comment.objects.select_related("leased_by").filter(pk=whole_number(pk)).first()
        problem = comment is None or _decide(request, comment, expected=status, revision=whole_number(revision))
        done, left = done + (not problem), left + bool(problem)
    extend_lease(request)
    messages.success(request, f"{done} {'comment' if done == 1 else 'comments'} decided.")
    if left:
        messages.warning(request, f"{left} left as they were: decided or changed meanwhile.")
    return redirect_back(request)


@_moderators_post
def undo(request: HttpRequest) -> HttpResponse:
    """Take back one's own decision, while that is possible."""
    events = ModerationEvent.objects.select_related("comment", "by")
    event = get_object_or_404(events, pk=number(request.POST, "event"))
    problem = ""
    try:
        transitions.undo(event, by=cast(User, request.user))
    except transitions.Conflict:
        passed = in_words(transitions.UNDO_PERIOD)
        problem = f"This cannot be taken back any more: {passed} has passed, or something happened since. Decide anew."
    extend_lease(request)
    return _respond(request, event.comment_id, problem)


@_moderators_post
def pick(request: HttpRequest) -> HttpResponse:
    """Put a comment on top of its thread, or take it from there."""
    comment = get_object_or_404(Comment, pk=number(request.POST, "comment"))
    problem = ""
    try:
        transitions.pick(comment, picked=request.POST.get("picked") == "1", by=cast(User, request.user))
    except transitions.Conflict:
        problem = "Only an approved comment can be put on top."
    return _respond(request, comment.pk, problem)


@_moderators_post
def restrict(request: HttpRequest) -> HttpResponse:
    """Ban the writer of a comment, or hold what comes from them or their network, for a time."""
    comment = get_object_or_404(Comment.objects.select_related("commenter__user"), pk=number(request.POST, "comment"))
    days = number(request.POST, "days")
    kind = request.POST.get("kind", "")
    network = request.POST.get("whom") == "network"
    if problem := _restriction_problem(comment, kind=kind, days=days, network=network):
        messages.error(request, problem)
        return redirect_back(request)  # to the top, where the message is
    if network:
        days = min(days or MAX_NETWORK_DAYS, MAX_NETWORK_DAYS)
    restriction = restrict_writer(
        comment,
        network=network,
        kind=kind,
        until=timezone.now() + timedelta(days=days) if days else None,
        reason=PlainTextField(required=False).clean(request.POST.get("reason"))[:200],
        by=cast(User, request.user),
    )
    lasts = f" for {days} day{'s' * (days > 1)}" if days else ""
    messages.success(request, f"{restriction}{lasts}. It stands under Restrictions.")
    return redirect_back(request, to=comment.pk)


def _restriction_problem(comment: Comment, *, kind: str, days: int, network: bool) -> str:
    user = comment.commenter.user
    if kind not in Restriction.Kind.values or days not in RESTRICTION_DAYS:
        return "Please choose what is to be done, and for how long."
    if network and not comment.network:
        return f"The network is not known any more: it is forgotten after {in_words(NETWORK_RETENTION)}."
    if not network and comment.confirmed_at is None:
        return "Nobody has confirmed this address: it may be somebody else's. Restrict the network."
    if not network and user is not None and user.is_staff:
        return "That is one of the newsroom. Ask the publisher."
    return ""


def _decide(request: HttpRequest, comment: Comment, *, expected: str, revision: int) -> str:
    """Decide, or return in words why not.

    A decision that is sent again succeeds again: the response to the first may have been lost on its way.
    """
    by, to = cast(User, request.user), request.POST.get("to", "")
    colleague = moderation_queue.other_leaseholder(comment, by=by)
    if colleague is not None:
        return f"{colleague} is at work on this comment just now. Nothing was changed."
    reason = _reason(request) if to == Comment.Status.REJECTED else ""
    stays = to == expected == Comment.Status.APPROVED
    try:
        if to not in transitions.DECISIONS.get(expected, ()) and not stays:
            raise ValueError(to)
        transitions.change_status(comment, to, by=by, expected=expected, revision=revision, reason=reason)
    except (transitions.Conflict, ValueError):
        target = transitions.resolve_target(comment, to, expected=expected)
        decision = {"by": by, "from_status": expected, "to_status": target, "revision": revision, "reason": reason}
        last = comment.events.order_by("-pk").first()
        if last is None or any(getattr(last, name) != value for name, value in decision.items()):
            return "Somebody decided about this comment meanwhile, or its writer changed it. This is how it stands now."
    return ""


def _respond(request: HttpRequest, comment: int, problem: str) -> HttpResponse:
    """Send the script the comment's present card; redirect others to the list, or show the problem on a page."""
    if not is_from_script(request) and not problem:
        return redirect_back(request)
    card = moderation_queue.cards([comment], by=cast(User, request.user))[0]
    card.problem = problem
    template = "admin/comments/comment_card.html" if is_from_script(request) else "admin/comments/conflict.html"
    context = base_context(request) | {"card": card, "title": "Not decided"}
    return render(request, template, context, status=409 if problem else 200)


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "")
    return reason if reason in Reason.values else Reason.OTHER
