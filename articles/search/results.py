"""Search results: finds and ranks live editions, at a cost that does not grow with their number.

query.py parses what readers type; snippets.py marks the words in what a result shows.
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
    Q,
    Subquery,
    Value,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Extract, Greatest, Ln, Now
from django.http import Http404, HttpRequest

from articles import pagination
from articles.models import Author, Edition
from articles.models.edition import EditionQuerySet
from articles.search import snippets
from articles.search.forms import SearchForm
from articles.search.normalize import NAME_VECTOR, normalize
from articles.search.query import MAX_CHARACTERS, MAX_TERMS, WORD, Query, TsQuery, parse
from newsroom.db.name_search import prefix_query

ROWS_PER_PAGE = pagination.ROWS_PER_PAGE
MAX_AUTHORS = 5  # that are offered because their name matches
# The newest that match, so many at most, are ranked: the cost of a page stays the same. For rare words these are all;
# for frequent ones the older would rank behind anyway.
MAX_RANKED = 400
SECONDS_PER_YEAR = 365.25 * 24 * 3600
SAMPLE_SIZE, FREQUENT_HITS = 1000, 20  # a query with so many hits in a sample of the newest editions is frequent
LOOKBACK_FACTOR = 2  # frequent queries are ranked over this many times the span of the sample


def search_page(form: SearchForm, request: HttpRequest) -> dict[str, Any]:
    """Return the context of the page for a valid form.

    `query`, `searched`, the authors `named`; then `results`, their `page`, the `authors` to choose from, and, when
    ordered by rank, `best`. Raises Http404 for a page number that does not exist.
    """
    query = parse(form.cleaned_data["q"])
    context: dict[str, Any] = {"query": query, "searched": bool(query) or form.narrowed}
    context["named"] = [] if form.chosen_author else matching_authors(form.cleaned_data["q"])
    if not context["searched"]:
        return context
    editions = form.editions()
    if query:
        frequency = ONE_AUTHOR if form.chosen_author else estimate_frequency(editions, query)
    if query and not form.by_date:
        context["best"] = best_matches(editions, query, frequency, request)
        page = context["best"].page
    else:
        if query:
            editions = matching(editions, query, frequency)
        page = pagination.keyset_page(_for_results(editions, query), request, at="first_published_at")
    authors = [author for edition in page.rows for author in edition.byline]
    return {
        **context,
        "page": page,
        "results": [snippets.search_result(edition, query) for edition in page.rows],
        "authors": _by_name([*authors, form.chosen_author] if form.chosen_author else authors),
    }


def matching_authors(typed: str) -> list[Author]:
    """Return authors with something on the site, of whose names each typed word begins a word.

    The text that is searched has no bylines.
    """
    words = WORD.findall(normalize(typed[:MAX_CHARACTERS]))[:MAX_TERMS]
    if not words:
        return []
    found = Author.objects.on_site().alias(words=NAME_VECTOR)
    return list(found.filter(words=prefix_query(words)).only("name", "slug")[:MAX_AUTHORS])


def _by_name(authors: list[Author]) -> list[Author]:
    """Return the authors without duplicates, by name."""
    return sorted({author.slug: author for author in authors}.values(), key=lambda author: normalize(author.name))


class _HeadVector(Func):
    """The search column without the text: headlines and standfirst."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{a,b}')"
    output_field = SearchVectorField()


@dataclass(frozen=True)
class Frequency:
    """How often a query matches in a sample of the newest editions."""

    hits: int
    all: bool  # the sample is all there is
    newest: datetime | None
    oldest: datetime | None

    @property
    def frequent(self) -> bool:
        """True if scanning the editions from the newest finds matches sooner than the index for words does.

        Postgres estimates this wrongly: it takes a phrase or a prefix for far more frequent than it is, and would scan
        a million rows for a word that none has.
        """
        return self.hits >= FREQUENT_HITS

    @property
    def since(self) -> datetime | None:
        """The time from which matches of a frequent query are ranked; None: all of them.

        Without it, ranking a word that one article in fifty has would cost ten times as much as one that every second
        has, and a word that only today's news has would cost a scan of all.
        """
        if not self.frequent or self.all or self.newest is None or self.oldest is None:
            return None
        return self.newest - LOOKBACK_FACTOR * (self.newest - self.oldest)


