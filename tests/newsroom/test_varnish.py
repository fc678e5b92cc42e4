"""The rules of the cache in front agree with the application; how it behaves is tried in tests/drills and the browser."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from articles.forms import SearchForm
from newsroom.home import BASE_DIR

RULES = (BASE_DIR / "deploy" / "varnish" / "newsroom.vcl").read_text()
ON_ARRIVAL = RULES.partition("sub vcl_recv")[2].partition("sub vcl_hit")[0]
SAMPLES = {"slug": "a-b", "path": "x.jpeg", "uuid": "0c5b6a5e-4a2b-4c8e-9d5e-7b1f2a3c4d5e", "int": "7", "str": "t0k3n"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, Any]]:
    """An example of each address of the site, with its view."""
    for pattern in resolver.url_patterns:
        route = re.sub(r"\^|\\Z|\$", "", str(pattern.pattern))
        address = before + re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES[match[1] or "str"], route)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def test_whatever_is_not_public_is_handed_through_with_its_cookies() -> None:
    private = [re.compile(found) for found in re.findall(r'req\.url ~ "(\^/.+)"', ON_ARRIVAL)]
    assert len(private) == 4
    kept = ("/static/", "/media/")
    of_two_kinds = {"comments"}  # its GET is public; a POST is never kept
    wrong = []
    for address, view in addresses(get_resolver()):
        public = getattr(view, "is_public", False) or view.__name__ in of_two_kinds
        passed = any(pattern.search(address) for pattern in private)
        if public == passed and not address.startswith(kept):
            wrong.append(address)
    assert not wrong


def test_no_parameter_that_a_public_page_reads_is_taken_off() -> None:
    named = re.search(r"\(\?!\(([\w|]+)\)=\)", RULES)
    assert named
    assert set(named[1].split("|")) == {*SearchForm.base_fields, "before", "after", "page", "from"}
