"""Search: what a query finds among the live editions, however many there are.

What readers type is read in query.py; what a result shows is in excerpts.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchRank, SearchVectorField
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Extract, Greatest, Ln, Now
from django.http import Http404, HttpRequest

from articles import pagination
from articles.models import Author, Edition, EditionAuthor
from articles.models.edition import EditionQuerySet
from articles.search import snippets
from articles.search.forms import SearchForm
from articles.search.normalize import NAME_VECTOR, normalize
from articles.search.query import LONGEST, TERMS, WORD, Query, TsQuery, parse
from newsroom.db.name_search import prefix_query

ROWS = pagination.ROWS
NAMED = 5  # authors
# So many of the newest that match are weighed against each other. What is rare is weighed whole; of what a hundred
# thousand reports say, the old ones would stand behind anyway, and a page costs the same however many there are.
WEIGHED = 400
YEAR = 365.25 * 24 * 3600
LOOKED_AT, FREQUENT = 1000, 20  # of so many of the newest reports so many, and a word counts as frequent
TIMES = 2  # as far back as these reach, what is frequent is weighed


def search_page(form: SearchForm, request: HttpRequest) -> dict[str, Any]:
    """What the page shows of a valid form: `query`, `searched`, the authors `named`; then `results`, their `page`, the
    `authors` to choose from, and if these are the `best`, of how many.

    Raises Http404 for a page that cannot be.
    """
    query = parse(form.cleaned_data["q"])
    search_page: dict[str, Any] = {"query": query, "searched": bool(query) or form.narrowed}
    search_page["named"] = [] if form.chosen_author else matching_authors(form.cleaned_data["q"])
    if not search_page["searched"]:
        return search_page
    editions = form.editions()
    if query:
        looked = FEW if form.chosen_author else estimate_frequency(editions, query)
    if query and not form.by_date:
        search_page["best"] = best(editions, query, looked, request)
        page = search_page["best"].page
    else:
        if query:
            editions = matching(editions, query, looked)
        page = pagination.keyset_page(_shown(editions, query), request, at="first_published_at")
    authors = [author for edition in page.rows for author in edition.byline]
    return {
        **search_page,
        "page": page,
        "results": [snippets.result(edition, query) for edition in page.rows],
        "authors": _by_name([*authors, form.chosen_author] if form.chosen_author else authors),
    }


def matching_authors(typed: str) -> list[Author]:
    """Authors whose name has words that begin with each that was typed, as a byline is no part of the text that is
    searched: those with something on the site.
    """
    words = WORD.findall(normalize(typed[:LONGEST]))[:TERMS]
    if not words:
        return []
    # One look into the index for each author: EXISTS would go through all that any of them has written.
    listed = EditionAuthor.objects.filter(author=OuterRef("pk"), listed_at__isnull=False).values("pk")[:1]
    found = Author.objects.alias(words=NAME_VECTOR, listed=Subquery(listed))
    return list(found.filter(words=prefix_query(words), listed__isnull=False).only("name", "slug")[:NAMED])


def _by_name(authors: list[Author]) -> list[Author]:
    """Each of them once."""
    return sorted({author.slug: author for author in authors}.values(), key=lambda author: normalize(author.name))


class _Head(Func):
    """The search column without the text: headlines and standfirst alone."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{a,b}')"
    output_field = SearchVectorField()


@dataclass(frozen=True)
class Frequency:
    """What the newest reports say of a query."""

    hits: int
    all: bool  # there are no others
    newest: datetime | None
    oldest: datetime | None

    @property
    def frequent(self) -> bool:
        """So often that going through the reports, the newest first, is the short way to the newest that have it.

        Asked because Postgres cannot tell: it takes a phrase, or a beginning, for far more frequent than it is, and
        would go through a million reports for a word that is in none of them.
        """
        return self.hits >= FREQUENT

    @property
    def since(self) -> datetime | None:
        """How far back a frequent one is looked for, to be weighed: or the second hundred of what is in one report of
        fifty would cost ten times as much as that of what is in every other, and news of today the whole archive.
        """
        if not self.frequent or self.all or self.newest is None or self.oldest is None:
            return None
        return self.newest - TIMES * (self.newest - self.oldest)


