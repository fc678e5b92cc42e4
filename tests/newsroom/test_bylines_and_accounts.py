"""No public place tells which account is behind a byline. docs/security.md lists the places; each has its test here or there."""

import io
import json
import os
import re
import zipfile
from collections import deque
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from articles.models import Article, ArticleEvent, Author, Autosave, Edition, Figure, Photo, Section, Topic, Version
from articles.photos import upload
from articles.publishing import previews, versions, workflow
from articles.tasks import render_avif
from comments.models import Comment, Follow
from comments.moderation import transitions
from comments.notifications import notify_follower
from comments.posting.identity import commenter_of
from newsroom.http.page_cache import PAGE_CACHE
from newsroom.models import User
from tests.comments.conftest import confirmed_guest
from tests.factories import make_article

HIDDEN = "concealed"  # is in the name and the address of each account of the newsroom
BEGUN = "2017-03-09T07:11:13Z"  # when the work behind the desk was done, long before anything appeared
EPOCH = 1489043473
TIMES = re.compile(f"2017-03|Mar(ch)? 2017|{EPOCH}|{EPOCH:x}", re.IGNORECASE)
BYLINES = ["Nuzhat Kralwari", "Staff correspondent"]


def _photo(by: User, colour: str) -> Photo:
    exif = Image.Exif()
    exif[0x013B] = by.name  # the artist
    file = io.BytesIO()
    Image.new("RGB", (700, 400), colour).save(file, "JPEG", exif=exif)
    photo = upload.upload(ContentFile(file.getvalue(), name=f"{by.name}-2017-03-09.jpg"), by=by).photo
    Photo.objects.filter(pk=photo.pk).update(alt="A field", credit="Staff photographer")
    photo.refresh_from_db()
    render_avif(photo.image)
    return photo


@pytest.fixture
def newsroom(
    section: Section, author: Author, reporter: User, editor: User, moderator: User, reader: User
) -> dict[str, str]:
    """Do all that the newsroom does about two reports, under accounts that are to stay hidden; return paths to them."""
    for person in (reporter, editor, moderator):
        person.name, person.email = f"{person.name} Concealed", f"{person.name.lower()}@{HIDDEN}.example"
        person.save()
    second = Author.objects.create(name=BYLINES[1], slug="staff", account=editor, account_agreed=True)
    Author.objects.filter(pk=author.pk).update(account=reporter, account_agreed=True)
    topic = Topic.objects.create(name="Roads", slug="roads", pinned=True)
    articles = [make_article(section, author, topic, headline=f"Snow {name}") for name in ("stays", "goes", "waits")]
    for article in articles:
        article.authors.add(second)
        article.created_by, article.lead_photo = reporter, _photo(reporter, "teal")
        article.save()
        Figure.objects.create(parent=article, region="body", ordering=20, photo=_photo(editor, "navy"))
        versions.save_version(article, by=reporter)
        workflow.submit(article, by=reporter, expected="draft", note=f"By {reporter.name}.")
        Autosave.objects.create(
            key=f"k{article.pk}", article=article, person=reporter, form=f"headline={reporter.name}"
        )
    _long_ago()
    stays, goes, waits = articles
    for article in (stays, goes):
        workflow.publish(article, by=editor, remark=f"By {editor.name}.")
    edition = workflow.publish(stays, by=editor, kind="correction", note="The road was open.")
    workflow.withdraw(goes, by=editor, expected="published", reason="A source asked for it.")
    link = previews.path_of(previews.give_link(waits, by=editor, for_whom=f"For {reporter.name}"))
    first = _comment(edition, reader, moderator)
    Follow.objects.create(comment=first, commenter=first.commenter)
    answer = _comment(edition, None, moderator, parent=first)
    transitions.pick(first, picked=True, by=moderator)
    refused = _comment(edition, reader, moderator, to="rejected")
    notify_follower(answer.pk)
    Article.objects.update(updated_at=BEGUN)
    return {
        "report": edition.get_absolute_url(),
        "withdrawn": f"/articles/{goes.slug}/",
        "preview": link,
        "comment": first.get_absolute_url(),
        "refused": refused.get_absolute_url(),
    }


