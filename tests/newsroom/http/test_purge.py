"""Cached pages name what they show, and a change purges just those that show it."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread as OfProcess
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from articles import front_page, popularity
from articles.models import Article, Author, Banner, Edition, MostRead, Reads, Section, Topic
from articles.publishing import workflow
from articles.syndication.sitemaps import ARTICLES_PER_SITEMAP
from comments.models import Comment, Commenter, Policy, Thread
from comments.moderation import transitions
from comments.posting import edit
from newsroom import tasks
from newsroom.http import purge
from newsroom.models import Outlet, User
from subscriptions.models import Appeal, Checkout, Donation, LedgerEntry
from tests.factories import make_article

SLUG = "snow-came-early-0"
ARTICLE = f"/articles/{SLUG}/"
OF_ARTICLE_TOO = ("history/", "comments/", "share.png")
OF_ARTICLE = {ARTICLE, *(f"{ARTICLE}{page}" for page in OF_ARTICLE_TOO)}


class World:
    """Two sections, topics and authors; three articles that are out, one that is not; a thread; an appeal."""

    def __init__(self) -> None:
        self.kashmir = Section.objects.create(name="Kashmir", slug="kashmir")
        self.money = Section.objects.create(name="Money", slug="money")
        self.snow, self.roads = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Snow", "Roads"))
        self.nuzhat, self.other = (Author.objects.create(name=name, slug=name.lower()) for name in ("Nuzhat", "Other"))
        self.first = make_article(self.kashmir, self.nuzhat, self.snow)
        self.second = make_article(self.money, self.other, self.roads, headline="What a road costs")
        self.third = make_article(self.kashmir, self.other, headline="A third report")
        for article in (self.first, self.second, self.third):
            workflow.publish(article, by=None)
        self.draft = make_article(self.money, self.nuzhat, self.snow, headline="Not out yet")
        self.comment = self.say("I walked that road.")
        self.held = self.say("And I.", status="pending")
        self.appeal = Appeal.objects.create(
            title="Wetlands", slug="wetlands", sentence="A year.", text="For travel.", goal=100_000, on_site=True
        )
        self.publisher = User.objects.create_user("p@example.org", "a-good-password", is_staff=True, is_superuser=True)
        self.publisher.groups.add(Group.objects.get(name="Publisher"))
        TOTP.activate(self.publisher, "A" * 32)  # the desk asks for a second step
        self.desk = Client()
        self.desk.force_login(self.publisher)

    def say(self, body: str, *, status: str = "approved", parent: Comment | None = None) -> Comment:
        writer, _ = Commenter.objects.get_or_create(email_hash="a", defaults={"verified_at": timezone.now()})
        comment = Comment(
            article=self.first, edition_number=1, commenter=writer, name="Haseena", body=body, parent=parent
        )
        comment.root_id = parent.pk if parent else None
        comment.confirmed_at = comment.created_at
        transitions.add_comment(comment, status)
        return comment

    def post(self, path: str, **form: Any) -> None:
        response = self.desk.post(path, form)
        assert response.status_code == 302, response.content.decode()[:3000]

    def save(self, model: str, row: Any, **changes: Any) -> None:
        """Change a row through its admin form, with all other fields as they are."""
        fields = {field.name: field.value_from_object(row) for field in row._meta.fields if field.editable}
        filled = {name: value for name, value in (fields | changes).items() if value not in (None, False)}
        self.post(f"/admin/{model}/{row.pk}/change/", **filled)

    def paths(self) -> list[str]:
        """Return the paths of all public pages."""
        slugs = Edition.objects.live().values_list("slug", flat=True)
        found = [f"/articles/{slug}/" for slug in slugs] + [f"{ARTICLE}{page}" for page in OF_ARTICLE_TOO]
        found += [f"/comments/{pk}/" for pk in Comment.objects.shown().values_list("public_id", flat=True)]
        lists = ("sections/kashmir", "sections/money", "topics/snow", "topics/roads", "authors/nuzhat", "authors/other")
        found += [f"/{path}/{page}" for path in lists for page in ("", "feed/")]
        found += ["/", "/latest/", "/corrections/", "/search/?q=road", "/feed/", "/about/", "/support/"]
        found += [
            f"/sitemaps/articles-{self.first.pk // ARTICLES_PER_SITEMAP}.xml",
            "/sitemaps/pages.xml",
            "/sitemap.xml",
        ]
        found += ["/support/appeals/wetlands/"]
        return [*found, "/news-sitemap.xml", "/robots.txt", "/ads.txt", "/manifest.webmanifest"]


@pytest.fixture
def world(db: None, cached: None) -> World:
    return World()


def read(paths: list[str]) -> dict[str, tuple[int, bytes, set[str]]]:
    """Return each page's status, content and surrogate keys."""
    found = {}
    for path in paths:
        response = Client().get(path)
        keys = response.headers.get("Surrogate-Key", "").split()
        found[path] = (
            response.status_code,
            response.content + response.headers.get("Location", "").encode(),
            set(keys),
        )
    return found