# What is searched of one author's: not too much to go through all of it.
FEW = Frequency(hits=FREQUENT, all=True, newest=None, oldest=None)


def estimate_frequency(editions: EditionQuerySet, query: Query) -> Frequency:
    """At the newest LOOKED_AT of these."""
    at = F("first_published_at")
    row = (
        editions.annotate(found=_matches(query))
        .newest()[:LOOKED_AT]
        .aggregate(hits=Count("pk", filter=Q(found=True)), seen=Count("pk"), newest=Max(at), oldest=Min(at))
    )
    return Frequency(row["hits"], row["seen"] < LOOKED_AT, row["newest"], row["oldest"])


def matching(editions: EditionQuerySet, query: Query, looked: Frequency) -> EditionQuerySet:
    """Those with what is looked for. What is for supporters first is not found by words that others cannot read."""
    if looked.frequent:  # said so that Postgres does not turn to the index for words all the same
        found = editions.filter(Coalesce(_matches(query), Value(False)))
    else:  # by a function of ours: migration `growth`
        found = editions.filter(pk__in=RawSQL("SELECT search_indexed(%s::tsquery)", [query.tsquery]))
    found = found.alias(head=_Head(F("search")))
    return found.filter(Q(open_at__isnull=True) | Q(open_at__lte=Now()) | Q(head=TsQuery(query.tsquery)))


def _matches(query: Query) -> ExpressionWrapper:
    return ExpressionWrapper(Q(search=TsQuery(query.tsquery)), output_field=BooleanField())


def _shown(editions: EditionQuerySet, query: Query) -> EditionQuerySet:
    """With what a result shows."""
    editions = editions.with_authors().select_related("section").only(*_RESULT)
    if not query:
        return editions
    return snippets.with_words_marked(editions, query)


@dataclass(frozen=True)
class Best:
    """A page of the best; how many were weighed for it, and whether there may be `more`, which are older."""

    page: pagination.Page
    found: int
    more: bool


def best(editions: EditionQuerySet, query: Query, looked: Frequency, request: HttpRequest) -> Best:
    """A page of the newest of `editions` that match, WEIGHED at most, the best first.

    A report counts half as much for each year of its age. As a logarithm the order does not depend on today: pages that
    are read one after the other neither repeat nor leave out. Raises Http404 for a page that cannot be.
    """
    number = pagination.page_number(request, last=WEIGHED // ROWS)
    within, older = editions, editions.none()
    if looked.since is not None:
        within = editions.filter(first_published_at__gte=looked.since)
        older = editions.filter(first_published_at__lt=looked.since)
    weighed = matching(within, query, looked).newest()[:WEIGHED]
    by_words = SearchRank(F("search"), TsQuery(query.tsquery), normalization=1)
    rank = Greatest(by_words, Value(1e-9, output_field=FloatField()))
    age = Extract("first_published_at", "epoch", output_field=FloatField()) / YEAR
    rows = (
        _shown(Edition.objects.filter(pk__in=weighed.values("pk")), query)
        .annotate(
            score=Ln(rank) / Ln(Value(2.0)) + age,
            found=Window(Count("pk")),
            older=Subquery(older.newest().values("pk")[:1]),
        )
        .order_by("-score", "-pk")[(number - 1) * ROWS : number * ROWS]
    )
    found = list(rows)
    if not found and number > 1:
        raise Http404("There is nothing further.")
    count: int = found[0].found if found else 0
    further = f"page={number + 1}" if count > number * ROWS else None
    page = pagination.Page(rows=found, further=further, first=number == 1)
    return Best(page, count, more=count == WEIGHED or bool(found and found[0].older is not None))


_RESULT = (
    *("article_id", "slug", "headline", "standfirst", "language", "lead_photo", "first_published_at", "text"),
    *("body", "open_at"),
    *("section__name", "section__slug"),
)
