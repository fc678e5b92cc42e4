"""What a writer does with their own comments, and a guest with the link from the mail. All of it private."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import pagination
from articles.models import with_published_headline
from comments import erasure, notifications
from comments.models import Comment, Follow, ModerationEvent, Restriction
from comments.models.comment import EDITABLE_FOR
from comments.moderation import rules, transitions
from comments.posting import confirm as confirmation
from comments.posting import edit as editing
from comments.posting import identity
from comments.posting.forms import EditForm, LeaveForm
from comments.posting.identity import Known
from comments.posting.post import new_stamp
from newsroom.http.cache_headers import private
from newsroom.http.csrf import has_valid_csrf_token
from newsroom.models import Erasure, User

Status = Comment.Status
_reads = require_http_methods(["GET", "HEAD", "POST"])


@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """`/comments/mine/`: all of one's own, with what became of each and why."""
    writer = identity.known(request)
    if writer is None:
        return render(request, "comments/writer_unknown.html", status=403)
    rows = writer.commenter.comments.exclude(status__in=[Status.DELETED, Status.UNCONFIRMED])
    rows = rows.annotate(**with_published_headline("article")).prefetch_related(
        Prefetch("events", ModerationEvent.objects.exclude(from_status=F("to_status")).order_by("-at", "-pk"))
    )
    page = pagination.keyset_page(rows, request, at="created_at")
    restrictions = Restriction.objects.on(writer.commenter)
    context = {"writer": writer, "page": page, "comments": page.rows, "restrictions": restrictions}
    return render(request, "comments/my_comments.html", context)


def _own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The comment of `public_id`, for its writer alone: to everybody else it does not exist.

    A session may have ended since the writer began to type: what they typed comes back.
    """

    @private
    @_reads
    def wrapped(request: HttpRequest, public_id: UUID) -> HttpResponse:
        writer = identity.known(request)
        comment = (
            writer.commenter.comments.exclude(status__in=[Status.DELETED, Status.UNCONFIRMED])
            .filter(public_id=public_id)
            .first()
            if writer
            else None
        )
        if comment is None:
            typed = request.POST.get("body", "")
            if not typed:
                raise Http404(public_id)
            return render(request, "comments/writer_unknown.html", {"typed": typed}, status=403)
        return view(request, comment)

    return wrapped


@csrf_exempt
@_own
def edit(request: HttpRequest, comment: Comment) -> HttpResponse:
    """`/comments/<public-id>/edit/`; with a token that no longer holds, what was typed is to be saved once more."""
    posted = request.POST if request.method == "POST" else None
    form = EditForm(posted, initial={"body": comment.body, "revision": comment.revision})
    status = 200
    if posted is not None and form.is_valid() and not has_valid_csrf_token(request):
        form.add_error(None, "You have signed in since this page was opened. Please save once more.")
        status = 403
    elif posted is not None and form.is_valid():
        try:
            editing.edit(comment, form.cleaned_data["body"], revision=form.cleaned_data["revision"])
        except editing.TooLate:
            form.add_error(None, "It can no longer be changed: ten minutes have passed, or somebody has answered.")
        except rules.Refused as refused:
            form.add_error(None, str(refused))
        except transitions.Conflict:
            form.add_error(None, "It was changed meanwhile, perhaps in another window. Please look at it again.")
        else:
            messages.success(request, "Your comment is changed.")
            return redirect("my_comments")
        status = 409
    elif posted is not None:
        status = 422
    return render(request, "comments/edit.html", {"comment": comment, "form": form}, status=status)


@private
@_reads
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`/comments/<public-id>/delete/`: asks, and then deletes for good. Sent twice is once: the first answer may have
    been lost on its way.
    """
    writer = identity.known(request)
    own = writer.commenter.comments if writer else Comment.objects.none()
    if request.method == "POST" and own.filter(public_id=public_id, status=Status.DELETED).exists():
        return _deleted(request)
    return _delete(request, public_id)


@_own
def _delete(request: HttpRequest, comment: Comment) -> HttpResponse:
    if request.method != "POST":
        return render(request, "comments/delete.html", {"comment": comment})
    try:
        editing.delete(comment)
    except transitions.Conflict:
        comment.refresh_from_db()
        if comment.status != Status.DELETED:
            messages.error(request, "A moderator has just decided about it. Please try again.")
            return redirect("my_comments")
    return _deleted(request)


