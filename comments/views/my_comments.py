"""`/comments/mine/`: a writer reads, changes and deletes their own comments. All of it private."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles import pagination
from articles.models import with_published_headline
from comments.durations import in_words
from comments.models import Comment, ModerationEvent, Restriction
from comments.models.comment import EDITABLE_FOR
from comments.moderation import rules, transitions
from comments.posting import edit as editing
from comments.posting import identity
from comments.posting.forms import EditForm
from newsroom.http.cache_headers import private
from newsroom.http.csrf import has_valid_csrf_token


@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """`/comments/mine/`: all of one's own, with what became of each and why."""
    writer = identity.known_writer(request)
    if writer is None:
        return render(request, "comments/writer_unknown.html", status=403)
    decisions = ModerationEvent.objects.exclude(from_status=F("to_status")).order_by("-at", "-pk")
    comments = writer.commenter.comments.listed_to_writer()
    comments = comments.annotate(**with_published_headline("article")).prefetch_related(Prefetch("events", decisions))
    page = pagination.keyset_page(comments, request, at="created_at")
    restrictions = Restriction.objects.on(writer.commenter)
    context = {"writer": writer, "page": page, "comments": page.rows, "restrictions": restrictions}
    return render(request, "comments/my_comments.html", context)


def _own_comment(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the comment of `public_id` to the view, for its writer alone: to everybody else it does not exist.

    A session may have ended since the writer began to type: the page then shows what they typed.
    """

    @private
    @require_http_methods(["GET", "HEAD", "POST"])
    def wrapped(request: HttpRequest, public_id: UUID) -> HttpResponse:
        writer = identity.known_writer(request)
        own = writer.commenter.comments.listed_to_writer() if writer else Comment.objects.none()
        comment = own.filter(public_id=public_id).first()
        if comment is None:
            typed = request.POST.get("body", "")
            if not typed:
                raise Http404(public_id)
            return render(request, "comments/writer_unknown.html", {"typed": typed}, status=403)
        return view(request, comment)

    return wrapped


@csrf_exempt
@_own_comment
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
            passed = in_words(EDITABLE_FOR)
            form.add_error(None, f"It can no longer be changed: {passed} have passed, or somebody has answered.")
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
    context = {"comment": comment, "form": form, "editable_for": EDITABLE_FOR}
    return render(request, "comments/edit.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`/comments/<public-id>/delete/`: asks, and then deletes for good.

    A second POST gets the same response as the first, which may have been lost on its way.
    """
    writer = identity.known_writer(request)
    own = writer.commenter.comments if writer else Comment.objects.none()
    if request.method == "POST" and own.filter(public_id=public_id, status=Comment.Status.DELETED).exists():
        return _deleted(request)
    return _delete(request, public_id)


@_own_comment
def _delete(request: HttpRequest, comment: Comment) -> HttpResponse:
    if request.method != "POST":
        return render(request, "comments/delete.html", {"comment": comment})
    try:
        editing.delete(comment)
    except transitions.Conflict:
        comment.refresh_from_db()
        if not comment.is_deleted:
            messages.error(request, "A moderator has just decided about it. Please try again.")
            return redirect("my_comments")
    return _deleted(request)


def _deleted(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Your comment is deleted.")
    return redirect("my_comments")
