"""What readers type, as one query of Postgres's text search.

A word finds its other English forms, "words in quotes" only each other, -word leaves reports out, and the last word may
be a beginning. Accents, Arabic vowel signs and the letters that keyboards write differently make no difference.
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from articles.search.normalize import MARKS

LONGEST = 200  # characters of a query that are read,
TERMS = 12  # and words and phrases

_TERM = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
WORD = re.compile(rf"[\w{MARKS}]+")


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
    shown = [(term, WORD.findall(folded)) for term, _, _, folded in read if not term.excluded]
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


class TsQuery(SearchQuery):
    """A query that `parse` made, as it is."""

    template = "(%(expressions)s)::tsquery"
