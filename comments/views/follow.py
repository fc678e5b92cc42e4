"""A writer ends the mail about answers: on the account page, or by the link in such a mail."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comments import notifications
from comments.models import Follow
from newsroom.http.cache_headers import private
from newsroom.models import User


@private
@login_required
@require_POST
def choose_mail(request: HttpRequest) -> HttpResponse:
    """`/comments/mail/`: ends the mail about each answer whose box was shown and is no longer ticked."""
    unticked = {*request.POST.getlist("shown")} - {*request.POST.getlist("follow")}
    for follow in Follow.objects.filter(commenter__user=cast(User, request.user)):
        if str(follow.pk) in unticked:
            notifications.unfollow(follow)
    messages.success(request, "You are mailed about what is ticked, and nothing else.")
    return redirect("account")


@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """`/comments/unfollow/<token>/`: GET shows a button; POST ends the mail, also a mail program's one click.

    No CSRF token is needed: the address itself is the proof (RFC 8058), and ending mail twice does no harm.
    """
    follow = notifications.UNFOLLOW_LINK.open(token)
    if request.method == "POST" and follow is not None:
        notifications.unfollow(follow)
    context: dict[str, Any] = {"ended": follow is None or request.method == "POST"}
    return render(request, "comments/unfollow.html", context)
