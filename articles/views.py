"""Pages of reporting. All of them are public: the same for everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles import paging
from articles.models import Author, Edition, EditionAuthor, EditionTopic, Section, Topic, sections_with_newest
from newsroom.caching import public

LATEST = 12  # in the timed list of the front page, its lead and seconds included
IN_SECTION = 4  # in each section's row there


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`"""
    latest = list(Edition.objects.live().newest().for_cards()[:LATEST])
    # The lead needs a photo: the newest that has one leads, the others keep their order.
    lead = next((edition for edition in latest if edition.lead_photo), latest[0] if latest else None)
    others = [edition for edition in latest if edition is not lead]
    shown = {edition.pk for edition in [lead, *others[:4]] if edition is not None}
    sections = [
        (section, [edition for edition in editions if edition.pk not in shown][:IN_SECTION])
        for section, editions in sections_with_newest(IN_SECTION + len(shown))
    ]
    context = {"lead": lead, "seconds": others[:4], "latest": others[4:], "rows": [row for row in sections if row[1]]}
    return render(request, "articles/front.html", context)


@public
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """`/articles/<slug>/`: the live edition."""
    edition = get_object_or_404(Edition.objects.live().for_reading(), article__slug=slug)
    return render(request, "articles/article.html", {"edition": edition, "article": edition.article})


@public
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """`/sections/<slug>/`"""
    found = get_object_or_404(Section, slug=slug)
    page = paging.page_of(Edition.objects.live().filter(section=found).for_cards(), request, at="first_published_at")
    return render(request, "articles/section.html", {"section": found, "page": page, "editions": page.rows})


@public
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """`/topics/<slug>/`"""
    found = get_object_or_404(Topic, slug=slug)
    page = paging.page_of(EditionTopic.objects.filter(topic=found).listed(), request, at="listed_at", key="edition_id")
    editions = [row.edition for row in page.rows]
    return render(request, "articles/topic.html", {"topic": found, "page": page, "editions": editions})


@public
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """`/authors/<slug>/`"""
    found = get_object_or_404(Author, slug=slug)
    page = paging.page_of(
        EditionAuthor.objects.filter(author=found).listed(), request, at="listed_at", key="edition_id"
    )
    editions = [row.edition for row in page.rows]
    return render(request, "articles/author.html", {"author": found, "page": page, "editions": editions})
