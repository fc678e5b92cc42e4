"""Each role may do what the table of docs/editing.md says, cell by cell."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.models import Article, Author, Edition, Photo, PreviewLink, Section
from articles.publishing.previews import give_link
from comments.models import Comment, Commenter
from newsroom.models import User
from subscriptions.models import Offer
from tests.articles.support import saved_form, signed_in
from tests.factories import make_article, png

Act = Callable[["World", Client], bool]


class World:
    """One published article of somebody else, one of the person's own, and what belongs to them."""

    def __init__(self, person: User, section: Section, author: Author, photo: Photo, edition: Edition) -> None:
        self.person = person
        self.section, self.author, self.photo, self.edition = section, author, photo, edition
        self.others = edition.article
        self.own = make_article(section, author, headline="My own")
        Article.objects.filter(pk=self.own.pk).update(created_by=person)
        self.own.refresh_from_db()


def _page(article: Article, more: str = "change/") -> str:
    return f"/admin/articles/article/{article.pk}/{more}"


def _opens(path: str) -> Act:
    return lambda world, client: client.get(path).status_code == 200


def _begin(world: World, client: Client) -> bool:
    form = saved_form(world.own, headline="Begun", slug="begun", _continue=1)
    blocks = {name: value for name, value in form.items() if name.endswith(("-id", "-parent"))}
    form |= dict.fromkeys(blocks, "") | {name: 0 for name in form if name.endswith("INITIAL_FORMS")}
    client.post("/admin/articles/article/add/", form)
    return Article.objects.filter(headline="Begun").exists()


def _change(which: str) -> Act:
    def act(world: World, client: Client) -> bool:
        article = getattr(world, which)
        client.post(_page(article), saved_form(article, headline="Changed", _continue=1))
        return Article.objects.filter(pk=article.pk, headline="Changed").exists()

    return act


def _see(which: str) -> Act:
    return lambda world, client: client.get(_page(getattr(world, which))).status_code == 200


def _take(step: str, to: str, **more: Any) -> Act:
    def act(world: World, client: Client) -> bool:
        client.post(_page(world.own), saved_form(world.own, **{step: 1}, **more))
        return Article.objects.filter(pk=world.own.pk, status=to).exists()

    return act


def _withdraw(world: World, client: Client) -> bool:
    client.post(_page(world.others), saved_form(world.others, _withdraw=1, note="Why."))
    return not Edition.objects.live().exists()


def _send_back(world: World, client: Client) -> bool:
    Article.objects.filter(pk=world.own.pk).update(status="in_review")
    world.own.refresh_from_db()
    client.post(_page(world.own), saved_form(world.own, _send_back=1, remark="Why."))
    return Article.objects.filter(pk=world.own.pk, status="draft").exists()


def _give_link(world: World, client: Client) -> bool:
    client.post(_page(world.others, "preview/"), {"for_whom": "A lawyer"})
    return world.others.preview_links.exists()


def _end_anothers_link(world: World, client: Client) -> bool:
    link = give_link(world.own, by=User.objects.create(email="gave@example.org"), for_whom="")
    client.post(_page(world.own, "preview/"), {"end": link.pk})
    return not PreviewLink.objects.open().filter(pk=link.pk).exists()


def _arrange(world: World, client: Client) -> bool:
    client.post("/admin/articles/frontplace/", {"place_0": world.others.pk, "seen": ",,,,"})
    return hasattr(Article.objects.get(pk=world.others.pk), "front_place")


def _change_photo(world: World, client: Client) -> bool:
    client.post(
        f"/admin/articles/photo/{world.photo.pk}/change/", {"alt": "Other", "credit": "B", "focus_x": 50, "focus_y": 50}
    )
    return Photo.objects.filter(alt="Other").exists()


def _upload(world: World, client: Client) -> bool:
    before = Photo.objects.count()
    file = SimpleUploadedFile("a.png", png(), "image/png")
    client.post("/admin/articles/photo/upload/", {"photos": [file]})
    return Photo.objects.count() == before + 1


def _decide(world: World, client: Client) -> bool:
    writer = Commenter.objects.create(email_hash="a")
    comment = Comment.objects.create(article=world.others, commenter=writer, name="A", body="Hm.", edition_number=1)
    decision = {"comment": comment.pk, "to": "approved", "expected": "pending", "revision": 1}
    client.post("/admin/comments/queue/decide/", decision)
    return Comment.objects.filter(status="approved").exists()


