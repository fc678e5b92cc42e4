"""Fuzzes every public address with requests that no browser sends, and somebody's program will.

The addresses are those of the URL resolver, so that a new page is fuzzed without being listed here. No response may be a 500.
"""

import json
import re
import traceback
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_from_bytes

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.subscriptions.conftest import signed

Pairs = list[tuple[bytes, bytes]]
Form = tuple[str, str, Pairs]  # action, method, fields with the intended values

HOLE = r"<[^>]*>|\(\?P<[^)]*\)"
INTENDED_VALUES = {
    **{"email": "guest@example.org", "login": "reader@example.org", "password": "a-good-password", "amount": "25"},
    **{"name": "Asma", "body": "I walked that road.", "reason": "abuse", "comments": "nameless", "q": "snow"},
    **{"password1": "blue-houseboat-7", "password2": "blue-houseboat-7", "oldpassword": "a-good-password"},
}

ODD = [
    *(b"", b"0", b"-1", b"1", b"9" * 30, b"9" * 5000, b"1e400", b"NaN", b"\xd9\xa3", b"%", b"%00", b"../../etc/passwd"),
    *(b"\x00", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f\x8d\x81" * 30, b"\xe2\x80\xaemoc.live", b"\r\nX: y"),
    *(b"<script>alert(1)</script>", b"{{ 7 }}", b"' OR 1=1 --", b"None", b"true", b"[]", b'{"a": 1}', b"x" * 100_000),
    *(b"2026-11-23", b"0000-00-00", b"9999-12-31T23:59:59+14:00", b"1969-12-31", b"2026-11-23T10:00:00.123456,1"),
    *(b"00000000-0000-0000-0000-000000000000", b"//elsewhere.example/", b"http://[::1", b"javascript:alert(1)"),
    *(b'{"a":' * 5000, b"[" * 50_000, b'"\\ud800"', b'{"id": "\\u0000"}', b'{"a": 1e999999}', b"9" * 400 + b".5"),
    *(b"reader@example.org", b"a@b", b"a-good-password", b"usd", b"25", b"1,5", b"newest", b"on", b"\xd8\xa7" * 70),
]
NAMES = [
    "q",
    "order",
    "from",
    "page",
    "before",
    "after",
    "at",
    "until",
    "section",
    "topic",
    "author",
    "language",
    "kind",
    "checkout",
    "came_from",
    "next",
    "form_id",
    "amount",
    "other",
    "appeal",
    "fee",
    "cover_fee",
    "total",
    "again",
    "name",
    "message",
    "anonymous",
    "body",
    "email",
    "parent",
    "follow",
    "as_supporter",
    "website",
    "stamp",
    "reason",
    "note",
    "comment",
    "shown",
    "comments",
    "login",
    "password",
    "password1",
    "code",
    "remember",
    "action",
    "token",
    "revision",
    "subscribe",
    "sort",
    "shows_support",
    "action_send",
    "action_add",
    "action_primary",
    "action_remove",
    "credential",
    "csrfmiddlewaretoken",
    "oldpassword",
    "password2",
]
TYPES = [
    *("application/x-www-form-urlencoded", "application/json", "text/plain", "", "x", "\xff", "application/xml"),
    *("application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=nonsense"),
    *("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\xff", "multipart/x"),
    # Left out: charset=base64, which is taken off by newsroom/wsgi.py; Django's client for tests goes around that.
    *("multipart/form-data; boundary=b", "multipart/form-data; boundary=b; charset=utf-16", "multipart/form-data; x=y"),
]
COOKIES = ["sessionid", "csrftoken", "messages", "guest", "known", "somebody", "gift", "device"]
HEADERS = {
    "HTTP_ACCEPT": ["", "*/*", "application/json", "text/html;q=x", "\xff"],
    "HTTP_ACCEPT_ENCODING": ["gzip", "br;q=2", "identity;q=0", "\x00"],
    "HTTP_ACCEPT_LANGUAGE": ["ur", "x" * 2000, "en;q=9", "ks-Arab-IN", "\xff", "../"],
    "HTTP_CONTENT_LENGTH": ["-1", "x", "9" * 30],
    "CONTENT_LENGTH": ["-1", "x", "", "0", "99999999"],
    "HTTP_HOST": ["testserver", "elsewhere.example", "", "a b", "[::1", "testserver:x", "\xff"],
    "HTTP_IF_MODIFIED_SINCE": ["x", "Mon, 23 Nov 2026 10:00:00 GMT", "Mon, 99 Nov 99999 10:00:00 GMT", "9" * 99],
    "HTTP_IF_NONE_MATCH": ["*", '"x"', "W/", '"' * 999],
    "HTTP_ORIGIN": ["null", "https://elsewhere.example", "http://[", "\xff"],
    "HTTP_RANGE": ["bytes=0-", "bytes=-1", "bytes=9-1,", "x"],
    "HTTP_REFERER": ["x", "http://[", "\xff", "https://elsewhere.example/"],
    "HTTP_SEC_PURPOSE": ["prefetch", "\xff"],
    "HTTP_STRIPE_SIGNATURE": ["", "t=1,v1=x", "t=x,v1=\xff", "t=" + "9" * 30],
    "HTTP_USER_AGENT": ["", "x" * 9000, "\x00", "\xff"],
    "HTTP_X_FORWARDED_FOR": ["", "x", "1.2.3.4, ::1", "\xff", "9" * 99],
    "HTTP_X_FORWARDED_PROTO": ["https", "x"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "REMOTE_ADDR": ["127.0.0.1", "", "::1", "x"],
}


def routes() -> list[str]:
    """Return every route outside the admin, as written: `/articles/<slug:slug>/`."""
    return sorted(_routes(get_resolver(), "/"))


def _routes(resolver: URLResolver, above: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        route = above + str(each.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if route.startswith("/admin/"):
            continue
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _routes(each, route)


def _parts(kind: str, real: dict[str, list[str]]) -> st.SearchStrategy[bytes]:
    known = [value.encode() for value in real.get(kind, [])]
    return st.sampled_from([*known, *known, *known, *ODD[:-1]] if known else ODD)


@st.composite
def _path(draw: st.DrawFn, real: dict[str, list[str]]) -> bytes:
    route = draw(st.sampled_from(routes()))
    pieces = re.split(f"({HOLE})", route)
    path = b"".join(
        draw(_parts(piece.strip("<>").split(":")[0], real)) if piece[:1] in ("<", "(") else piece.encode()
        for piece in pieces
    )
    return path + draw(st.sampled_from([b"", b"", b"", b"", b"/", b"x", b"\x00", b"\xff"]))


NAME = st.one_of(st.sampled_from([name.encode() for name in NAMES]), st.sampled_from(ODD), st.binary(max_size=9))
VALUE = st.one_of(st.sampled_from(ODD), st.binary(max_size=40), st.text(max_size=20).map(lambda t: t.encode()))
PAIRS: st.SearchStrategy[Pairs] = st.lists(st.tuples(NAME, VALUE), max_size=8)


def _encoded(pairs: Pairs) -> bytes:
    return b"&".join(quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode() for name, value in pairs)


def _multipart(pairs: Pairs) -> bytes:
    odd = b'Content-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    parts = [odd % (name, b'; filename="x.png"' if len(value) % 3 == 0 else b"", value) for name, value in pairs]
    return b"".join(b"--b\r\n" + part for part in parts) + b"--b--\r\n"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
)
BODY = st.one_of(PAIRS.map(_encoded), PAIRS.map(_multipart), st.binary(max_size=200), st.sampled_from(ODD))


class Forms(HTMLParser):
    """Collects the forms of a page: action, method and fields of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            to = (given.get("action") or self.page).partition("#")[0]
            self.found.append((to, (given.get("method") or "get").upper(), []))
        elif tag in ("input", "textarea", "select", "button") and given.get("name") and self.found:
            name = str(given["name"])
            value = given.get("value") or INTENDED_VALUES.get(name, "x")
            self.found[-1][2].append((name.encode(), value.encode()))


def forms(clients: list[Client], real: dict[str, list[str]]) -> list[Form]:
    """Return all forms of all pages, as each of these clients gets them."""
    found: dict[tuple[str, str, tuple[bytes, ...]], Form] = {}
    for route in routes():
        for number in range(3):
            page = _page(route, real, number)
            for client in clients:
                response = client.get(page)
                if response.status_code in (200, 422) and "html" in response["Content-Type"]:
                    parser = Forms(page)
                    parser.feed(response.content.decode())
                    for form in parser.found:
                        found[form[0], form[1], tuple(sorted(name for name, _ in form[2]))] = form
    return list(found.values())


def _page(route: str, real: dict[str, list[str]], number: int) -> str:
    """Return an existing address of this route, if there is one."""

    def fill(hole: re.Match[str]) -> str:
        values = real.get(hole[0].strip("<>").split(":")[0], ["x"])
        return values[number % len(values)]

    return re.sub(HOLE, fill, route)


def _one_in(many: int, draw: st.DrawFn) -> bool:
    return int(draw(st.integers(1, many))) == 1


@st.composite
def filled_in(draw: st.DrawFn, found: list[Form]) -> dict[str, Any]:
    """Draw a form filled in as intended, but for one to three of its fields."""
    to, method, fields = draw(st.sampled_from(found))
    pairs = [pair for pair in fields if not _one_in(10, draw)]
    for _ in range(draw(st.integers(1, 3))):
        name = draw(NAME) if not fields or _one_in(10, draw) else draw(st.sampled_from(fields))[0]
        at = draw(st.integers(0, len(pairs)))
        same = [number for number, pair in enumerate(pairs) if pair[0] == name]
        if same and _one_in(2, draw):
            pairs[same[0]] = (name, draw(VALUE))
        else:
            pairs.insert(at, (name, draw(VALUE)))  # the same key twice, mostly
    path, _, query = to.partition("?")
    asked: dict[str, Any] = {"method": method, "path": "/", "PATH_INFO": path, "QUERY_STRING": query}
    if method == "GET":
        return asked | {"QUERY_STRING": _encoded(pairs).decode()}
    if _one_in(4, draw):
        return asked | {"data": _multipart(pairs), "content_type": "multipart/form-data; boundary=b"}
    return asked | {"data": _encoded(pairs), "content_type": TYPES[0]}


@st.composite
def read(draw: st.DrawFn, real: dict[str, list[str]]) -> dict[str, Any]:
    """Draw a request for an existing page with an odd query or an odd header."""
    route = draw(st.sampled_from(routes()))
    number = draw(st.integers(0, 9))
    path = _page(route, real, number)
    known = st.sampled_from([name.encode() for name in NAMES])
    query = draw(st.lists(st.tuples(known, VALUE), max_size=3).map(_encoded)).decode()
    asked = {"method": draw(st.sampled_from(["GET", "GET", "HEAD"])), "path": "/", "PATH_INFO": path}
    return asked | {"QUERY_STRING": query} | draw(_AROUND)


@st.composite
def _around(draw: st.DrawFn) -> dict[str, str]:
    """Draw odd headers and cookies."""
    around = {}
    for name in draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=2)):
        around[name] = draw(st.sampled_from(HEADERS[name]))
    if _one_in(4, draw):
        cookies = draw(st.lists(st.tuples(st.sampled_from(COOKIES), st.sampled_from(ODD[:-1])), max_size=3))
        around["HTTP_COOKIE"] = "; ".join(f"{name}={value.decode('latin-1')}" for name, value in cookies)
    return around


_AROUND = _around()


@st.composite
def wild(draw: st.DrawFn, real: dict[str, list[str]]) -> dict[str, Any]:
    """Draw any request at all."""
    method = draw(st.sampled_from(["GET", "POST", "POST", "HEAD", "PUT", "OPTIONS", "TRACE", "x"]))
    query = draw(st.one_of(PAIRS.map(_encoded), st.binary(max_size=30), st.sampled_from(ODD)))
    asked: dict[str, Any] = {"method": method, "path": "/", "PATH_INFO": draw(_path(real)).decode("latin-1")}
    asked["QUERY_STRING"] = query.decode("latin-1")
    if method not in ("GET", "HEAD"):
        asked |= {"data": draw(BODY), "content_type": draw(st.sampled_from(TYPES))}
    return asked | draw(_AROUND)


@st.composite
def event(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an event that Stripe signed, with odd values."""
    value = st.one_of(JSON, VALUE.map(lambda value: value.decode("utf-8", "surrogateescape")))
    whole = {"id": "evt_1", "type": "invoice.paid", "livemode": False, "data": {"object": {"id": "in_1"}}}
    whole |= draw(st.dictionaries(st.sampled_from([*whole, "api_version", "x"]), value, max_size=3))
    if _one_in(2, draw):
        whole["data"] = {"object": draw(st.dictionaries(st.sampled_from(["id", "object", "metadata"]), value))}
    body = json.dumps(whole).encode()
    return {
        **{"method": "POST", "path": "/stripe/webhook/", "data": body, "content_type": "application/json"},
        **{"HTTP_STRIPE_SIGNATURE": signed(body)},
    }


def run(clients: list[Client], real: dict[str, list[str]], *, requests: int, number: int | None = None) -> str:
    """Send so many requests, in turn by each of these clients: other ones each time, or those of the seed `number`.

    Returns a summary with the number of each status.
    """
    found_forms = forms(clients, real)
    found: dict[str, str] = {}
    answers: Counter[int] = Counter()
    sent = 0

    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(asked=st.one_of(filled_in(found_forms), read(real), wild(real), event()))
    def fuzz(asked: dict[str, Any]) -> None:
        nonlocal sent
        sent += 1
        if sent % 50 == 0:
            cache.clear()  # resets the rate limits, which are not what is tried here
        client = clients[sent % len(clients)]
        with transaction.atomic():
            answers[_ask(client, asked, found)] += 1
            transaction.set_rollback(True)

    (seed(number)(fuzz) if number is not None else fuzz)()
    assert not found, "\n\n".join(found.values())
    return f"{sent} requests at {len(routes())} routes and {len(found_forms)} forms: {dict(answers.most_common())}"


def _ask(client: Client, asked: dict[str, Any], found: dict[str, str]) -> int:
    """Send one request and return its status; a 500 is recorded once for each line that raises it."""
    signed_in = deepcopy(client.cookies)
    try:
        response = client.generic(**asked)
    except Exception as error:  # not even a 500: the server would answer nothing at all
        _note(error, asked, found)
        return 500
    finally:
        client.cookies = signed_in  # or the first that signs out would sign out all that follow
    if response.status_code == 500:
        raised = getattr(response, "exc_info", None)
        _note(raised[1] if raised else RuntimeError("answered 500"), asked, found)
    return response.status_code


def _note(error: BaseException, asked: dict[str, Any], found: dict[str, str]) -> None:
    lines = traceback.extract_tb(error.__traceback__)
    place = f"{type(error).__name__} {lines[-1].filename}:{lines[-1].lineno}" if lines else str(error)
    if place not in found:
        shown = {name: value if len(value) < 300 else value[:300] for name, value in asked.items()}
        ours = "".join(traceback.format_list([line for line in lines if "site-packages" not in line.filename][-4:]))
        found[place] = f"{place}: {error!r:.300}\n{shown!r}\n{ours}"