def _comment(
    edition: Edition, by: User | None, moderator: User, *, parent: Comment | None = None, to: str = "approved"
) -> Comment:
    writer = commenter_of(by) if by else confirmed_guest("haseena@example.org")
    comment = Comment(
        article=edition.article,
        edition_number=1,
        commenter=writer,
        name="Haseena",
        body=f"To {to}.",
        parent=parent,
        root=parent,
    )
    transitions.add_comment(comment, "pending")
    transitions.change_status(
        comment, to, by=moderator, expected="pending", revision=1, reason="abuse", note=f"By {moderator.name}."
    )
    return comment


def _long_ago() -> None:
    """Let all that was done so far be done long ago, the writing of the files too."""
    Article.objects.update(created_at=BEGUN)
    ArticleEvent.objects.update(at=BEGUN)
    Autosave.objects.update(saved_at=BEGUN)
    Photo.objects.update(uploaded_at=BEGUN)
    Version.objects.update(saved_at=BEGUN)
    User.objects.update(date_joined=BEGUN, last_login=BEGUN)
    for file in Path(settings.MEDIA_ROOT).rglob("*.*"):
        os.utime(file, (EPOCH, EPOCH))


def _said(response: Any) -> str:
    """Return all that a response says, headers first; of a picture what stands in it as letters."""
    content = b"".join(response) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{headers}\n\n{content.decode('utf-8', 'replace')}"


def _reachable(client: Client, *starts: str) -> dict[str, str]:
    """Return what is said at these paths, and at all paths that lead on from there."""
    waiting, said = deque(starts), dict[str, str]()
    while waiting:
        path = waiting.popleft()
        if path in said or path.startswith(("/static/", "/admin/", "/accounts/")):
            continue
        said[path] = _said(client.get(path))
        if not path.startswith("/media/"):
            addresses = re.findall(rf"""(?<=["\s>])(?:{settings.SITE_URL})?(/(?!/)[^\s"<>]*)""", said[path])
            waiting += [urlsplit(unescape(address).rstrip(","))._replace(fragment="").geturl() for address in addresses]
    return said


STARTS = (
    "/",
    "/latest/",
    "/corrections/",
    "/search/?q=snow",
    "/feed/",
    "/sitemap.xml",
    "/news-sitemap.xml",
    "/robots.txt",
)


@pytest.fixture
def public(newsroom: dict[str, str], client: Client) -> dict[str, str]:
    """Return what is said to a stranger, by path."""
    paths = [newsroom[name] for name in ("report", "withdrawn", "preview", "comment", "refused")]
    more = [newsroom["report"] + part for part in ("history/", "comments/", "share.png")]
    stored = [photo.image.url for photo in Photo.objects.all()]  # beside the sizes that pages show
    return _reachable(client, *STARTS, *paths, *more, *stored, "/overlay/", "/search/?q=Concealed")


def test_no_public_page_feed_or_file_names_an_account_or_tells_when_it_worked(public: dict[str, str]) -> None:
    kinds = ["/authors/[a-z-]+/", "/authors/[a-z-]+/feed/", "/topics/roads/", "/sections/kashmir/feed/"]
    kinds += ["/sitemaps/pages.xml", "/sitemaps/articles-.*", "/media/.*jpe?g", "/media/.*webp", "/media/.*avif"]
    kinds += ["/articles/[a-z0-9-]+/history/", "/articles/preview/.+", "/comments/[0-9a-f-]+/reply/"]
    for kind in kinds:
        assert any(re.fullmatch(kind, path) for path in public), f"{kind} was not reached"
    for path, said in public.items():
        if path != "/search/?q=Concealed":  # repeats what was typed
            assert HIDDEN not in said.casefold(), path
        assert not TIMES.search(said), f"{path}: {TIMES.search(said)}"
    assert "No report" in public["/search/?q=Concealed"] or "Nothing" in public["/search/?q=Concealed"]


def test_no_name_of_a_file_tells_anything(public: dict[str, str]) -> None:
    names = [path for path in public if path.startswith("/media/")]
    assert len(names) > 10
    for name in names:
        assert re.fullmatch(r"/media/photos/[0-9a-f]{20}(/[0-9a-z/_]+)?\.(jpe?g|webp|avif)", name), name


