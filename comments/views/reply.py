"""A reader posts a reply; a private page asks for what is missing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles.models import Edition
from comments.models import Comment, Thread
from comments.moderation.rules import Refused
from comments.posting import identity, post
from comments.posting.forms import ReplyForm
from comments.posting.identity import KnownWriter
from comments.posting.post import Reply, TooFast, set_missing_name
from newsroom.http.cache_headers import private
from newsroom.http.csrf import has_valid_csrf_token
from newsroom.http.middleware import SIGNED_IN_HINT

HONEYPOT = "website"  # a field that people do not see


@private
def reply(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Store a reply, or show the form again, privately and with a token, with all that was typed.

    The form in a public page has no token, as everybody gets the same page: sent from there without JavaScript, it
    comes back once to be confirmed.
    """
    writer = _writer(request)
    form = ReplyForm(request.POST, writer=writer)
    parent = _parent(request, edition)
    confirmed = has_valid_csrf_token(request)
    valid = form.is_valid()
    if not (confirmed and valid):
        return _form(request, edition, form, parent, status=200 if valid else 422, to_confirm=valid)
    name = (writer.name if writer else "") or form.cleaned_data.get("name", "")
    network, *former_networks = identity.network_hashes(request)
    sent = Reply(
        body=form.cleaned_data["body"],
        name=name,
        email=form.cleaned_data.get("email", ""),
        parent=parent,
        follow=form.cleaned_data["follow"],
        as_supporter=form.cleaned_data["as_supporter"],
        without_badge=form.cleaned_data["without_badge"],
        honeypot=request.POST.get(HONEYPOT, ""),
        stamp=request.POST.get("stamp", ""),
        network=network,
        former_networks=tuple(former_networks),
    )
    try:
        comment = post.post(sent, edition=edition, writer=writer)
    except TooFast as refused:
        form.add_error(None, str(refused))
        response = _form(request, edition, form, parent, status=429)
        response["Retry-After"] = str(refused.seconds)
        return response
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, edition, form, parent, status=403)
    if writer is not None and writer.user is not None:
        set_missing_name(writer.user, name)
    if comment.is_approved:
        return redirect(comment)
    # The public page is the same for all: it shows the notice only if the URL ends with its anchor.
    anchor = "comment-confirm" if comment.status == Comment.Status.UNCONFIRMED else "comment-received"
    return redirect(f"{edition.get_absolute_url()}#{anchor}")


@private
def withdrawn(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Refuse a reply to an article that is gone. What was typed stays in the form."""
    form = ReplyForm(request.POST, writer=_writer(request))
    form.add_error(None, "This report has been withdrawn, so your comment was not kept. Copy it if you need it.")
    return _form(request, edition, form, None, status=410)


@private
@require_safe
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`/comments/<public-id>/reply/`: the form for an answer to this comment."""
    parent = get_object_or_404(Comment.objects.approved().select_related("article"), public_id=public_id)
    edition = get_object_or_404(Edition.objects.live(), article=parent.article_id)
    closed, _ = Thread.closing(edition.article_id, appeared=edition.first_published_at)
    return _form(request, edition, ReplyForm(writer=_writer(request)), parent, closed=closed)


def _form(
    request: HttpRequest, edition: Edition, form: ReplyForm, parent: Comment | None, status: int = 200, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {
        "edition": edition,
        "form": form,
        "parent": parent,
        "stamp": request.POST.get("stamp") or post.new_stamp(),
        # Whoever has the hint cookie and no session was signed in when they began to type.
        "signed_out": form.is_bound and SIGNED_IN_HINT in request.COOKIES and not request.user.is_authenticated,
        **more,
    }
    return render(request, "comments/reply.html", context, status=status)


def _writer(request: HttpRequest) -> KnownWriter | None:
    """Return the known writer; but a guest who types another address than the known one is somebody else."""
    writer = identity.known_writer(request)
    email = request.POST.get("email", "").strip()
    if writer is None or writer.user is not None or not email:
        return writer
    return writer if writer.commenter.has_address(email) else None


def _parent(request: HttpRequest, edition: Edition) -> Comment | None:
    """Return the comment that is answered. It may have been hidden meanwhile: `post` then refuses the reply."""
    try:
        public_id = UUID(request.POST.get("parent", ""))
    except ValueError:
        return None
    return Comment.objects.filter(article=edition.article_id, public_id=public_id).first()
