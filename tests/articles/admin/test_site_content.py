"""The outlet's own pages, menus and breaking banner, and what all of it costs."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from articles import context_processors
from articles.models import Article, Banner, Edition, FormerAddress, MenuLink, Page, Section, Topic
from articles.publishing import workflow
from newsroom.models import Advertisement, Channel, Outlet, User
from subscriptions.models import Offer

DEFAULTS = ["about", "ethics", "contact", "privacy", "corrections-policy"]
NOON = timezone.make_aware(datetime(2026, 11, 20, 12))
HOUR = timedelta(hours=1)


# Pages


def page_form(**changes: Any) -> dict[str, Any]:
    """What the admin's form sends."""
    values = {"title": "Our history", "slug": "history", "body": "<p>Long.</p>", "language": "en", "published": "on"}
    return values | {"description": ""} | changes


@pytest.mark.parametrize("slug", DEFAULTS)
def test_a_new_outlet_has_its_pages_with_a_text_and_a_link_at_the_foot(slug: str, client: Client, db: None) -> None:
    page = Page.objects.get(slug=slug)
    response = client.get(f"/{slug}/")
    assertContains(response, page.title)
    assert len(page.body) > 300
    footer = client.get("/").content.decode().split('<footer class="site-footer">')[1]
    assert f'<a href="/{slug}/">{page.title}</a>' in footer


def test_every_link_in_the_first_texts_leads_somewhere(client: Client, db: None) -> None:
    for page in Page.objects.all():
        for address in re.findall(r'href="([^"]*)"', page.body):
            assert client.get(address).status_code == 200, f"{address} in {page}"


def test_a_draft_is_not_to_be_seen_and_no_link_leads_there(client: Client, db: None) -> None:
    Page.objects.filter(slug="ethics").update(published=False)
    assert client.get("/ethics/").status_code == 404
    assertNotContains(client.get("/"), "/ethics/")


def test_a_page_costs_two_queries(client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        assert client.get("/about/").status_code == 200


def test_a_changed_address_redirects_for_ever_however_often_it_changes(client: Client, db: None) -> None:
    page = Page.objects.get(slug="about")
    for slug in ("us", "who-we-are"):
        page.slug = slug
        page.save()
    for former in ("about", "us"):
        response = client.get(f"/{former}/")
        assertRedirects(response, "/who-we-are/", status_code=301)
        assert "no-store" not in response["Cache-Control"]
    page.slug = "about"  # and back again
    page.save()
    assert client.get("/about/").status_code == 200
    assertRedirects(client.get("/who-we-are/"), "/about/", status_code=301)
    assert sorted(FormerAddress.objects.values_list("slug", flat=True)) == ["us", "who-we-are"]


def test_a_draft_that_moved_gives_nothing_away(client: Client, db: None) -> None:
    page = Page.objects.get(slug="about")
    page.slug, page.published = "secret-plan", False
    page.save()
    assert client.get("/about/").status_code == 404


def test_a_page_is_cleaned_however_it_was_saved(client: Client, db: None) -> None:
    body = '<h1>Us</h1><p onclick="x">We<script>alert(1)</script> <a href="javascript:x">are</a>\0 here</p><p></p>'
    page = Page.objects.create(title="Us", slug="us", body=body, published=True)
    assert page.body == "<h2>Us</h2><p>We <a>are</a> here</p>"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"slug": "support"}, "The site itself uses /support/."),
        ({"slug": "Admin"}, "The site itself uses /admin/."),
        ({"slug": "static"}, "The site itself uses /static/."),
        ({"slug": "about"}, "Another page has this address."),
        ({"slug": "former"}, "This was the address of “Ethics”, and still leads there."),
        ({"slug": "a/b"}, "Enter a valid “slug”"),
        ({"slug": ""}, "This field is required."),
        ({"title": "A\0B"}, "Null characters are not allowed."),
        ({"title": "x" * 101}, "at most 100 characters"),
        ({"body": "<p> </p>"}, "A page on the site needs a text."),
    ],
)
def test_what_cannot_be_a_page_is_refused_in_words_and_nothing_typed_is_lost(
    wrong: dict[str, Any], words: str, editor: User, client: Client
) -> None:
    ethics = Page.objects.get(slug="ethics")
    FormerAddress.objects.create(page=ethics, slug="former")
    client.force_login(editor)
    response = client.post("/admin/articles/page/add/", page_form(description="Typed with care") | wrong)
    assertContains(response, words)
    assertContains(response, "Typed with care")
    assert Page.objects.count() == len(DEFAULTS)


