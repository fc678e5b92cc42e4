import re

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from pytest_django.asserts import assertContains

from articles.models import Edition
from newsroom.models import User


def test_a_reader_signs_up_with_address_and_password_and_confirms_by_a_code(client: Client, db: None) -> None:
    response = client.post(
        "/accounts/signup/",
        {"email": "New@Example.org", "password1": "blue-houseboat-7", "next": "/support/subscribe/"},
    )
    assert response["Location"].startswith("/accounts/confirm-email/")
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.outbox[0].body), re.MULTILINE)
    assert code, mail.outbox[0].body
    response = client.post(response["Location"], {"code": code[1]})
    assert response["Location"] == "/support/subscribe/"
    assert User.objects.get().email == "new@example.org"
    assertContains(client.get("/account/"), "new@example.org")


def test_an_address_that_has_an_account_is_not_given_away(client: Client, reader: User) -> None:
    def answer(email: str) -> tuple[int, str]:
        response = client.post("/accounts/signup/", {"email": email, "password1": "blue-houseboat-7"})
        return response.status_code, response.get("Location", "")

    assert answer("reader@example.org") == answer("nobody@example.org")


def test_addresses_are_kept_in_lower_case(db: None) -> None:
    assert User.objects.create_user(" Reader@Example.ORG ").email == "reader@example.org"
    with pytest.raises(IntegrityError):
        User(email="Upper@example.org").save()


def test_the_cookie_that_says_somebody_is_there_comes_and_goes_with_the_session(client: Client, reader: User) -> None:
    client.post("/accounts/login/", {"login": reader.email, "password": "a-good-password"})
    # An address that was never confirmed is confirmed first: sign in as the tests do.
    client.force_login(reader)
    client.get("/account/")
    assert client.cookies["somebody"].value == "1"
    client.post("/accounts/logout/")
    assert client.cookies["somebody"].value == ""


def test_the_overlay_says_who_is_there_and_is_kept_by_nobody(client: Client, reader: User) -> None:
    response = client.get("/overlay/")
    nobody: dict[str, object] = {
        "name": None,
        "named": False,
        "staff": False,
        "supporter": False,
        "guest": None,
        "own": [],
    }
    assert {**response.json(), **nobody} == response.json()
    client.force_login(reader)
    response = client.get("/overlay/")
    assert response.json()["name"] == "Asma"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", ["reader", None])
def test_the_admin_is_closed_to_readers(
    who: str | None, client: Client, db: None, request: pytest.FixtureRequest
) -> None:
    if who:
        client.force_login(request.getfixturevalue(who))
    response = client.get("/admin/", follow=True)
    assert "Site administration" not in response.content.decode()
    assert response.status_code == (403 if who else 200)
    if not who:
        assertContains(response, "Sign in")


@pytest.mark.parametrize("who", ["reporter", "editor", "moderator", "publisher"])
def test_the_admin_is_open_to_staff(who: str, client: Client, db: None, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get("/admin/").status_code == 200


def test_a_publisher_cannot_change_who_may_do_everything(publisher: User, client: Client) -> None:
    boss = User.objects.create_superuser("boss@example.org", "a-good-password")
    client.force_login(publisher)
    page = f"/admin/newsroom/user/{boss.pk}/change/"
    client.post(page, {"email": "mine@example.org"})
    assert client.post(page, {"name": "Mine"}).status_code == 403
    boss.refresh_from_db()
    assert (boss.email, boss.name) == ("boss@example.org", "")
    own = client.get(f"/admin/newsroom/user/{publisher.pk}/change/").content.decode()
    assert "is_superuser" not in own


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("m.yousuf@ex", ["m.yousuf@example.org"]),
        ("M.Yousuf@Example.org", ["m.yousuf@example.org"]),
        ("dar m", ["m.yousuf@example.org"]),
        ("yous", ["m.yousuf@example.org"]),
        ("اح", ["ahmad@example.org"]),
        ("o'br", ["ahmad@example.org"]),
        ("ousuf", []),
        ("' | ' & !", []),
        ("a\\' :*", []),
    ],
)
def test_people_are_found_by_the_beginning_of_their_address_and_of_the_words_of_their_name(
    typed: str, found: list[str], publisher: User, client: Client
) -> None:
    User.objects.create_user("m.yousuf@example.org", name="M.Yousuf Dar")
    User.objects.create_user("ahmad@example.org", name="احمد O'Brien")
    client.force_login(publisher)
    people = client.get("/admin/newsroom/user/", {"q": typed}).context["cl"].result_list
    assert [person.email for person in people] == found


def test_a_form_without_token_elsewhere_is_refused_in_words(reader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assertContains(client.post("/accounts/login/", {"login": "x"}), "Please send this again", status_code=403)


@pytest.mark.parametrize("path", ["/", "/support/", "/accounts/login/", "/admin/", "/account/", "article"])
def test_every_page_has_a_policy_without_unsafe_parts(
    path: str, edition: Edition, editor: User, client: Client
) -> None:
    client.force_login(editor)
    response = client.get(edition.get_absolute_url() if path == "article" else path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_health_is_told_with_and_without_the_database(client: Client, db: None) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").content == b"ready\n"
