"""What a result of the search shows: where in the report the words stand that were looked for, marked."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from django.db.models import Func, TextField, Value
from django.db.models.functions import Concat
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from articles.models import Edition
from articles.models.edition import EditionQuerySet
from articles.search.normalize import normalize
from articles.search.query import WORD, Query, TsQuery
from articles.syndication.public_text import text_for_everyone

_START, _STOP = "\ue000", "\ue001"  # of private use: they stand in no text that means something


class _Marked(Func):
    """The folded text with _START and _STOP around each word that was found."""

    function = "ts_headline"
    template = f"%(function)s('english', %(expressions)s, 'HighlightAll=true, StartSel={_START}, StopSel={_STOP}')"
    output_field = TextField()


def with_words_marked(editions: EditionQuerySet, query: Query) -> EditionQuerySet:
    """Each with what `result` needs to know of the words that were found in it."""
    text = Concat("headline", Value(" "), "standfirst", Value(" "), "text", output_field=TextField())
    return editions.annotate(marked=_Marked(Func(text, function="search_fold"), TsQuery(query.words)))


@dataclass(frozen=True)
class Result:
    """An edition that was found, with the words marked (`<mark>`) where they stand; both are safe HTML."""

    edition: Edition
    headline: SafeString
    excerpt: SafeString


EXCERPT = 36  # words
BEFORE = 6  # of them before the first that was found


def result(edition: Edition, query: Query) -> Result:
    marked: str = getattr(edition, "marked", "")
    hits = {word.lower() for word in re.findall(f"{_START}(.*?){_STOP}", marked)}
    excerpt = _best_part(text_for_everyone(edition), hits, query) or _mark(edition.standfirst, hits, query)
    return Result(edition=edition, headline=_mark(edition.headline, hits, query), excerpt=excerpt)


def _found(words: list[str], hits: set[str], query: Query) -> list[int]:
    """Which of a text's words were looked for, by what their folded form is: so the text keeps its accents."""
    folded = [normalize(word) for word in words]
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
    words = list(WORD.finditer(text))
    pieces, end = [], 0
    for place in _found([word[0] for word in words], hits, query):
        pieces.append((text[end : words[place].start()], words[place][0]))
        end = words[place].end()
    return format_html_join("", "{}<mark>{}</mark>", pieces) + conditional_escape(text[end:])


def _best_part(text: str, hits: set[str], query: Query) -> SafeString | None:
    """The EXCERPT words with the most that was found among them; None if nothing was."""
    words = list(WORD.finditer(text))
    places = _found([word[0] for word in words], hits, query)
    if not places:
        return None
    counts = [bisect_left(places, place + EXCERPT - BEFORE) - index for index, place in enumerate(places)]
    first = max(0, places[counts.index(max(counts))] - BEFORE)
    last = min(len(words), first + EXCERPT)
    start, end = words[first].start() if first else 0, words[last - 1].end() if last < len(words) else len(text)
    part = _mark(" ".join(text[start:end].split()), hits, query)
    return format_html("{}{}{}", "… " if first else "", part, " …" if last < len(words) else "")