def test_no_page_can_stand_where_the_site_has_something_of_its_own(db: None) -> None:
    taken = {word for pattern in _all_routes() if (word := pattern.split("/")[0]) and re.fullmatch(r"[a-z-]+", word)}
    assert {"admin", "account", "accounts", "articles", "corrections", "out", "overlay", "support", "healthz"} <= taken
    for word in (*taken, "media", "static"):
        with pytest.raises(ValidationError, match="The site itself uses"):
            Page(title="X", slug=word, body="<p>X</p>").full_clean()


def test_no_route_is_hidden_by_the_pages(db: None) -> None:
    for route in _all_routes():
        if not re.search(r"[<(]", route):
            assert resolve(f"/{route}").url_name != "page", route


def _all_routes() -> list[str]:
    """The routes as Django itself lists them, but for the pages' own."""
    from django.urls import get_resolver

    found: list[str] = []

    def walk(patterns: Any, before: str) -> None:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            elif pattern.name != "page":
                found.append(route)

    walk(get_resolver().url_patterns, "")
    return found


def test_a_page_never_hides_a_route_even_where_one_was_saved_by_force(client: Client, db: None) -> None:
    Page.objects.create(title="Not the support page", slug="support", body="<p>X</p>", published=True)
    assert resolve("/support/").url_name == "support"
    assertNotContains(client.get("/support/"), "Not the support page")


def test_the_text_is_edited_under_a_policy_without_unsafe_parts(editor: User, client: Client) -> None:
    client.force_login(editor)
    page = client.get("/admin/articles/page/add/")
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)
    assert nonce
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page.content.decode())
    assert any("importmap" in attributes and f'nonce="{nonce[1]}"' in attributes for attributes in inline)


# Menus


def texts(links: list[MenuLink]) -> list[tuple[str, str]]:
    return [(link.text, link.href) for link in links]


def test_the_head_shows_the_sections_until_somebody_arranges_it(db: None) -> None:
    section = Section.objects.create(name="Kashmir", slug="kashmir", position=2)
    Section.objects.create(name="Culture", slug="culture", position=1)
    arranged = lambda: texts(context_processors.load("/", NOON)["header"])  # noqa: E731
    assert arranged() == [("Culture", "/sections/culture/"), ("Kashmir", "/sections/kashmir/")]

    topic = Topic.objects.create(name="Roads", slug="roads")
    page = Page.objects.get(slug="about")
    MenuLink.objects.create(menu="header", position=9, address="/support/", label="Give")
    MenuLink.objects.create(menu="header", position=8, page=page)
    MenuLink.objects.create(menu="header", position=7, topic=topic, label="On the road")
    MenuLink.objects.create(menu="header", position=20, section=section)
    assert arranged() == [
        ("On the road", "/topics/roads/"),
        ("About us", "/about/"),
        ("Give", "/support/"),
        ("Kashmir", "/sections/kashmir/"),
    ]
    section.delete()
    assert arranged()[-1] == ("Give", "/support/")


def test_the_link_to_the_page_one_is_on_says_so(client: Client, section: Section) -> None:
    assertContains(client.get("/sections/kashmir/"), '<a href="/sections/kashmir/" aria-current="page">Kashmir</a>')
    assertContains(client.get("/about/"), '<a href="/about/" aria-current="page">About us</a>')
    assertNotContains(client.get("/"), "aria-current")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose one of section, topic, page and address"),
        ({"address": "/support/", "label": "X", "section": True}, "Choose one of section, topic, page and address"),
        ({"address": "javascript:alert(1)", "label": "X"}, "A link cannot lead there."),
        ({"address": "https://example.org/"}, "An address has no name of its own"),
    ],
)
def test_a_link_leads_to_one_place(
    fields: dict[str, Any], words: str, editor: User, section: Section, client: Client
) -> None:
    client.force_login(editor)
    form = {"menu": "header", "position": 0} | fields | ({"section": section.pk} if "section" in fields else {})
    assertContains(client.post("/admin/articles/menulink/add/", form), words)
    assert not MenuLink.objects.filter(menu="header").exists()