def purged() -> set[str]:
    """Return all keys that were purged since the last call."""
    jobs = ProcrastinateJob.objects.filter(task_name=purge.PURGE)
    keys = {key for arguments in jobs.values_list("args", flat=True) for key in arguments["keys"]}
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return keys


def new_edition(article: Article, **changes: Any) -> None:
    Article.objects.filter(pk=article.pk).update(**changes)
    article.refresh_from_db()
    workflow.publish(article, by=None, kind=Edition.Kind.CORRECTION, note="It said otherwise.")


def withdraw(article: Article) -> None:
    article.refresh_from_db()
    workflow.withdraw(article, by=User.objects.get(), expected=article.status, reason="It was wrong.")


def in_the_banner(world: World) -> None:
    now = timezone.now()
    Banner.objects.create(text="Snow", article=world.first, starts_at=now, ends_at=now + timedelta(hours=1))


def most_read(world: World) -> None:
    for place, article in enumerate((world.first, world.second, world.third)):
        MostRead.objects.create(place=place, article=article)


def given(world: World) -> None:
    wanted = {"amount": 5000, "currency": "usd"}
    checkout = Checkout.objects.create(kind="donation", appeal=world.appeal, expires_at=timezone.now(), **wanted)
    donation = Donation.objects.create(checkout=checkout, payment_intent="pi_1", paid_at=timezone.now(), **wanted)
    LedgerEntry.objects.create(
        kind="payment", stripe_id="pi_1", donation=donation, occurred_at=timezone.now(), **wanted
    )


def decided(comment: Comment, to: str) -> None:
    comment.refresh_from_db()
    transitions.change_status(comment, to, by=None, expected=comment.status, revision=comment.revision)


def interest(world: World) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for article, count in ((world.third, 50), (world.second, 20), (world.first, 10)):
        Reads.objects.create(article=article, hour=hour, count=count)
    popularity.recalculate(timezone.now())


def link_in_the_menu(world: World) -> None:
    world.post("/admin/articles/menulink/add/", menu="header", section=world.kashmir.pk, position=0)


def close_thread(world: World) -> None:
    world.save("comments/thread", Thread.objects.get(pk=world.first.pk), mode="closed")


def place_on_front(world: World) -> None:
    front_page.arrange([world.second.pk, None, None, None, None], seen=[None] * 5)


