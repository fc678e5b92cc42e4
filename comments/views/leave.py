"""A guest leaves: this device no longer knows them, or all that is theirs is erased."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from comments import erasure
from comments.durations import in_words
from comments.posting import identity
from comments.posting.forms import LeaveForm
from newsroom.http.cache_headers import private
from newsroom.models import Erasure


@private
@require_POST
def forget_me(request: HttpRequest) -> HttpResponse:
    """`/comments/forget-me/`: this device no longer knows the guest."""
    response = redirect("front")
    identity.delete_guest_cookies(response)
    return response


@private
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """`/comments/leave/`: mails a link that erases all that is theirs to a guest whom this device knows."""
    if request.user.is_authenticated:
        return redirect("erase")
    guest = identity.known_guest(request)
    if guest is None:
        return render(request, "comments/writer_unknown.html", status=403)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        removed = form.cleaned_data["comments"] == Erasure.Comments.REMOVED
        erasure.request_link(guest.commenter, form.cleaned_data["email"], removed=removed)
        holds = in_words(erasure.LINK_MAX_AGE)
        messages.success(request, f"If that is your address, a link is on its way there. It holds for {holds}.")
        return redirect("my_comments")
    return render(request, "comments/erasure_request.html", {"form": form}, status=422 if form.is_bound else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def leave_as_guest(request: HttpRequest, token: str) -> HttpResponse:
    """`/comments/leave/<token>/`, from the mail: GET shows a button, POST erases the guest for good."""
    guest, more = erasure.ERASURE_LINK.open_with(token)
    if guest is None:
        context = {"over": True, "link_max_age": erasure.LINK_MAX_AGE}
        return render(request, "comments/erasure_confirm.html", context, status=410)
    (removed,) = more
    if request.method != "POST":
        return render(request, "comments/erasure_confirm.html", {"removed": removed})
    erasure.erase_writer(guest, removed=removed)
    response = render(request, "comments/erasure_confirm.html", {"removed": removed, "done": True})
    identity.delete_guest_cookies(response)
    return response