def test_programs_are_told_the_byline_and_no_more(public: dict[str, str], newsroom: dict[str, str]) -> None:
    page = public[newsroom["report"]]
    graph = [
        thing
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        for thing in json.loads(text)["@graph"]
    ]
    (report,) = [thing for thing in graph if thing["@type"] == "NewsArticle"]
    assert [each["name"] for each in report["author"]] == BYLINES
    assert all(set(each) == {"@type", "name", "url"} for each in report["author"])
    assert page.count('"Person"') == len(BYLINES)
    assert report["image"]["creditText"] == "Staff photographer"
    assert re.findall("<dc:creator>(.*?)</dc:creator>", public["/feed/"]) == BYLINES
    assert set(re.findall("<media:credit>(.*?)</media:credit>", public["/feed/"])) == {"Staff photographer"}
    assert not re.search("<(author|managingEditor|webMaster)>", public["/feed/"])


def test_sitemaps_and_pages_have_the_times_of_editions(public: dict[str, str]) -> None:
    told = {
        time
        for path, said in public.items()
        if not path.startswith("/media/")
        for time in re.findall(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d", said)
    }
    editions = Edition.objects.values_list("first_published_at", "published_at")
    comments = Comment.objects.values_list("created_at", flat=True)
    public_times = [*(time for pair in editions for time in pair), *comments, timezone.now()]
    allowed = {form.strftime("%Y-%m-%dT%H:%M") for time in public_times for form in (time, timezone.localtime(time))}
    assert told <= allowed


def test_mail_to_readers_names_nobody_of_the_newsroom(newsroom: dict[str, str], reader: User) -> None:
    (sent,) = mail.outbox
    assert sent.to == [reader.email]
    assert HIDDEN not in sent.message().as_string().casefold()


def test_a_reader_is_not_told_who_decided_about_them(newsroom: dict[str, str], reader: User) -> None:
    client = Client()
    client.force_login(reader)
    for path in ("/account/", "/comments/mine/", "/overlay/", newsroom["comment"]):
        assert HIDDEN not in _said(client.get(path, follow=True)).casefold()
    client.post("/accounts/reauthenticate/", {"password": "a-good-password"})
    archive = zipfile.ZipFile(io.BytesIO(client.post("/account/export/").content))
    exported = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert "insults or threatens somebody" in exported
    assert HIDDEN not in exported.casefold()


UNPUBLISHED = {
    "/authors/{}/": "author",
    "/authors/{}/feed/": "author",
    "/topics/{}/": "topic",
    "/topics/{}/feed/": "topic",
    "/search/?q=snow&author={}": "author",
    "/search/?q={}": "author",
    "/articles/{}/": "article",
    "/articles/{}/history/": "article",
    "/articles/{}/share.png": "article",
    "/articles/{}/comments/": "article",
    "/{}/": "article",
}


@pytest.mark.parametrize("path", UNPUBLISHED)
def test_what_is_not_out_is_answered_like_what_is_not_there(
    path: str, edition: Edition, author: Author, reporter: User, client: Client
) -> None:
    """In status, words and queries: a query more would be a longer wait."""
    hidden = Author.objects.create(name="Operation", slug="operation", account=reporter)
    topic = Topic.objects.create(name="Operation", slug="operation")
    article = make_article(edition.article.section, author, topic, headline="Operation")
    Article.objects.filter(pk=article.pk).update(slug="operation")
    article.authors.add(hidden)

    def answer(slug: str) -> tuple[int, str, int]:
        PAGE_CACHE.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path.format(slug))
        return response.status_code, response.content.decode().replace(slug, ""), len(queries)

    assert answer("operation") == answer("inventions")


def test_a_read_of_what_is_not_out_is_answered_alike(draft: Article, client: Client) -> None:
    def answer(slug: str) -> tuple[int, bytes, int]:
        with CaptureQueriesContext(connection) as queries:
            response = client.post(f"/articles/{slug}/read/")
        return response.status_code, response.content, len(queries)

    assert answer(draft.slug) == answer("inventions")


def test_names_are_completed_for_the_desk_alone(author: Author, reader: User, client: Client) -> None:
    path = "/admin/autocomplete/?app_label=articles&model_name=article&field_name=authors&term="
    assert client.get(path).status_code == 302
    client.force_login(reader)
    response = client.get(path, follow=True)
    assert author.name not in response.content.decode()