# One author's articles are few enough to scan all (forms.MAX_OF_AUTHOR).
ONE_AUTHOR = Frequency(hits=FREQUENT_HITS, all=True, newest=None, oldest=None)


def estimate_frequency(editions: EditionQuerySet, query: Query) -> Frequency:
    """Count the matches among the newest SAMPLE_SIZE of these editions."""
    at = F("first_published_at")
    row = (
        editions.annotate(found=_matches(query))
        .newest()[:SAMPLE_SIZE]
        .aggregate(hits=Count("pk", filter=Q(found=True)), seen=Count("pk"), newest=Max(at), oldest=Min(at))
    )
    return Frequency(row["hits"], row["seen"] < SAMPLE_SIZE, row["newest"], row["oldest"])


def matching(editions: EditionQuerySet, query: Query, frequency: Frequency) -> EditionQuerySet:
    """Return the editions that match. Words that only supporters can read yet do not count."""
    if frequency.frequent:  # COALESCE keeps Postgres from using the index for words
        found = editions.filter(Coalesce(_matches(query), Value(False)))
    else:  # search_indexed() keeps it to that index (migration `growth`)
        found = editions.filter(pk__in=RawSQL("SELECT search_indexed(%s::tsquery)", [query.tsquery]))
    found = found.alias(head=_HeadVector(F("search")))
    return found.filter(Q(open_at__isnull=True) | Q(open_at__lte=Now()) | Q(head=TsQuery(query.tsquery)))


def _matches(query: Query) -> ExpressionWrapper:
    return ExpressionWrapper(Q(search=TsQuery(query.tsquery)), output_field=BooleanField())


def _for_results(editions: EditionQuerySet, query: Query) -> EditionQuerySet:
    """Add what a result shows."""
    editions = editions.with_authors().select_related("section").only(*_RESULT_COLUMNS)
    if not query:
        return editions
    return snippets.with_words_marked(editions, query)


@dataclass(frozen=True)
class BestMatches:
    """A page by rank, of `found` editions that were ranked; `more`: there may be older ones that were not."""

    page: pagination.Page
    found: int
    more: bool


def best_matches(editions: EditionQuerySet, query: Query, frequency: Frequency, request: HttpRequest) -> BestMatches:
    """Rank the newest MAX_RANKED matches, and return the page that `request` asks for, the best first.

    A match counts half for each year of its age. Taken as a logarithm, the order does not depend on the present time,
    so pages that are read one after the other neither repeat nor omit. Raises Http404 for a page that does not exist.
    """
    number = pagination.page_number(request, last=MAX_RANKED // ROWS_PER_PAGE)
    recent, older = editions, editions.none()
    if frequency.since is not None:
        recent = editions.filter(first_published_at__gte=frequency.since)
        older = editions.filter(first_published_at__lt=frequency.since)
    ranked = matching(recent, query, frequency).newest()[:MAX_RANKED]
    by_words = SearchRank(F("search"), TsQuery(query.tsquery), normalization=1)
    rank = Greatest(by_words, Value(1e-9, output_field=FloatField()))
    age = Extract("first_published_at", "epoch", output_field=FloatField()) / SECONDS_PER_YEAR
    rows = (
        _for_results(Edition.objects.filter(pk__in=ranked.values("pk")), query)
        .annotate(
            score=Ln(rank) / Ln(Value(2.0)) + age,
            found=Window(Count("pk")),
            older=Subquery(older.newest().values("pk")[:1]),
        )
        .order_by("-score", "-pk")[(number - 1) * ROWS_PER_PAGE : number * ROWS_PER_PAGE]
    )
    found = list(rows)
    if not found and number > 1:
        raise Http404("There is nothing further.")
    count: int = found[0].found if found else 0
    further = f"page={number + 1}" if count > number * ROWS_PER_PAGE else None
    page = pagination.Page(rows=found, further=further, first=number == 1)
    return BestMatches(page, count, more=count == MAX_RANKED or bool(found and found[0].older is not None))


_RESULT_COLUMNS = (
    *("article_id", "slug", "headline", "standfirst", "language", "lead_photo", "first_published_at", "text"),
    *("body", "open_at"),
    *("section__name", "section__slug"),
)
