"""Whose byline it is: the desk says so, the person agrees, and takes it back."""

from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Author
from newsroom.models import User
from tests.articles.support import signed_in


def test_a_person_agrees_and_takes_it_back_and_nobody_does_it_for_them(
    author: Author, editor: User, reporter: User, reader: User
) -> None:
    other = Author.objects.create(name="Somebody Else", slug="else", account=editor)
    change = {"name": author.name, "slug": author.slug, "role": "", "bio": "", "account": reporter.pk}
    signed_in(editor).post(f"/admin/articles/author/{author.pk}/change/", change)
    author.refresh_from_db()
    assert (author.account, author.account_agreed) == (reporter, False)

    own = signed_in(reporter)
    assertContains(own.get("/account/"), "Your byline")
    assertNotContains(signed_in(reader).get("/account/"), "Your byline")
    own.post("/account/byline/", {"byline": [author.pk, other.pk, "x", "9" * 40, "-1"]})
    author.refresh_from_db()
    other.refresh_from_db()
    assert (author.account_agreed, other.account_agreed) == (True, False)
    own.post("/account/byline/")
    author.refresh_from_db()
    assert not author.account_agreed

    Author.objects.update(account_agreed=True)
    signed_in(editor).post(f"/admin/articles/author/{author.pk}/change/", {**change, "account": editor.pk})
    author.refresh_from_db()
    assert (author.account, author.account_agreed) == (editor, False)  # somebody else is asked anew


def test_no_public_page_tells_whose_byline_it_is(
    author: Author, reporter: User, client: Client, edition: object
) -> None:
    Author.objects.update(account=reporter, account_agreed=True)
    User.objects.filter(pk=reporter.pk).update(name="Rubiya Real")
    for page in (
        "/",
        f"/authors/{author.slug}/",
        f"/authors/{author.slug}/feed/",
        "/articles/snow-came-early-0/",
        "/feed/",
    ):
        assertNotContains(client.get(page), "Rubiya Real")
    history = client.get("/articles/snow-came-early-0/history/")
    assertNotContains(history, "Rubiya Real")
