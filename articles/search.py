"""Search: what readers type becomes one query of Postgres's text search over the live editions.

A word finds its other English forms, "words in quotes" only each other, -word leaves reports out, and the last word may
be a beginning. Accents, Arabic vowel signs and the letters that keyboards write differently make no difference.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connection
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
    TextField,
    Value,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Concat, Extract, Greatest, Ln, Now
from django.http import Http404, HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from articles import paging
from articles.distribution import text_for_everyone
from articles.folding import MARKS, NAME_VECTOR, fold
from articles.forms import SearchForm
from articles.models import Author, Edition, EditionAuthor
from articles.models.edition import EditionQuerySet
from newsroom.words import beginnings

LONGEST = 200  # characters of a query that are read,
TERMS = 12  # and words and phrases
ROWS = paging.ROWS
NAMED = 5  # authors
# So many of the newest that match are weighed against each other. What is rare is weighed whole; of what a hundred
# thousand reports say, the old ones would stand behind anyway, and a page costs the same however many there are.
WEIGHED = 400
YEAR = 365.25 * 24 * 3600
LOOKED_AT, FREQUENT = 1000, 20  # of so many of the newest reports so many, and a word counts as frequent
TIMES = 2  # as far back as these reach, what is frequent is weighed

_TERM = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_WORD = re.compile(rf"[\w{MARKS}]+")
_START, _STOP = "\ue000", "\ue001"  # of private use: they stand in no text that means something


@dataclass(frozen=True)
class Term:
    words: str
    phrase: bool = False
    excluded: bool = False
    beginning: bool = False  # of a word that may go on


@dataclass(frozen=True)
class Query:
    """What was typed, as Postgres understands it; `tsquery` is empty if there is nothing to look for."""

    tsquery: str = ""
    words: str = ""  # another such query: for any of the words outside phrases
    phrases: tuple[tuple[str, ...], ...] = ()  # their words, folded
    beginning: str = ""  # folded
    excludes: bool = False
    cut: bool = False  # there was more than is read

    def __bool__(self) -> bool:
        return bool(self.tsquery)


def terms(typed: str) -> list[Term]:
    """The words and phrases of a query. The last word may be a beginning."""
    found = []
    typed = typed.translate(_QUOTES)
    for match in _TERM.finditer(typed):
        words = match["phrase"] or match["word"] or ""
        if any(letter.isalnum() for letter in words):
            last = match.end() == len(typed)
            beginning = last and not match["not"] and match["phrase"] is None and len(words) > 1
            found.append(Term(words, match["phrase"] is not None, bool(match["not"]), beginning))
    return found


def parse(typed: str) -> Query:
    """One query, which asks Postgres how it reads each term; it costs the same for every input."""
    wanted = terms(typed[:LONGEST])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phraseto_tsquery('english', folded)::text, phraseto_tsquery('simple', folded)::text, lower(folded)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS term (words, place), search_fold(words) AS folded"
            " ORDER BY place",
            [[term.words for term in wanted[:TERMS]]],
        )
        read = [(term, *row) for term, row in zip(wanted, cursor.fetchall(), strict=False)]
    if any(stem for term, stem, _, _ in read if not term.excluded):
        read = [each for each in read if each[1] or each[0].phrase or each[0].beginning]  # "the" looks for nothing
    sought = [_lexemes(term, stem, plain) for term, stem, plain, _ in read if plain and not term.excluded]
    left_out = [f"!{_lexemes(term, stem, plain)}" for term, stem, plain, _ in read if plain and term.excluded]
    shown = [(term, _WORD.findall(folded)) for term, _, _, folded in read if not term.excluded]
    return Query(
        tsquery=" & ".join(sought + left_out) if sought else "",
        words=" | ".join(_lexemes(*each[:3]) for each in read if each[2] and not (each[0].phrase or each[0].excluded)),
        phrases=tuple(tuple(words) for term, words in shown if term.phrase and words),
        beginning=next((words[-1] for term, words in shown if term.beginning and words), ""),
        excludes=bool(left_out),
        cut=len(typed) > LONGEST or len(wanted) > TERMS,
    )


def _lexemes(term: Term, stem: str, plain: str) -> str:
    """A phrase as it stands; a word by its stem or as it stands: `(('road') | ('roads'))`."""
    parts = [plain] if term.phrase else [stem, f"{plain}:*" if term.beginning else plain]
    return "(" + " | ".join(f"({part})" for part in parts if part) + ")"


def answer(form: SearchForm, request: HttpRequest) -> dict[str, Any]:
    """What the page shows of a valid form: `query`, `searched`, the authors `named`; then `results`, their `page`, the
    `authors` to choose from, and if these are the `best`, of how many.

    Raises Http404 for a page that cannot be.
    """
    query = parse(form.cleaned_data["q"])
    answer: dict[str, Any] = {"query": query, "searched": bool(query) or form.narrowed}
    answer["named"] = [] if form.chosen_author else named(form.cleaned_data["q"])
    if not answer["searched"]:
        return answer
    editions = form.editions()
    if query:
        looked = FEW if form.chosen_author else look(editions, query)
    if query and not form.by_date:
        answer["best"] = best(editions, query, looked, request)
        page = answer["best"].page
    else:
        if query:
            editions = having(editions, query, looked)
        page = paging.page_of(_shown(editions, query), request, at="first_published_at")
    authors = [author for edition in page.rows for author in edition.byline]
    return {
        **answer,
        "page": page,
        "results": [_result(edition, query) for edition in page.rows],
        "authors": _by_name([*authors, form.chosen_author] if form.chosen_author else authors),
    }


def named(typed: str) -> list[Author]:
    """Authors whose name has words that begin with each that was typed, as a byline is no part of the text that is
    searched: those with something on the site.
    """
    words = _WORD.findall(fold(typed[:LONGEST]))[:TERMS]
    if not words:
        return []
    # One look into the index for each author: EXISTS would go through all that any of them has written.
    listed = EditionAuthor.objects.filter(author=OuterRef("pk"), listed_at__isnull=False).values("pk")[:1]
    found = Author.objects.alias(words=NAME_VECTOR, listed=Subquery(listed))
    return list(found.filter(words=beginnings(words), listed__isnull=False).only("name", "slug")[:NAMED])


def _by_name(authors: list[Author]) -> list[Author]:
    """Each of them once."""
    return sorted({author.slug: author for author in authors}.values(), key=lambda author: fold(author.name))


class TsQuery(SearchQuery):
    """A query that `parse` made, as it is."""

    template = "(%(expressions)s)::tsquery"


class _Marked(Func):
    """The folded text with _START and _STOP around each word that was found."""

    function = "ts_headline"
    template = f"%(function)s('english', %(expressions)s, 'HighlightAll=true, StartSel={_START}, StopSel={_STOP}')"
    output_field = TextField()


class _Head(Func):
    """The search column without the text: headlines and standfirst alone."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{a,b}')"
    output_field = SearchVectorField()