@pytest.mark.parametrize("who", ["editor", "publisher"])
def test_whoever_arranges_the_menus_finds_the_topics(
    who: str, client: Client, request: pytest.FixtureRequest, db: None
) -> None:
    Topic.objects.create(name="Roads", slug="roads")
    client.force_login(request.getfixturevalue(who))
    where = {"app_label": "articles", "model_name": "menulink", "field_name": "topic", "term": "roa"}
    assertContains(client.get("/admin/autocomplete/", where), "Roads")


def test_the_database_holds_it_too(section: Section, db: None) -> None:
    for fields in ({}, {"section": section, "address": "/support/"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MenuLink.objects.create(menu="header", **fields)


# Channels


def test_channels_stand_in_their_order_and_those_without_address_do_not(edition: Edition, client: Client) -> None:
    assertNotContains(client.get(edition.get_absolute_url()), "Stay Updated with Global News")
    Channel.objects.filter(name="Telegram").update(address="https://t.me/ours", position=5)
    Channel.objects.filter(name="WhatsApp").update(address="https://whatsapp.com/channel/x", position=7)
    Channel.objects.create(name="By mail", invitation="Once a day.", address="mailto:join@example.org", position=6)
    page = client.get(edition.get_absolute_url()).content.decode()
    shown = re.findall(r'<strong>([^<]*)</strong> [^<]*</p>\s*<a class="button" href="([^"]*)"', page)
    assert shown == [
        ("Telegram", "https://t.me/ours"),
        ("By mail", "mailto:join@example.org"),
        ("WhatsApp", "https://whatsapp.com/channel/x"),
    ]
    assert "Stay Updated with Global News" in page


# The breaking banner


def banner(starts: timedelta, ends: timedelta, text: str = "Snow", **fields: Any) -> Banner:
    return Banner.objects.create(text=text, starts_at=NOON + starts, ends_at=NOON + ends, **fields)


def showing(at: timedelta) -> str | None:
    found = context_processors.load("/", NOON + at)["banner"]
    return found["text"] if found else None


def test_it_begins_and_ends_by_itself_to_the_moment(db: None) -> None:
    banner(0 * HOUR, 2 * HOUR)
    moment = timedelta(microseconds=1)
    at = [showing(when) for when in (-moment, 0 * HOUR, 2 * HOUR - moment, 2 * HOUR)]
    assert at == [None, "Snow", "Snow", None]


def test_of_two_the_one_added_last_is_shown_and_then_the_other_again(db: None) -> None:
    banner(1 * HOUR, 9 * HOUR, "Snow")
    banner(0 * HOUR, 2 * HOUR, "Ice")
    assert [showing(hours * HOUR) for hours in (0, 1, 2)] == ["Ice", "Ice", "Snow"]


def test_a_page_knows_when_it_will_change_by_itself(db: None) -> None:
    def next_change(at: timedelta) -> datetime | None:
        found: datetime | None = context_processors.load("/", NOON + at)["changes_at"]
        return found

    assert next_change(0 * HOUR) is None
    banner(1 * HOUR, 2 * HOUR)
    assert [next_change(hours * HOUR) for hours in (0, 1, 2)] == [NOON + HOUR, NOON + 2 * HOUR, None]
    Advertisement.objects.create(advertiser="A", text="B", first_day=NOON.date() + timedelta(days=3))
    midnight = timezone.make_aware(datetime(2026, 11, 21))
    assert [next_change(hours * HOUR) for hours in (1, 2)] == [NOON + 2 * HOUR, midnight]


@pytest.mark.parametrize(
    "path", ["/", "/sections/kashmir/", "/support/", "/about/", "/corrections/", "article", "comments"]
)
def test_every_public_page_shows_it_and_no_cache_keeps_it_beyond_its_end(
    path: str, edition: Edition, client: Client, cached: None, noon: None
) -> None:
    path = {"article": edition.get_absolute_url(), "comments": f"{edition.get_absolute_url()}comments/"}.get(path, path)
    assert "stale-while-revalidate=60" in client.get(path)["Surrogate-Control"]
    now = timezone.now()
    Banner.objects.create(text="The pass is closed", article=edition.article, starts_at=now, ends_at=now + 2 * HOUR)
    response = client.get(path)
    assertContains(response, '<aside class="breaking" aria-label="Breaking"')
    assertContains(response, f'<a href="{edition.get_absolute_url()}" dir="auto">The pass is closed</a>')
    left = re.match(r"max-age=(\d+), stale-while-revalidate=0,", response["Surrogate-Control"])
    assert left
    assert 7000 < int(left[1]) < 7200

    Banner.objects.update(starts_at=now - HOUR, ends_at=now)
    gone = client.get(path, headers={"If-None-Match": response["ETag"]})
    assert gone.status_code == 200
    assertNotContains(gone, "The pass is closed")


def test_it_leads_nowhere_while_its_article_is_not_out_and_follows_it_to_a_new_address(
    draft: Article, client: Client, db: None
) -> None:
    now = timezone.now()
    Banner.objects.create(text="Closed <b>&", article=draft, starts_at=now, ends_at=now + HOUR)
    assertContains(client.get("/"), '<span dir="auto">Closed &lt;b&gt;&amp;</span>')
    workflow.publish(draft, by=None)
    draft.slug = "moved"
    draft.save()
    workflow.publish(draft, by=None)
    assertContains(client.get("/"), '<a href="/articles/moved/" dir="auto">')


def banner_form(**changes: Any) -> dict[str, Any]:
    values = {"label": "Breaking", "text": "The pass is closed", "article": ""}
    values |= {"starts_at_0": "2026-11-20", "starts_at_1": "12:00:00", "ends_at_0": "2026-11-20", "ends_at_1": "14:00"}
    return values | changes


def test_its_times_are_the_outlets_own(editor: User, client: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"
    client.force_login(editor)
    assert client.post("/admin/articles/banner/add/", banner_form()).status_code == 302
    assert Banner.objects.get().ends_at.isoformat() == "2026-11-20T08:30:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_at_1": "12:00"}, "Until must be after From."),
        ({"ends_at_0": "", "ends_at_1": ""}, "This field is required."),
        ({"ends_at_0": "soon"}, "Enter a valid date."),
        ({"text": ""}, "This field is required."),
    ],
)
def test_a_banner_that_cannot_be_is_refused_in_words(
    wrong: dict[str, str], words: str, editor: User, client: Client
) -> None:
    client.force_login(editor)
    response = client.post("/admin/articles/banner/add/", banner_form(label="Careful") | wrong)
    assertContains(response, words)
    assertContains(response, "Careful")
    assert not Banner.objects.exists()