def _change_offer(world: World, client: Client) -> bool:
    offer = Offer.objects.get()
    form = {field.name: getattr(offer, field.name) or "" for field in Offer._meta.fields if field.editable}
    form |= {"monthly_amount": "10", "presets": "10, 25", "minimum": "1", "maximum": "10000", "fee_share": "2.9"}
    form |= {"fee_fixed": "0.30"}
    client.post("/admin/subscriptions/offer/1/change/", form | {"heading": "Other"})
    return Offer.objects.filter(heading="Other").exists()


def _add_person(world: World, client: Client) -> bool:
    form = {"email": "new@example.org", "name": "New"}
    client.post("/admin/newsroom/user/add/", form)
    return User.objects.filter(email="new@example.org").exists()


# What is done, and who may: r(eporter), e(ditor), m(oderator), p(ublisher).
TABLE: list[tuple[str, Act, str]] = [
    ("enter the desk", _opens("/admin/"), "remp"),
    ("begin an article", _begin, "re"),
    ("change one's own", _change("own"), "re"),
    ("change another's", _change("others"), "e"),
    ("see one's own", _see("own"), "rep"),
    ("see another's", _see("others"), "ep"),
    ("submit for review", _take("_submit", "in_review"), "re"),
    ("publish", _take("_publish", "published"), "e"),
    ("schedule", _take("_schedule", "scheduled", publish_on_0="2099-01-01", publish_on_1="10:00"), "e"),
    ("send back", _send_back, "e"),
    ("withdraw", _withdraw, "e"),
    ("preview another's", lambda world, client: client.get(_page(world.others, "preview/")).status_code == 200, "ep"),
    ("give out a link to another's preview", _give_link, "ep"),
    ("end a link that another gave out", _end_anothers_link, "e"),
    (
        "history of another's",
        lambda world, client: client.get(_page(world.others, "history/")).status_code == 200,
        "ep",
    ),
    ("arrange the front page", _arrange, "e"),
    ("see photos", _opens("/admin/articles/photo/"), "re"),
    ("upload photos", _upload, "re"),
    ("change photos", _change_photo, "e"),
    ("add a section", _opens("/admin/articles/section/add/"), "e"),
    ("add a topic", _opens("/admin/articles/topic/add/"), "e"),
    ("add an author", _opens("/admin/articles/author/add/"), "e"),
    ("see editions", _opens("/admin/articles/edition/"), "rep"),
    ("see comments", _opens("/admin/comments/comment/"), "em"),
    ("decide about a comment", _decide, "em"),
    ("see the outlet", _opens("/admin/newsroom/outlet/1/change/"), "ep"),
    ("add an advertisement", _opens("/admin/newsroom/advertisement/add/"), "ep"),
    ("change the support wording", _change_offer, "p"),
    ("see subscriptions", _opens("/admin/subscriptions/subscription/"), "p"),
    ("see donations", _opens("/admin/subscriptions/donation/"), "p"),
    ("see the ledger", _opens("/admin/subscriptions/ledgerentry/"), "p"),
    ("see Stripe's events", _opens("/admin/subscriptions/stripeevent/"), "p"),
    ("see the publisher's desk", _opens("/admin/subscriptions/subscription/desk/"), "p"),
    ("begin an appeal", _opens("/admin/subscriptions/appeal/add/"), "p"),
    ("see differences", _opens("/admin/subscriptions/discrepancy/"), "p"),
    ("see the queue of comments", _opens("/admin/comments/queue/"), "em"),
    ("begin a page", _opens("/admin/articles/page/add/"), "ep"),
    ("begin a banner", _opens("/admin/articles/banner/add/"), "e"),
    ("see people", _opens("/admin/newsroom/user/"), "p"),
    ("add a person", _add_person, "p"),
]


@pytest.mark.parametrize("who", ["reporter", "editor", "moderator", "publisher", "reader", "nobody"])
@pytest.mark.parametrize(("what", "act", "may"), TABLE, ids=[row[0] for row in TABLE])
def test_who_may_do_what(
    who: str,
    what: str,
    act: Act,
    may: str,
    section: Section,
    author: Author,
    photo: Photo,
    edition: Edition,
    reader: User,
    request: pytest.FixtureRequest,
) -> None:
    person = reader if who == "nobody" else request.getfixturevalue(who)
    client = Client() if who == "nobody" else signed_in(person)
    world = World(person, section, author, photo, edition)
    assert act(world, client) is (who not in ("reader", "nobody") and who[0] in may)
