"""Normalizes words for search: no accents or vowel signs, one form for each letter, hyphens as spaces.

In Postgres the function `search_fold` (migration `search`) does it, for the search column and for each query.
`normalize` does the same in Python, to mark the found words in a text; a test compares the two.
"""

import re
import unicodedata
from typing import Any, cast

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func
from django.db.models.expressions import CombinedExpression

from newsroom.db.name_search import name_vector

# Accents; Arabic vowel signs, hamza above and below, tatweel; soft hyphens, joiners and marks of direction.
MARKS = (
    "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
# Letters that keyboards of Urdu, Kashmiri, Persian and Arabic write differently; digits; separators.
VARIANTS = {
    "ی": "يىؠېۍ",
    "ک": "كڪ",
    "ہ": "هھةۃە",
    "ا": "ٱٲٳ",
    "و": "ۆۄۇ",
    "ن": "ں",
    **{str(digit): chr(0x660 + digit) + chr(0x6F0 + digit) for digit in range(10)},
    " ": "-/_‐‑‒–—",
}
_MARK = re.compile(f"[{MARKS}]")
_VARIANT = str.maketrans({variant: letter for letter, variants in VARIANTS.items() for variant in variants})


def normalize(words: str) -> str:
    """Return the words as search compares them."""
    return _MARK.sub("", unicodedata.normalize("NFKD", words)).translate(_VARIANT).lower()


def _vector(**weights: str) -> CombinedExpression:
    """Return the search vector of columns with weights.

    It has stems, so that "roads" finds "road", and the words as they are, for prefixes and for other languages.
    """

    def words(config: str) -> Any:
        of = [
            SearchVector(Func(F(column), function="search_fold"), config=config, weight=weight)
            for column, weight in weights.items()
        ]
        return sum(of[1:], start=of[0])

    return cast(CombinedExpression, words("english") + words("simple"))


VECTOR = _vector(headline="A", search_headline="A", standfirst="B", text="D")  # of an edition
WORKING_VECTOR = _vector(headline="A", standfirst="B", slug="D")  # of an article
NAME_VECTOR = name_vector(Func(F("name"), function="search_fold"))  # of an author
