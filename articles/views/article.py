"""The pages of one article, and static pages. All but previews and whole articles are public: the same for everyone."""

from collections.abc import Callable
from typing import cast

from allauth.account.adapter import get_adapter
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.db.models import SlugField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles import embeds, popularity, surrogate_keys
from articles.models import Article, Edition, Page
from articles.publishing import previews
from articles.syndication import share_images
from newsroom.db.prepared_queries import Param, PreparedQuery
from newsroom.http import surrogate_keys as keys
from newsroom.http.cache_headers import View, add_surrogate_keys, private, public
from newsroom.http.page_cache import cached_page
from newsroom.http.page_context import page_context
from newsroom.models import Outlet, User
from subscriptions.models import Subscription

_in_a_frame_of_ours = cast(Callable[[View], View], csp_replace({"frame-ancestors": "'self'"}))


EDITION_BY_SLUG = PreparedQuery(lambda: Edition.objects.live().for_reading().filter(slug=Param("slug", SlugField())))


@public
@cached_page
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/`: the live edition; a redirect to its present address; or why it was withdrawn."""
    found = EDITION_BY_SLUG.rows(slug=slug)
    if not found:
        return _moved_or_gone(request, slug)
    edition = found[0]
    surrogate_keys.shows_article(request, edition)
    surrogate_keys.shows_cards(request, edition.more_stories)
    return _article_page(request, edition)


@csrf_exempt  # nothing in it depends on who sends it
@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/read/`: count a read. The page sends it after some seconds, without any cookie."""
    popularity.count_read(slug, get_adapter().get_client_ip(request), timezone.now())
    return HttpResponse(status=204)


@public
@require_safe
def share_image(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/share.png`: the picture of a shared link where the article has no photo."""
    edition = get_object_or_404(Edition.objects.live().for_cards(), slug=slug)
    surrogate_keys.shows_article(request, edition)
    return HttpResponse(share_images.share_image(edition, Outlet.objects.get().name), content_type="image/png")


@public
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/history/`: the editions with their public notes."""
    edition = get_object_or_404(Edition.objects.live().for_cards(), slug=slug)
    surrogate_keys.shows_article(request, edition)
    editions = Edition.objects.filter(article=edition.article_id).order_by("-number")
    editions = editions.only("number", "kind", "note", "headline", "published_at")
    return render(request, "articles/history.html", {"edition": edition, "editions": editions})


@private
@login_required
@require_safe
def whole_article(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/whole/`: for supporters and staff, an article that is for supporters first."""
    edition = get_object_or_404(Edition.objects.live().for_reading(), slug=slug)
    person = cast(User, request.user)
    if not edition.for_supporters:
        return redirect(edition)
    if not person.is_staff and not Subscription.objects.entitling().filter(user=person).exists():
        return render(request, "articles/supporters_first.html", {"edition": edition}, status=403)
    return _article_page(request, edition, whole=True)


@private
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """`/articles/preview/<token>/`: the working copy as it would be published, for whoever has the link."""
    working_copy = previews.article_from_token(token)
    if working_copy is None:
        return render(request, "articles/preview_ended.html", status=410)
    return _article_page(request, previews.edition_of(working_copy), preview=True)


@private
@xframe_options_sameorigin  # the admin shows it in a frame, at two widths
@_in_a_frame_of_ours
@require_safe
def preview_in_admin(request: HttpRequest, working_copy: Article) -> HttpResponse:
    """Show a working copy inside the admin, which decides who may see it."""
    return _article_page(request, previews.edition_of(working_copy), preview=True)


def _article_page(request: HttpRequest, edition: Edition, **how: bool) -> HttpResponse:
    if embeds.MARKER in edition.body:
        page_context(request).frame_sources = tuple(embeds.FRAMES)
    return render(request, "articles/article.html", {"edition": edition, **how})


def _moved_or_gone(request: HttpRequest, slug: str) -> HttpResponse:
    former = Edition.objects.filter(slug=slug).select_related("article").order_by("-pk").first()
    if former is None:
        raise Http404(slug)
    add_surrogate_keys(request, keys.article(former.article_id))
    current = Edition.objects.live().filter(article=former.article).only("slug").first()
    if current is not None:
        return redirect(current, permanent=True)
    withdrawal = former.article.events.filter(to_status=Article.Status.WITHDRAWN).last()
    context = {"headline": former.headline, "language": former.language, "withdrawal": withdrawal}
    return render(request, "articles/withdrawn.html", context, status=410)


@public
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/about/` and the like: the static page at this address, or a redirect to its present one."""
    pages = Page.objects.published()
    found = pages.filter(slug=slug).first()
    if found is None:
        return redirect(get_object_or_404(pages, former_addresses__slug=slug), permanent=True)
    return render(request, "articles/page.html", {"page": found})
