"""The pages of a thread, the same for everyone."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import ResolverMatch, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles import pagination, surrogate_keys
from articles.models import Edition
from articles.views.article import article
from comments.models import Comment, Thread
from comments.thread import comment_url, starting_at, with_live_edition
from comments.views.reply import reply, withdrawn
from newsroom.http import surrogate_keys as keys
from newsroom.http.cache_headers import add_surrogate_keys, public, set_expiry


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/comments/`: GET reads the thread, POST replies; to a former address too."""
    edition = _live().filter(slug=slug).first()
    if request.method != "POST":
        return thread(request, edition) if edition else _moved_or_gone(request, slug)
    former = edition or _former(slug)
    edition = edition or _live().filter(article=former.article_id).first()
    return reply(request, edition) if edition else withdrawn(request, former)


def _live() -> QuerySet[Edition]:
    columns = ("article_id", "slug", "headline", "language", "number", "published_at", "first_published_at", "open_at")
    return Edition.objects.live().select_related("section").only(*columns, "section__name", "section__slug")


def _former(slug: str) -> Edition:
    """Return the last edition that had this URL."""
    edition: Edition | None = Edition.objects.filter(slug=slug).select_related("section").order_by("-pk").first()
    if edition is None:
        raise Http404(slug)
    return edition


@public
def _moved_or_gone(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the same page under the article's present URL; if it is withdrawn, show the article's 410 page."""
    former = _former(slug)
    add_surrogate_keys(request, keys.article(former.article_id))
    current = _live().filter(article=former.article_id).first()
    if current is None:
        return article(request, slug)
    match = cast(ResolverMatch, request.resolver_match)
    address = reverse(match.view_name, kwargs={**match.kwargs, "slug": current.slug})
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address, permanent=True)


@public
def thread(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Show all comments, the oldest or (`?order=newest`) the newest first; `?from=` begins with a certain one."""
    surrogate_keys.shows_article(request, edition)
    newest = request.GET.get("order") == "newest"
    roots = Comment.objects.filter(article=edition.article_id).roots().shown()
    rows: QuerySet[Comment] = roots.with_replies()
    first = _start(request, roots)
    if first is not None and not newest:
        rows = starting_at(rows, first)
    page = pagination.keyset_page(rows, request, at="created_at", oldest_first=not newest)
    context = {"edition": edition, "page": page, "comments": with_live_edition(edition, page.rows), "newest": newest}
    context["closed"] = _closed(request, edition)
    return render(request, "comments/thread_page.html", {**context, "begun": first is not None})


@public
@require_safe
def conversation(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """`/articles/<slug>/comments/<public-id>/`: one comment with all that was answered to it."""
    edition = _live().filter(slug=slug).first()
    if edition is None:
        return _moved_or_gone(request, slug)
    surrogate_keys.shows_article(request, edition)
    root = get_object_or_404(
        Comment.objects.filter(article=edition.article_id).roots().shown().with_replies(), public_id=public_id
    )
    replies = Comment.objects.filter(root=root).shown()
    first = _start(request, replies)
    rows = replies.with_parent()
    page = pagination.keyset_page(
        starting_at(rows, first) if first else rows, request, at="created_at", oldest_first=True
    )
    with_live_edition(edition, [root, *page.rows])
    context = {"edition": edition, "comment": root, "page": page, "replies": page.rows, "begun": first is not None}
    context["closed"] = _closed(request, edition)
    return render(request, "comments/conversation.html", context)


@public
@require_safe
def permalink(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`/comments/<public-id>/`: to where the comment stands now."""
    comment = get_object_or_404(Comment.objects.shown().select_related("root"), public_id=public_id)
    edition = get_object_or_404(_live(), article=comment.article_id)
    surrogate_keys.shows_article(request, edition)
    return redirect(comment_url(comment, edition))


def _closed(request: HttpRequest, edition: Edition) -> bool:
    """Return True if nobody may answer any more. If a date will close it, no cache may keep the page longer."""
    closed, closes_at = Thread.closing(edition.article_id, appeared=edition.first_published_at)
    if closes_at and not closed:
        set_expiry(request, closes_at)
    return closed


def _start(request: HttpRequest, rows: QuerySet[Comment]) -> Comment | None:
    given = request.GET.get("from")
    if given is None:
        return None
    try:
        return get_object_or_404(rows, public_id=UUID(given))
    except ValueError:
        raise Http404(given) from None
