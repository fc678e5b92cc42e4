"""A guest confirms their address, by the link from the mail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from articles.models import with_published_headline
from comments.moderation import rules
from comments.posting import confirm as confirmation
from comments.posting import identity
from newsroom.http.cache_headers import private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`/comments/confirm/<token>/`: GET shows what waits for this address, POST says which of it is one's own."""
    commenter = confirmation.CONFIRMATION_LINK.open(token)
    unconfirmed = confirmation.unconfirmed_comments(commenter) if commenter is not None else None
    waiting = list(unconfirmed.annotate(**with_published_headline("article"))) if unconfirmed is not None else []
    context: dict[str, Any] = {"comments": waiting, "retention": confirmation.UNCONFIRMED_RETENTION}
    if commenter is None or not waiting:
        return render(request, "comments/confirm_expired.html", context, status=410)
    ticked = request.POST.getlist("comment")
    chosen = [comment for comment in waiting if str(comment.public_id) in ticked]
    # Several names or devices in one mail: somebody else may have typed the address, so nothing is ticked beforehand.
    one_writer = len({(comment.name, comment.network) for comment in waiting}) == 1
    context["ticked"] = chosen or (waiting if one_writer else [])
    if request.method != "POST":
        return render(request, "comments/confirm.html", context)
    try:
        confirmed = confirmation.confirm_comments(commenter, [comment.pk for comment in chosen])
    except rules.Refused as refused:
        return render(request, "comments/confirm.html", {**context, "problem": str(refused)}, status=403)
    if not confirmed and chosen:  # of two presses at once the first has done it
        pks = [comment.pk for comment in chosen]
        confirmed = list(commenter.comments.filter(pk__in=pks, confirmed_at__isnull=False))
    if not confirmed:
        context["problem"] = "Please tick what is yours."
        return render(request, "comments/confirm.html", context, status=422)
    commenter.refresh_from_db()
    response = redirect("my_comments")
    identity.set_guest_cookies(response, request, commenter, confirmed[-1].name)
    messages.success(request, "Thank you. Your address is confirmed.")
    return response
