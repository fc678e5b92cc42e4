"""The thread of an article, and a reader's reply."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import paging
from articles.models import Edition
from comments.forms import ReplyForm
from comments.models import Comment
from comments.posting import keep_name, post
from newsroom.caching import private, public
from newsroom.forms import has_valid_token


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/comments/`: GET reads the thread, POST replies."""
    edition = get_object_or_404(Edition.objects.live().for_cards(), slug=slug)
    return reply(request, edition) if request.method == "POST" else thread(request, edition)


@public
def thread(request: HttpRequest, edition: Edition) -> HttpResponse:
    """All approved comments, oldest first."""
    rows = Comment.objects.filter(article=edition.article_id).approved().as_thread()
    page = paging.page_of(rows, request, at="created_at", oldest_first=True)
    return render(request, "comments/thread_page.html", {"edition": edition, "page": page, "comments": page.rows})


@private
def reply(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Keep a reply, or show the form again, privately and with a token, with all that was typed.

    The form in a public page has no token, as everybody gets the same page: sent from there without JavaScript, it
    comes back once to be confirmed.
    """
    user = request.user if request.user.is_authenticated else None
    form = ReplyForm(request.POST, user=user)
    confirmed = has_valid_token(request)
    valid = form.is_valid()
    if not (confirmed and valid):
        context = {"edition": edition, "form": form, "to_confirm": valid}
        return render(request, "comments/reply.html", context, status=200 if valid else 422)
    name = form.cleaned_data.get("name") or str(user)
    post(
        article=edition.article,
        name=name,
        email=form.cleaned_data.get("email", ""),
        body=form.cleaned_data["body"],
        user=user,
    )
    if user is not None:
        keep_name(user, name)
    # A mark that the public page itself answers: its notice is shown only where the address ends so.
    return redirect(f"{edition.get_absolute_url()}#comment-received")
