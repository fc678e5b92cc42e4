"""Parses what readers type into one tsquery of Postgres.

A word matches its other English forms, "words in quotes" match as a phrase, -word excludes, and the last word may be a
prefix. Accents, Arabic vowel signs and the letters that keyboards write differently make no difference.
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from articles.search.normalize import MARKS

MAX_CHARACTERS = 200  # of a query; the rest is ignored
MAX_TERMS = 12  # words and phrases

_TERM = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
WORD = re.compile(rf"[\w{MARKS}]+")


@dataclass(frozen=True)
class Term:
    words: str
    phrase: bool = False
    excluded: bool = False
    prefix: bool = False  # the word may go on


@dataclass(frozen=True)
class Query:
    """A parsed query; `tsquery` is empty if there is nothing to search for."""

    tsquery: str = ""
    words: str = ""  # another tsquery, for any of the words outside phrases
    phrases: tuple[tuple[str, ...], ...] = ()  # their words, normalized
    prefix: str = ""  # normalized
    excludes: bool = False
    cut: bool = False  # part of it was ignored

    def __bool__(self) -> bool:
        return bool(self.tsquery)


def terms(typed: str) -> list[Term]:
    """Return the words and phrases of a query. The last word may be a prefix."""
    found = []
    typed = typed.translate(_QUOTES)
    for match in _TERM.finditer(typed):
        words = match["phrase"] or match["word"] or ""
        if any(letter.isalnum() for letter in words):
            last = match.end() == len(typed)
            prefix = last and not match["not"] and match["phrase"] is None and len(words) > 1
            found.append(Term(words, match["phrase"] is not None, bool(match["not"]), prefix))
    return found


def parse(typed: str) -> Query:
    """Parse a query. Costs one SQL query, which asks Postgres for the stems of all terms."""
    typed_terms = terms(typed[:MAX_CHARACTERS])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phraseto_tsquery('english', folded)::text, phraseto_tsquery('simple', folded)::text, lower(folded)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS term (words, place), search_fold(words) AS folded"
            " ORDER BY place",
            [[term.words for term in typed_terms[:MAX_TERMS]]],
        )
        read = [(term, *row) for term, row in zip(typed_terms, cursor.fetchall(), strict=False)]
    if any(stem for term, stem, _, _ in read if not term.excluded):
        read = [each for each in read if each[1] or each[0].phrase or each[0].prefix]  # drops stop words like "the"
    sought = [_lexemes(term, stem, plain) for term, stem, plain, _ in read if plain and not term.excluded]
    left_out = [f"!{_lexemes(term, stem, plain)}" for term, stem, plain, _ in read if plain and term.excluded]
    shown = [(term, WORD.findall(folded)) for term, _, _, folded in read if not term.excluded]
    return Query(
        tsquery=" & ".join(sought + left_out) if sought else "",
        words=" | ".join(_lexemes(*each[:3]) for each in read if each[2] and not (each[0].phrase or each[0].excluded)),
        phrases=tuple(tuple(words) for term, words in shown if term.phrase and words),
        prefix=next((words[-1] for term, words in shown if term.prefix and words), ""),
        excludes=bool(left_out),
        cut=len(typed) > MAX_CHARACTERS or len(typed_terms) > MAX_TERMS,
    )


def _lexemes(term: Term, stem: str, plain: str) -> str:
    """Return the tsquery of a term: a phrase as typed, a word by its stem or as typed (`(('road') | ('roads'))`)."""
    parts = [plain] if term.phrase else [stem, f"{plain}:*" if term.prefix else plain]
    return "(" + " | ".join(f"({part})" for part in parts if part) + ")"


class TsQuery(SearchQuery):
    """A tsquery that `parse` made, without further parsing."""

    template = "(%(expressions)s)::tsquery"
