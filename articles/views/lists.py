"""Pages that list articles: front page, latest, section, topic, author, corrections, search. All are public."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import front_page, pagination, surrogate_keys
from articles.models import Author, Edition, EditionAuthor, EditionTopic, Section, Topic, sections_with_newest
from articles.search.forms import SearchForm
from articles.search.results import search_page
from newsroom.http import surrogate_keys as keys
from newsroom.http.cache_headers import add_surrogate_keys, public, set_expiry
from newsroom.http.page_cache import cached_page

MAX_LATEST = 12  # articles on the front page, apart from the sections' rows
MAX_IN_SECTION = 4  # articles in each section's row there
SEARCH_MAX_AGE = timedelta(minutes=10)  # results change with the time, too


@public
@cached_page
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`: the front page."""
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
def latest(request: HttpRequest) -> HttpResponse:
    """`/latest/`: all articles, the newest first."""
    page = pagination.keyset_page(Edition.objects.live().for_cards(), request, at="first_published_at")
    surrogate_keys.shows_list(request, page.rows, keys.LATEST, first=page.first)
    return render(request, "articles/latest.html", {"page": page, "editions": page.rows})


@public
@cached_page
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """`/sections/<slug>/`: its articles, the newest first."""
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
    """`/topics/<slug>/`: the same of a topic."""
    found = get_object_or_404(Topic.objects.on_site(), slug=slug)
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
    """`/authors/<slug>/`: the same of an author."""
    found = get_object_or_404(Author.objects.on_site(), slug=slug)
    page = pagination.keyset_page(
        EditionAuthor.objects.filter(author=found).listed(), request, at="listed_at", key="edition_id"
    )
    editions = [row.edition for row in page.rows]
    surrogate_keys.shows_list(request, editions, keys.author(found.pk), first=page.first)
    return render(request, "articles/author.html", {"author": found, "page": page, "editions": editions})


@public
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """`/corrections/`: all corrections, the newest first."""
    rows = Edition.objects.corrections().select_related("article")
    rows = rows.defer("body", "text", "standfirst", "lead_photo")
    page = pagination.keyset_page(rows, request, at="published_at")
    add_surrogate_keys(request, keys.CORRECTIONS)
    return render(request, "articles/corrections.html", {"page": page, "editions": page.rows})


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/search/?q=`: live articles by words, section, author and days."""
    form = SearchForm(request.GET)
    add_surrogate_keys(request, keys.SEARCH)
    set_expiry(request, timezone.now() + SEARCH_MAX_AGE)
    if not form.is_valid():
        return render(request, "articles/search.html", {"form": form}, status=422)
    context = {"form": form, **search_page(form, request)}
    return render(request, "articles/search.html", context)
