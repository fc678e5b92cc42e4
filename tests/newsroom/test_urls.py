"""Every address of the site × who asks × GET and POST, against addresses.txt. What is not in that table fails.

After a change: look at what differs, and if it is meant, write it there (a failing test prints the lines).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.admin import site as desk
from django.db import transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from articles.models import Edition, EditionTopic, Topic
from articles.syndication import sitemaps
from comments.models import Comment, Commenter
from newsroom.models import User
from subscriptions.models import Subscription

TABLE = Path(__file__).with_name("addresses.txt")
WHO = ["anonymous", "reader", "subscriber", "reporter", "editor", "moderator", "publisher"]
# What is answered, in a letter each
ANSWERS = {
    200: "+",
    204: "+",
    301: ">",
    302: ">",
    400: "!",
    409: "!",
    422: "!",
    403: "-",
    404: "0",
    405: "x",
    410: "0",
    503: "~",
}
DOORS = ("/accounts/login/", "/admin/login/")


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Yield all routes of the site."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


def _table() -> dict[str, str]:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {route: " ".join(answers) for route, *answers in ([line[-1], *line[:-1]] for line in lines)}


@pytest.fixture(autouse=True)
def _stripe_is_away(settings: Any) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"


@pytest.fixture
def people(request: pytest.FixtureRequest, reader: User) -> dict[str, str]:
    """Return each person's session key."""
    now = timezone.now()
    subscriber = User.objects.create_user("subscriber@example.org", "a-good-password", name="Bilal")
    Subscription.objects.create(
        user=subscriber,
        stripe_id="sub_1",
        status="active",
        amount=1000,
        currency="usd",
        started_at=now,
        current_period_end=now,
    )
    sessions = {"anonymous": ""}
    for who in WHO[1:]:
        person = subscriber if who == "subscriber" else request.getfixturevalue(who)
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        client = Client()
        client.force_login(person)
        sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


@pytest.fixture
def address(edition: Edition) -> Any:
    """Return a function that fills in a route's parameters, with existing rows where there are some."""
    writer = Commenter.objects.create(email_hash="a", verified_at=timezone.now())
    comment = Comment.objects.create(
        article=edition.article, commenter=writer, name="A", body="Hm.", edition_number=1, status="approved"
    )
    topic = Topic.objects.create(name="Roads", slug="roads")
    EditionTopic.objects.create(edition=edition, topic=topic, position=0, listed_at=edition.first_published_at)
    slugs = {"sections": edition.article.section.slug, "topics": "roads", "authors": edition.article.authors.get().slug}
    slugs |= {"articles": edition.slug, "support": "none", "": "about"}

    def address(route: str) -> str:
        first = route.partition("/")[0] if "/" in route and not route.startswith("<") else ""
        parts = {
            "slug:slug": slugs.get(first, "none"),
            "uuid:public_id": str(comment.public_id),
            "int:part": str(edition.article_id // sitemaps.ARTICLES_PER_SITEMAP),
            "int:version": str(edition.article.versions.latest("pk").pk),
            "slug:name": "paying",
            "int:year": "2001",
            "path:content_type_id": "1",
            "path:path": "none.png",
            "str:token": "made-up",
            "str:key": "made-up",
        }
        words = route.split("/")
        if first == "admin" and len(words) > 3 and (model := _model(words[1], words[2])):
            there = model._default_manager.first()
            parts["path:object_id"] = parts["int:pk"] = parts["id"] = str(there.pk) if there else "999999"
        path = route
        for name, value in ({"path:object_id": "1", "int:pk": "999999"} | parts).items():
            path = path.replace(f"<{name}>", value)
        for pattern, value in (
            ("^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/1-made-up/"),
            (r"^(?P<app_label>", "articles/|"),
            ("(?P<url>.*)$", "no-such-page/"),
        ):
            before, found, _ = path.partition(pattern)
            path = f"{before}{value.partition('|')[0]}" if found else path
        assert "<" not in path, f"{route}: say in this test what stands for its parts"
        return f"/{path}"

    return address


def _model(app: str, name: str) -> Any:
    try:
        model = apps.get_model(app, name)
    except LookupError:
        return None
    return model if desk.is_registered(model) else None


def _answer(method: str, path: str, session: str) -> str:
    """Return the table's letter for the response, and roll back what the request did."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        response = client.generic(method, path, "", "application/x-www-form-urlencoded" if method == "POST" else "")
        transaction.set_rollback(True)
    to = urlsplit(response.get("Location", "")).path
    return "?" if to in DOORS and path != to else ANSWERS.get(response.status_code, str(response.status_code))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip rendering, which takes most of the time: permissions are checked before it."""

    def render(response: SimpleTemplateResponse) -> SimpleTemplateResponse:
        response.content = b""
        return response

    monkeypatch.setattr(SimpleTemplateResponse, "render", render)
    empty = lambda resolver, status: lambda request, exception=None: HttpResponse(status=status)  # noqa: E731
    monkeypatch.setattr(URLResolver, "resolve_error_handler", empty)


@pytest.mark.usefixtures("undrawn")
def test_every_address_answers_each_as_the_table_says(people: dict[str, str], address: Any) -> None:
    expected = _table()
    found = {}
    for route in dict.fromkeys(routes(get_resolver())):
        path = address(route)
        found[route or "(front)"] = " ".join(
            "".join(_answer(method, path, people[who]) for who in WHO) for method in ("GET", "POST")
        )
    other = {route: answers for route, answers in found.items() if expected.get(route) != answers}
    gone = expected.keys() - found.keys()
    lines = [f"{answers}  {route}" for route, answers in other.items()]
    assert not other, "These answer otherwise, or are not in the table:\n" + "\n".join(lines)
    assert not gone, f"These are in the table, and are no more: {sorted(gone)}"