def _deleted(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Your comment is deleted.")
    return redirect("my_comments")


@private
@require_POST
def forget_me(request: HttpRequest) -> HttpResponse:
    """`/comments/forget-me/`: this device no longer knows the guest."""
    response = redirect("front")
    identity.forget(response)
    return response


@private
@_reads
def leave(request: HttpRequest) -> HttpResponse:
    """`/comments/leave/`: a guest whom this device knows has a link mailed that takes out all that is theirs."""
    if request.user.is_authenticated:
        return redirect("erase")
    guest = identity.known_guest(request)
    if guest is None:
        return render(request, "comments/writer_unknown.html", status=403)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        removed = form.cleaned_data["comments"] == Erasure.Comments.REMOVED
        erasure.ask(guest.commenter, form.cleaned_data["email"], removed=removed)
        messages.success(request, "If that is your address, a link is on its way there. It holds for a day.")
        return redirect("my_comments")
    return render(request, "comments/erasure_request.html", {"form": form}, status=422 if form.is_bound else 200)


@private
@_reads
def leave_as_guest(request: HttpRequest, token: str) -> HttpResponse:
    """`/comments/leave/<token>/`, from the mail: GET shows a button, POST takes the guest out for good."""
    asked = erasure.opened(token)
    if asked is None:
        return render(request, "comments/erasure_confirm.html", {"over": True}, status=410)
    guest, removed = asked
    if request.method != "POST":
        return render(request, "comments/erasure_confirm.html", {"removed": removed})
    erasure.take_out(guest, removed=removed)
    response = render(request, "comments/erasure_confirm.html", {"removed": removed, "done": True})
    identity.forget(response)
    return response


@private
@_reads
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`/comments/confirm/<token>/`: GET shows what waits for this address, POST says that it is one's own."""
    commenter = confirmation.commenter_from_token(token)
    waiting = (
        list(confirmation.unconfirmed_comments(commenter).annotate(**with_published_headline("article")))
        if commenter is not None
        else []
    )
    if commenter is None or not waiting:
        return render(request, "comments/confirm_expired.html", status=410)
    ticked = request.POST.getlist("comment")
    chosen = [comment for comment in waiting if str(comment.public_id) in ticked]
    # Several names or devices in one mail: somebody else may have typed the address, so nothing is ticked beforehand.
    one_writer = len({(comment.name, comment.network) for comment in waiting}) == 1
    context: dict[str, Any] = {"comments": waiting, "ticked": chosen or (waiting if one_writer else [])}
    if request.method != "POST":
        return render(request, "comments/confirm.html", context)
    try:
        done = confirmation.confirm_comments(commenter, [comment.pk for comment in chosen])
    except rules.Refused as refused:
        return render(request, "comments/confirm.html", {**context, "problem": str(refused)}, status=403)
    if not done and chosen:  # pressed twice at once: the first press has done it
        done = list(commenter.comments.filter(pk__in=[comment.pk for comment in chosen], confirmed_at__isnull=False))
    if not done:
        return render(
            request, "comments/confirm.html", {**context, "problem": "Please tick what is yours."}, status=422
        )
    commenter.refresh_from_db()
    response = redirect("my_comments")
    identity.remember(response, request, commenter, done[-1].name)
    messages.success(request, "Thank you. Your address is confirmed.")
    return response


@private
@login_required
@require_POST
def choose_mail(request: HttpRequest) -> HttpResponse:
    """`/comments/mail/`: of the answers that a person is told of by mail, those that are still ticked stay."""
    unticked = {*request.POST.getlist("shown")} - {*request.POST.getlist("follow")}
    for follow in Follow.objects.filter(commenter__user=cast(User, request.user)):
        if str(follow.pk) in unticked:
            notifications.unfollow(follow)
    messages.success(request, "You are mailed about what is ticked, and nothing else.")
    return redirect("account")


@csrf_exempt
@private
@_reads
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """`/comments/unfollow/<token>/`: GET shows a button; POST ends the mail, a mail program's own one-click included.

    No token of ours is asked for: the address itself is the proof (RFC 8058), and ending mail twice does no harm.
    """
    follow = notifications.follow_from_token(token)
    if request.method == "POST" and follow is not None:
        notifications.unfollow(follow)
    context: dict[str, Any] = {"ended": follow is None or request.method == "POST"}
    return render(request, "comments/unfollow.html", context)


def overlay(request: HttpRequest) -> dict[str, Any]:
    """`guest`: the name of a guest whom this device knows; `stamp` for the form.

    `own`: one's comments that nobody else sees yet, with their `html`, and those that everybody sees and that can still
    be changed, without it.
    """
    writer: Known | None = None
    if request.user.is_authenticated:
        own = Comment.objects.filter(commenter__user=request.user)
    else:
        writer = identity.known_guest(request)
        own = Comment.objects.filter(commenter=writer.commenter) if writer else Comment.objects.none()
    held = Q(status__in=[Status.PENDING, Status.SPAM], confirmed_at__isnull=False)
    fresh = Q(status=Status.APPROVED, created_at__gt=timezone.now() - EDITABLE_FOR)
    return {
        "guest": writer.name if writer else None,
        "stamp": new_stamp(),
        "own": [_for_its_writer(comment) for comment in own.filter(held | fresh).order_by("-created_at")[:10]],
    }


def _for_its_writer(comment: Comment) -> dict[str, Any]:
    change, delete = (reverse(way, args=[comment.public_id]) for way in ("edit_comment", "delete_comment"))
    return {
        "article": comment.article_id,
        "id": comment.public_id,
        "name": comment.name,
        "html": "" if comment.is_approved else comment.html,
        "ways": ({"Change": change} if comment.editable else {}) | {"Delete": delete},
    }
