"""Names, as a search by the beginnings of their words finds them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Func, Value


def name_vector(name: Any) -> SearchVector:
    """Of a column or expression. An initial and the name after it are two words ("M.Yousuf"), which Postgres would take
    for a host's name.
    """
    apart = Func(name, Value(r"\W+"), Value(" "), Value("g"), function="regexp_replace")
    return SearchVector(apart, config="simple")


def prefix_query(words: Iterable[str]) -> SearchQuery:
    """Each begins a word of what is found. They are letters and digits alone, and at least one."""
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