@dataclass(frozen=True)
class Look:
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
FEW = Look(hits=FREQUENT, all=True, newest=None, oldest=None)


def look(editions: EditionQuerySet, query: Query) -> Look:
    """At the newest LOOKED_AT of these."""
    at = F("first_published_at")
    row = (
        editions.annotate(found=_matches(query))
        .newest()[:LOOKED_AT]
        .aggregate(hits=Count("pk", filter=Q(found=True)), seen=Count("pk"), newest=Max(at), oldest=Min(at))
    )
    return Look(row["hits"], row["seen"] < LOOKED_AT, row["newest"], row["oldest"])


def having(editions: EditionQuerySet, query: Query, looked: Look) -> EditionQuerySet:
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
    text = Concat("headline", Value(" "), "standfirst", Value(" "), "text", output_field=TextField())
    return editions.annotate(marked=_Marked(Func(text, function="search_fold"), TsQuery(query.words)))


@dataclass(frozen=True)
class Best:
    """A page of the best; how many were weighed for it, and whether there may be `more`, which are older."""

    page: paging.Page
    found: int
    more: bool


def best(editions: EditionQuerySet, query: Query, looked: Look, request: HttpRequest) -> Best:
    """A page of the newest of `editions` that match, WEIGHED at most, the best first.

    A report counts half as much for each year of its age. As a logarithm the order does not depend on today: pages that
    are read one after the other neither repeat nor leave out. Raises Http404 for a page that cannot be.
    """
    number = paging.numbered(request, last=WEIGHED // ROWS)
    within, older = editions, editions.none()
    if looked.since is not None:
        within = editions.filter(first_published_at__gte=looked.since)
        older = editions.filter(first_published_at__lt=looked.since)
    weighed = having(within, query, looked).newest()[:WEIGHED]
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
    page = paging.Page(rows=found, further=further, first=number == 1)
    return Best(page, count, more=count == WEIGHED or bool(found and found[0].older is not None))


_RESULT = (
    *("article_id", "slug", "headline", "standfirst", "language", "lead_photo", "first_published_at", "text"),
    *("body", "open_at"),
    *("section__name", "section__slug"),
)


@dataclass(frozen=True)
class Result:
    """An edition that was found, with the words marked (`<mark>`) where they stand; both are safe HTML."""

    edition: Edition
    headline: SafeString
    excerpt: SafeString


EXCERPT = 36  # words
BEFORE = 6  # of them before the first that was found


def _result(edition: Edition, query: Query) -> Result:
    marked: str = getattr(edition, "marked", "")
    hits = {word.lower() for word in re.findall(f"{_START}(.*?){_STOP}", marked)}
    excerpt = _best_part(text_for_everyone(edition), hits, query) or _mark(edition.standfirst, hits, query)
    return Result(edition=edition, headline=_mark(edition.headline, hits, query), excerpt=excerpt)


def _found(words: list[str], hits: set[str], query: Query) -> list[int]:
    """Which of a text's words were looked for, by what their folded form is: so the text keeps its accents."""
    folded = [fold(word) for word in words]
    found = {
        place
        for place, word in enumerate(folded)
        if word in hits or (query.beginning and word.startswith(query.beginning))
    }
    for phrase in query.phrases:
        for place, word in enumerate(folded):
            if word == phrase[0] and tuple(folded[place : place + len(phrase)]) == phrase:
                found |= set(range(place, place + len(phrase)))
    return sorted(found)


def _mark(text: str, hits: set[str], query: Query) -> SafeString:
    words = list(_WORD.finditer(text))
    pieces, end = [], 0
    for place in _found([word[0] for word in words], hits, query):
        pieces.append((text[end : words[place].start()], words[place][0]))
        end = words[place].end()
    return format_html_join("", "{}<mark>{}</mark>", pieces) + conditional_escape(text[end:])


def _best_part(text: str, hits: set[str], query: Query) -> SafeString | None:
    """The EXCERPT words with the most that was found among them; None if nothing was."""
    words = list(_WORD.finditer(text))
    places = _found([word[0] for word in words], hits, query)
    if not places:
        return None
    counts = [bisect_left(places, place + EXCERPT - BEFORE) - index for index, place in enumerate(places)]
    first = max(0, places[counts.index(max(counts))] - BEFORE)
    last = min(len(words), first + EXCERPT)
    start, end = words[first].start() if first else 0, words[last - 1].end() if last < len(words) else len(text)
    part = _mark(" ".join(text[start:end].split()), hits, query)
    return format_html("{}{}{}", "… " if first else "", part, " …" if last < len(words) else "")
