"""Full-text search for names by the beginnings of their words."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Func, Value


def name_vector(name: Any) -> SearchVector:
    """Return the search vector of a column or expression with names.

    Punctuation separates words: Postgres would take "M.Yousuf" for the name of a host.
    """
    apart = Func(name, Value(r"\W+"), Value(" "), Value("g"), function="regexp_replace")
    return SearchVector(apart, config="simple")


def prefix_query(words: Iterable[str]) -> SearchQuery:
    """Return a query for names in which each of `words` begins a word. They must be alphanumeric, and at least one."""
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