def test_an_editor_ends_one_at_once(editor: User, client: Client) -> None:
    now = timezone.now()
    current = Banner.objects.create(text="Snow", starts_at=now - HOUR, ends_at=now + HOUR)
    coming = Banner.objects.create(text="Ice", starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    client.force_login(editor)
    form = {"action": "end", "_selected_action": [current.pk, coming.pk]}
    assertContains(client.post("/admin/articles/banner/", form, follow=True), "Ended.")
    assertNotContains(client.get("/"), "Snow")
    assert Banner.objects.get(pk=coming.pk).ends_at == coming.ends_at


# All of it


def test_everything_around_a_page_costs_one_query(
    edition: Edition, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for number in range(12):
        Banner.objects.create(text=str(number), article=edition.article, starts_at=now, ends_at=now + HOUR)
        Advertisement.objects.create(advertiser="A", text=str(number), url="https://a.example/")
        Channel.objects.create(name=str(number), invitation="X", address="https://a.example/")
        page = Page.objects.create(title=str(number), slug=f"p{number}", body="<p>x</p>", published=True)
        MenuLink.objects.create(menu="header", page=page)
        MenuLink.objects.create(menu="footer", section=edition.section)
    with CaptureQueriesContext(connection) as queries:
        context_processors.load("/", now)
    assert len(queries) == 1
    for path, most in ((edition.get_absolute_url(), 3), ("/", 4), ("/sections/kashmir/", 4)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_no_word_of_the_outlet_stands_in_the_templates(client: Client, edition: Edition) -> None:
    """What editors and publishers may word is shown as they word it."""
    names = ("name", "tagline", "notice", "about", "footnote", "channel_heading")
    Outlet.objects.update(**{name: f"Our {name}" for name in names})
    Channel.objects.update(name="Our name", invitation="Our invitation", button="Our button", address="/x/")
    words = [f.name for f in Offer._meta.get_fields() if f.get_internal_type() in ("CharField", "TextField")]
    words.remove("currency")
    Offer.objects.update(**{word: f"Your {word}" for word in words})
    article, support = (client.get(path).content.decode() for path in (edition.get_absolute_url(), "/support/"))
    for name in (*names, "invitation", "button"):
        assert f"Our {name}" in article
    for word in words:
        assert f"Your {word}" in support
    for word in ("heading", "sentence", "subscribe_button", "donate_button", "link_text"):
        assert f"Your {word}" in article


# Who may do what

CELLS = {
    "articles/page": {"editor", "publisher"},
    "articles/menulink": {"editor", "publisher"},
    "articles/banner": {"editor"},
    "newsroom/channel": {"editor", "publisher"},
    "newsroom/advertisement": {"editor", "publisher"},
}


@pytest.mark.parametrize("who", ["reader", "reporter", "editor", "moderator", "publisher"])
@pytest.mark.parametrize("what", CELLS)
def test_who_may_add_change_and_delete_by_direct_post(
    what: str, who: str, client: Client, request: pytest.FixtureRequest, db: None
) -> None:
    client.force_login(request.getfixturevalue(who))
    forms: dict[str, dict[str, Any]] = {
        "articles/page": page_form(),
        "articles/menulink": {"menu": "header", "label": "Give", "address": "/support/", "position": 0},
        "articles/banner": banner_form(),
        "newsroom/channel": {
            "name": "Signal",
            "invitation": "Join.",
            "address": "https://signal.example/",
            "button": "Join",
            "position": 3,
        },
        "newsroom/advertisement": {"advertiser": "A", "text": "B", "first_day": "2026-11-20", "in_lists": "on"},
    }
    model = {
        "page": Page,
        "menulink": MenuLink,
        "banner": Banner,
        "channel": Channel,
        "advertisement": Advertisement,
    }[what.split("/")[1]]
    rows: Any = model._default_manager
    there = set(rows.values_list("pk", flat=True))
    may = who in CELLS[what]

    assert (client.get(f"/admin/{what}/").status_code == 200) is may
    client.post(f"/admin/{what}/add/", forms[what])
    added = rows.exclude(pk__in=there)
    assert added.exists() is may
    row = added.first() or model(**_least(what))
    if not may:
        row.save()
    first = str(rows.get(pk=row.pk))
    text_field = {"articles/page": "title", "articles/menulink": "label", "newsroom/channel": "name"}.get(what, "text")
    client.post(f"/admin/{what}/{row.pk}/change/", forms[what] | {text_field: "Changed"})
    assert (str(rows.get(pk=row.pk)) != first) is may
    client.post(f"/admin/{what}/{row.pk}/delete/", {"post": "yes"})
    assert rows.filter(pk=row.pk).exists() is not may


def _least(what: str) -> dict[str, Any]:
    rows: dict[str, dict[str, Any]] = {
        "articles/page": {"title": "X", "slug": "x"},
        "articles/menulink": {"menu": "header", "address": "/x/"},
        "articles/banner": {"text": "X", "starts_at": NOON, "ends_at": NOON + HOUR},
        "newsroom/channel": {"name": "X", "invitation": "X"},
        "newsroom/advertisement": {"advertiser": "X", "text": "X"},
    }
    return rows[what]
