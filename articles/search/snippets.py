"""Snippets: the part of an article that a search result shows, with the words that were found marked."""

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

_START, _STOP = "\ue000", "\ue001"  # from Unicode's private use area: no text has them


class _Marked(Func):
    """The normalized text with _START and _STOP around each word that was found."""

    function = "ts_headline"
    template = f"%(function)s('english', %(expressions)s, 'HighlightAll=true, StartSel={_START}, StopSel={_STOP}')"
    output_field = TextField()


def with_words_marked(editions: EditionQuerySet, query: Query) -> EditionQuerySet:
    """Annotate each edition with the marked text that `search_result` needs."""
    text = Concat("headline", Value(" "), "standfirst", Value(" "), "text", output_field=TextField())
    return editions.annotate(marked=_Marked(Func(text, function="search_fold"), TsQuery(query.words)))


@dataclass(frozen=True)
class Result:
    """An edition that was found. Its headline and excerpt are safe HTML with the found words in `<mark>`."""

    edition: Edition
    headline: SafeString
    excerpt: SafeString


EXCERPT_WORDS = 36  # words
WORDS_BEFORE_HIT = 6  # of these, before the first that was found


def search_result(edition: Edition, query: Query) -> Result:
    marked: str = getattr(edition, "marked", "")
    hits = {word.lower() for word in re.findall(f"{_START}(.*?){_STOP}", marked)}
    excerpt = _excerpt(text_for_everyone(edition), hits, query) or _mark(edition.standfirst, hits, query)
    return Result(edition=edition, headline=_mark(edition.headline, hits, query), excerpt=excerpt)


def _hit_positions(words: list[str], hits: set[str], query: Query) -> list[int]:
    """Return the positions of the found words. Normalized words are compared, so the text keeps its accents."""
    normalized = [normalize(word) for word in words]
    found = {
        place
        for place, word in enumerate(normalized)
        if word in hits or (query.prefix and word.startswith(query.prefix))
    }
    for phrase in query.phrases:
        for place, word in enumerate(normalized):
            if word == phrase[0] and tuple(normalized[place : place + len(phrase)]) == phrase:
                found |= set(range(place, place + len(phrase)))
    return sorted(found)


def _mark(text: str, hits: set[str], query: Query) -> SafeString:
    words = list(WORD.finditer(text))
    pieces, end = [], 0
    for place in _hit_positions([word[0] for word in words], hits, query):
        pieces.append((text[end : words[place].start()], words[place][0]))
        end = words[place].end()
    return format_html_join("", "{}<mark>{}</mark>", pieces) + conditional_escape(text[end:])


def _excerpt(text: str, hits: set[str], query: Query) -> SafeString | None:
    """Return the EXCERPT_WORDS words with the most hits among them; None if there is no hit."""
    words = list(WORD.finditer(text))
    places = _hit_positions([word[0] for word in words], hits, query)
    if not places:
        return None
    reach = EXCERPT_WORDS - WORDS_BEFORE_HIT
    counts = [bisect_left(places, place + reach) - index for index, place in enumerate(places)]
    first = max(0, places[counts.index(max(counts))] - WORDS_BEFORE_HIT)
    last = min(len(words), first + EXCERPT_WORDS)
    start, end = words[first].start() if first else 0, words[last - 1].end() if last < len(words) else len(text)
    part = _mark(" ".join(text[start:end].split()), hits, query)
    return format_html("{}{}{}", "… " if first else "", part, " …" if last < len(words) else "")