ANY = None
NONE: set[str] = set()
# One after the other: what happens, and which pages it may touch at most.
CHANGES: list[tuple[str, Callable[[World], object], set[str] | None]] = [
    ("comment approved", lambda world: decided(world.held, "approved"), OF_ARTICLE),
    ("comment rejected", lambda world: decided(world.held, "rejected"), OF_ARTICLE),
    ("rejected comment is spam", lambda world: decided(world.held, "spam"), NONE),
    ("comment that appears at once", lambda world: world.say("At once.", parent=world.comment), OF_ARTICLE),
    ("comment that waits", lambda world: world.say("Later.", status="pending"), NONE),
    ("comment picked", lambda world: transitions.pick(world.comment, picked=True, by=None), OF_ARTICLE),
    ("comment with an answer deleted", lambda world: edit.delete(world.comment), OF_ARTICLE),
    ("thread closed", close_thread, OF_ARTICLE),
    ("comments closed", lambda world: world.save("comments/policy", Policy.objects.get(), mode="closed"), ANY),
    ("front page arranged", place_on_front, {"/"}),
    ("reads counted", interest, ANY),
    ("gift to an appeal", given, {"/support/", "/support/appeals/wetlands/"}),
    ("outlet renamed", lambda world: world.save("newsroom/outlet", Outlet.objects.get(), name="X"), ANY),
    ("topic renamed", lambda world: world.save("articles/topic", world.snow, name="Ice"), ANY),
    ("author described", lambda world: world.save("articles/author", world.nuzhat, bio="Writes."), ANY),
    ("menu link", link_in_the_menu, ANY),
    ("first edition", lambda world: new_edition(world.draft), ANY),
    ("another text", lambda world: new_edition(world.first, standfirst="Otherwise."), ANY),
    ("another headline", lambda world: new_edition(world.first, headline="Snow came late"), ANY),
    ("another section", lambda world: new_edition(world.first, section=world.money), ANY),
    ("another address", lambda world: new_edition(world.first, slug="moved"), ANY),
    ("withdrawn", lambda world: withdraw(world.first), ANY),
]


def test_what_a_change_shows_in_is_dropped_and_no_more(world: World) -> None:
    paths = world.paths()
    before = read(paths)
    assert {path: status for path, (status, _, _) in before.items() if status not in (200, 302)} == {}
    assert read(paths) == before  # or what follows would show nothing
    for name, change, most in CHANGES:
        purged()
        change(world)
        dropped = purged()
        after = read(paths)
        kept = [path for path in paths if before[path][2]]
        changed = {path for path in kept if after[path][:2] != before[path][:2]}
        touched = {path for path in kept if before[path][2] & dropped}
        assert changed <= touched, f"{name}: old content stays at {changed - touched}"
        assert bool(changed) == (most != NONE), f"{name}: it was to be seen, or not to be seen"
        if most is not ANY:
            touched = {path for path in touched if not path.startswith("/comments/")}
            assert touched == most, f"{name}: dropped too much or too little"
        before = after


@pytest.mark.parametrize("where", [in_the_banner, most_read])
def test_a_headline_that_stands_on_every_page_changes_on_every_page(
    where: Callable[[World], None], world: World
) -> None:
    where(world)
    before = read(paths := ["/about/", "/latest/", "/support/", "/topics/roads/"])
    purged()
    new_edition(world.first, headline="Snow came late", slug="late")
    dropped = purged()
    after = read(paths)
    changed = {path for path in paths if after[path][:2] != before[path][:2]}
    assert changed
    assert all(before[path][2] & dropped for path in changed)
    new_edition(world.first, standfirst="Otherwise.")
    assert "site" not in purged()


class Cache(BaseHTTPRequestHandler):
    """A server that responds to purges as a cache does, and records them."""

    told: list[tuple[str, str]] = []
    status = 200

    def do_PURGE(self) -> None:
        self.told.append((self.headers["Surrogate-Key"], self.headers["Soft"]))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def cache(settings: Settings) -> Iterator[type[Cache]]:
    class Own(Cache):
        told = []

    server = HTTPServer(("127.0.0.1", 0), Own)
    OfProcess(target=server.serve_forever, daemon=True).start()
    settings.CACHE_PURGE_URL = f"varnish://127.0.0.1:{server.server_port}"
    yield Own
    server.shutdown()
    server.server_close()


def test_it_is_dropped_when_the_change_has_committed_and_never_if_it_has_not(
    cache: type[Cache], transactional_db: None, django_db_serialized_rollback: None
) -> None:
    with transaction.atomic():
        purge.purge_on_commit("front")
        transaction.set_rollback(True)
    assert (cache.told, purged()) == ([], set())
    with transaction.atomic():
        purge.purge_on_commit("latest", "front")
        purge.purge_on_commit("article-7", soon=True)
        assert not cache.told
    assert cache.told == [("front latest", "0"), ("article-7", "1")]
    assert purged() == {"front", "latest", "article-7"}


