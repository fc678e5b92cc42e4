"""Pages of reporting. All but previews and whole articles are public: the same for everyone."""

from collections.abc import Callable
from datetime import timedelta
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

from articles import embeds, front_page, pagination, popularity, surrogate_keys
from articles.models import (
    Article,
    Author,
    Edition,
    EditionAuthor,
    EditionTopic,
    Page,
    Section,
    Topic,
    sections_with_newest,
)
from articles.publishing import previews
from articles.search import results as searching
from articles.search.forms import SearchForm
from articles.syndication import share_images
from newsroom.db.prepared_queries import Param, PreparedQuery
from newsroom.http import surrogate_keys as keys
from newsroom.http.cache_headers import View, add_surrogate_keys, private, public, set_expiry
from newsroom.http.page_cache import cached_page
from newsroom.http.page_context import page_context
from newsroom.models import Outlet, User
from subscriptions.models import Subscription

_in_a_frame_of_ours = cast(Callable[[View], View], csp_replace({"frame-ancestors": "'self'"}))


EDITION_BY_SLUG = PreparedQuery(lambda: Edition.objects.live().for_reading().filter(slug=Param("slug", SlugField())))

MAX_LATEST = 12  # on the front page by rule or in its timed list
MAX_IN_SECTION = 4  # in each section's row there
# What is found, and in which order, follows from the hour too.
SEARCH_MAX_AGE = timedelta(minutes=10)


@public
@cached_page
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`"""
    top = front_page.current_top(MAX_LATEST)
    shown = {edition.pk for edition in top.places}
    sections = [
        (section, [edition for edition in editions if edition.pk not in shown][:MAX_IN_SECTION])
        for section, editions in sections_with_newest(MAX_IN_SECTION + len(shown))
    ]
    rows = [row for row in sections if row[1]]
    in_rows = [edition for _, editions in rows for edition in editions]
    surrogate_keys.shows_list(request, [*top.places, *top.latest, *in_rows], keys.FRONT)
    context = {"top": top, "rows": rows}
    return render(request, "articles/front_page.html", context)


@public
@cached_page
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/`: the live edition; where it has moved to; or why it is gone."""
    found = EDITION_BY_SLUG.rows(slug=slug)
    if not found:
        return _moved_or_gone(request, slug)
    edition = found[0]
    surrogate_keys.shows_article(request, edition)
    surrogate_keys.shows_cards(request, edition.more_stories)
    return _article_page(request, edition)


@csrf_exempt  # it takes nothing but the address, and changes nothing that is anybody's
@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/read/`: one read more, told by the page itself after some seconds, without any cookie."""
    popularity.count_read(slug, get_adapter().get_client_ip(request), timezone.now())
    return HttpResponse(status=204)


@public
@require_safe
def share_image(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/share.png`: what a link to a report without a photo shows elsewhere."""
    edition = get_object_or_404(Edition.objects.live().for_cards(), slug=slug)
    surrogate_keys.shows_article(request, edition)
    return HttpResponse(share_images.share_image(edition, Outlet.objects.get().name), content_type="image/png")


@public
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/history/`: what changed from edition to edition, as far as readers were told."""
    edition = get_object_or_404(Edition.objects.live().for_cards(), slug=slug)
    surrogate_keys.shows_article(request, edition)
    editions = Edition.objects.filter(article=edition.article_id).order_by("-number")
    editions = editions.only("number", "kind", "note", "headline", "published_at")
    return render(request, "articles/history.html", {"edition": edition, "editions": editions})


@public
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """`/corrections/`: all of them, the newest first."""
    rows = Edition.objects.corrections().select_related("article")
    rows = rows.defer("body", "text", "standfirst", "lead_photo")
    page = pagination.keyset_page(rows, request, at="published_at")
    add_surrogate_keys(request, keys.CORRECTIONS)
    return render(request, "articles/corrections.html", {"page": page, "editions": page.rows})


@private
@login_required
@require_safe
def whole_article(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/whole/`: for supporters and staff, a report that is not everybody's to read yet."""
    edition = get_object_or_404(Edition.objects.live().for_reading(), slug=slug)
    person = cast(User, request.user)
    if not edition.for_supporters:
        return redirect(edition)
    if not person.is_staff and not Subscription.objects.entitling().filter(user=person).exists():
        return render(request, "articles/supporters_first.html", {"edition": edition}, status=403)
    return _article_page(request, edition, whole=True)


@private
@xframe_options_sameorigin  # the desk shows it at two widths
@_in_a_frame_of_ours
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """`/articles/preview/<token>/`: the working copy as it would stand on the site, for whoever has the link."""
    working_copy = previews.article_from_token(token)
    if working_copy is None:
        return render(request, "articles/preview_ended.html", status=410)
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
@cached_page
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """`/latest/`: everything, the newest first."""
    page = pagination.keyset_page(Edition.objects.live().for_cards(), request, at="first_published_at")
    surrogate_keys.shows_list(request, page.rows, keys.LATEST, first=page.first)
    return render(request, "articles/latest.html", {"page": page, "editions": page.rows})


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/search/?q=`: what is published now, by words, section, author and days."""
    form = SearchForm(request.GET)
    add_surrogate_keys(request, keys.SEARCH)
    set_expiry(request, timezone.now() + SEARCH_MAX_AGE)
    if not form.is_valid():
        return render(request, "articles/search.html", {"form": form}, status=422)
    context = {"form": form, **searching.search_page(form, request)}
    return render(request, "articles/search.html", context)


@public
@cached_page
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """`/sections/<slug>/`"""
    found = get_object_or_404(Section, slug=slug)
    page = pagination.keyset_page(
        Edition.objects.live().filter(section=found).for_cards(), request, at="first_published_at"
    )
    surrogate_keys.shows_list(request, page.rows, keys.section(found.pk), first=page.first)
    return render(request, "articles/section.html", {"section": found, "page": page, "editions": page.rows})


@public
@cached_page
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """`/topics/<slug>/`"""
    found = get_object_or_404(Topic, slug=slug)
    page = pagination.keyset_page(
        EditionTopic.objects.filter(topic=found).listed(), request, at="listed_at", key="edition_id"
    )
    editions = [row.edition for row in page.rows]
    surrogate_keys.shows_list(request, editions, keys.topic(found.pk), first=page.first)
    return render(request, "articles/topic.html", {"topic": found, "page": page, "editions": editions})


@public
@cached_page
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """`/authors/<slug>/`"""
    found = get_object_or_404(Author, slug=slug)
    page = pagination.keyset_page(
        EditionAuthor.objects.filter(author=found).listed(), request, at="listed_at", key="edition_id"
    )
    editions = [row.edition for row in page.rows]
    surrogate_keys.shows_list(request, editions, keys.author(found.pk), first=page.first)
    return render(request, "articles/author.html", {"author": found, "page": page, "editions": editions})


@public
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/about/` and the like: the page that stands here, or where it has moved to."""
    pages = Page.objects.published()
    found = pages.filter(slug=slug).first()
    if found is None:
        return redirect(get_object_or_404(pages, former_addresses__slug=slug), permanent=True)
    return render(request, "articles/page.html", {"page": found})