def test_a_cache_that_fails_stops_nobody_and_the_task_tries_until_it_answers(
    cache: type[Cache], transactional_db: None, django_db_serialized_rollback: None
) -> None:
    cache.status = 503
    with transaction.atomic():
        purge.purge_on_commit("front")
    with pytest.raises(purge.CacheUnreachable, match="503"):
        tasks.purge.func(keys=["front"])
    cache.status = 200
    tasks.purge.func(keys=["front"])
    assert cache.told == [("front", "0")] * 3
    assert tasks.purge.retry_strategy is not None
    purged()


def test_without_a_cache_nothing_is_promised_and_nothing_is_kept_to_be_done(edition: Edition, client: Client) -> None:
    response = client.get(edition.get_absolute_url())
    assert not {"Surrogate-Control", "Surrogate-Key"} & set(response.headers)
    assert response["Cache-Control"] == "public, no-cache"
    assert not ProcrastinateJob.objects.filter(task_name=purge.PURGE).exists()


def test_what_closes_or_opens_by_itself_is_kept_until_then_and_no_longer(
    edition: Edition, client: Client, cached: None
) -> None:
    def kept(path: str) -> tuple[int, int]:
        parts = dict(part.split("=") for part in client.get(path)["Surrogate-Control"].split(", "))
        return int(parts["max-age"]), int(parts["stale-while-revalidate"])

    path = edition.get_absolute_url()
    left, old = kept(path)
    assert 0 <= left <= 24 * 3600
    assert old == 60
    soon = timezone.now() + timedelta(minutes=5)
    Edition.objects.update(open_at=soon)
    for shown in (path, "/", "/latest/", "/feed/", f"{path}comments/"):
        assert kept(shown)[0] <= 300, shown
        assert kept(shown)[1] == 0, shown
    Edition.objects.update(open_at=None)
    Policy.objects.update(close_after_days=1)
    Edition.objects.update(first_published_at=soon - timedelta(days=1))
    assert kept(path)[0] <= 300
    assert kept(f"{path}comments/")[0] <= 300
    Thread.objects.create(article=edition.article, always_open=True)
    assert kept(path)[1] == 60


@pytest.mark.parametrize(("soon", "header"), [(False, None), (True, "1")])
def test_fastly_is_asked_by_its_service_with_the_token(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, soon: bool, header: str | None
) -> None:
    sent: list[tuple[str, str, Any, dict[str, str]]] = []

    class Answer:
        status = 200

    class Fastly:
        def __init__(self, host: str, *, timeout: float) -> None:
            assert (host, timeout) == ("api.fastly.com", 2.0)

        def request(self, *request: Any) -> None:
            sent.append(request)

        def getresponse(self) -> Answer:
            return Answer()

        def close(self) -> None: ...

    monkeypatch.setattr(purge, "HTTPSConnection", Fastly)
    settings.CACHE_PURGE_URL = "fastly://a-token@AbC123"
    purge.send_purge(["front", "latest"], soon=soon)
    ((method, path, body, headers),) = sent
    assert (method, path, json.loads(body)) == (
        "POST",
        "/service/AbC123/purge",
        {"surrogate_keys": ["front", "latest"]},
    )
    assert (headers["Fastly-Key"], headers.get("Fastly-Soft-Purge")) == ("a-token", header)


def test_a_cache_that_is_away_is_reported_and_a_purge_of_nothing_is_none(
    settings: Settings, cached: None, db: None
) -> None:
    with pytest.raises(purge.CacheUnreachable, match="does not respond"):
        purge.send_purge(["front"])
    purge.purge_on_commit()
    assert not ProcrastinateJob.objects.filter(task_name=purge.PURGE).exists()
    purge.purge_on_commit("latest", "front", "latest")
    job = ProcrastinateJob.objects.get(task_name=purge.PURGE)
    assert (job.args, job.priority) == ({"keys": ["front", "latest"], "soon": False}, 10)
