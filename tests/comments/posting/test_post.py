import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from articles.models import Edition
from comments.models import Comment, Commenter, Restriction, email_hash
from comments.moderation import transitions
from comments.posting import confirm, post
from comments.posting.identity import commenter_of
from comments.tasks import send_confirmation
from newsroom.models import User
from tests.comments.conftest import confirmed_guest

REPLY = {"name": "Haseena", "email": "haseena@example.org", "body": "I walked that road."}


@pytest.fixture
def browser() -> Client:
    """A browser whose CSRF token is checked, as in production."""
    return Client(enforce_csrf_checks=True)


def _address(edition: Edition) -> str:
    return f"{edition.get_absolute_url()}comments/"


def _token(client: Client) -> str:
    return str(client.get("/overlay/").json()["token"])


def _confirmed(client: Client, edition: Edition, **reply: str) -> Comment:
    data = {**REPLY, **reply, "csrfmiddlewaretoken": _token(client)}
    response = client.post(_address(edition), data)
    assertRedirects(response, f"{edition.get_absolute_url()}#comment-confirm")
    return Comment.objects.latest("pk")


def test_a_guests_first_reply_waits_for_the_address(browser: Client, edition: Edition) -> None:
    comment = _confirmed(browser, edition)

    assert (comment.name, comment.body, comment.status) == ("Haseena", "I walked that road.", "unconfirmed")
    assert comment.edition_number == 1
    assert "I walked that road." not in browser.get(edition.get_absolute_url()).content.decode()


def test_without_a_token_nothing_is_written_and_the_second_post_from_the_private_page_is(
    browser: Client, edition: Edition
) -> None:
    shown = browser.post(_address(edition), REPLY)

    assert not Comment.objects.exists()
    assert not Commenter.objects.exists()
    assertContains(shown, "One more step.")
    assert shown["Cache-Control"] == "private, no-store"
    page = shown.content.decode()
    for typed in REPLY.values():
        assert typed in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    browser.post(_address(edition), {**REPLY, "csrfmiddlewaretoken": token[1]})
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"body": ""}, "Please enter your comment!"),
        ({"body": " \n\t "}, "Please enter your comment!"),
        ({"body": "\0"}, "Please enter your comment!"),
        ({"body": "\u200b\u3164 \u2060"}, "Please enter your comment!"),
        ({"name": ""}, "Please enter your name here"),
        ({"email": ""}, "Please enter your e-mail address here"),
        ({"email": "haseena at example"}, "This does not look like an e-mail address."),
        ({"body": "x" * 100_000}, "Your comment has 100000 characters. Please keep it within 5000."),
        ({"name": "n" * 61}, "Please use a name of at most 60 characters."),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    browser: Client, edition: Edition, change: dict[str, str], message: str
) -> None:
    data = {**REPLY, **change}
    response = browser.post(_address(edition), {**data, "csrfmiddlewaretoken": _token(browser)})

    assert response.status_code == 422
    page = response.content.decode()
    field = next(iter(change))
    error = re.search(rf'<p class="error" id="id_{field}_error">([^<]*)</p>', page)
    assert error
    assert message in error[1]
    for name, typed in data.items():
        if name != field:
            assert typed in page
    assert not Comment.objects.exists()


def test_the_same_click_twice_is_one_comment(browser: Client, edition: Edition) -> None:
    first = _confirmed(browser, edition)
    assert _confirmed(browser, edition) == first
    assert Comment.objects.count() == 1


def test_what_a_guest_writes_is_text_and_stays_text(
    browser: Client, edition: Edition, moderator: User, client: Client
) -> None:
    comment = _confirmed(
        browser, edition, name="<b>Mir</b>", body="<script>alert(1)</script>\r\n\r\nچنار 🍂 \u202ereversed\0"
    )
    confirm.confirm_comments(comment.commenter, [comment.pk])
    transitions.change_status(comment, "approved", by=moderator, expected="pending", revision=1)

    page = client.get(edition.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;Mir&lt;/b&gt;" in page
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert "چنار 🍂" in page


def test_the_address_of_a_guest_is_not_stored(browser: Client, edition: Edition) -> None:
    comment = _confirmed(browser, edition)
    assert comment.commenter.email_hash == email_hash(" Haseena@example.org")
    assert "haseena" not in comment.commenter.email_hash
    send_confirmation(comment.commenter_id)
    comment.commenter.refresh_from_db()
    assert comment.commenter.email == ""


def test_a_signed_in_reader_is_asked_for_the_comment_alone(edition: Edition, reader: User) -> None:
    client = Client()
    client.force_login(reader)
    client.post(_address(edition), {"body": "As myself.", "csrfmiddlewaretoken": _token(client)})

    comment = Comment.objects.get()
    assert comment.name == "Asma"
    assert comment.commenter.user == reader
    assert comment.status == "pending"


def test_a_reader_without_a_name_is_asked_for_it_once(edition: Edition, reader: User) -> None:
    User.objects.update(name="")
    client = Client()
    client.force_login(reader)
    assert client.get("/overlay/").json()["named"] is False
    asked = client.post(_address(edition), {"body": "First."})
    assertContains(asked, "Please enter your name here", status_code=422)
    client.post(_address(edition), {"body": "First.", "name": "Zoya", "csrfmiddlewaretoken": _token(client)})
    Comment.objects.update(created_at="2026-01-01T00:00Z")
    client.post(_address(edition), {"body": "Second.", "csrfmiddlewaretoken": _token(client)})
    assert [comment.name for comment in Comment.objects.order_by("pk")] == ["Zoya", "Zoya"]


def test_a_guest_who_types_a_readers_address_is_not_that_reader(
    browser: Client, edition: Edition, reader: User
) -> None:
    commenter_of(reader)
    assert _confirmed(browser, edition, email=reader.email).status == "unconfirmed"
    signed_in = Client()
    signed_in.force_login(reader)
    assert signed_in.get("/overlay/").json()["own"] == []


def test_one_cannot_reply_to_what_is_not_out(browser: Client, db: None) -> None:
    assert browser.post("/articles/unknown/comments/", REPLY).status_code == 404


def test_the_browser_cuts_nothing_and_lets_urdu_run_its_way(edition: Edition, client: Client) -> None:
    """A `maxlength` would cut off pasted text without a word; here all of it comes back, with the count."""
    page = client.get(edition.get_absolute_url()).content.decode()
    field = re.search(r'<textarea name="body"[^>]*>', page)
    assert field
    assert "maxlength" not in field[0]
    assert 'dir="auto"' in field[0]
    sent = client.post(_address(edition), {**REPLY, "body": "چ" * 5001})
    assert sent.status_code == 422
    assert "has 5001 characters" in sent.content.decode()
    assert "چ" * 5001 in sent.content.decode()


def test_the_wait_of_one_second_is_in_the_singular() -> None:
    assert "again in 1 second." in str(post.TooFast(timezone.now()))


@pytest.mark.parametrize("owner", ["unknown", "known", "banned", "held", "paced", "refused", "member"])
def test_a_typed_address_is_answered_alike_whatever_its_owner_did(edition: Edition, owner: str, reader: User) -> None:
    """Anybody can type anybody's address. Its owner reads on the page that the mail leads to what concerns them."""
    address = reader.email if owner == "member" else "somebody@example.org"
    if owner == "member":
        commenter_of(reader)
    elif owner != "unknown":
        commenter = confirmed_guest(address)
        kinds = {"banned": "ban", "held": "hold"}
        if owner in kinds:
            Restriction.objects.create(commenter=commenter, kind=kinds[owner], reason="Insults an officer.")
        if owner in ("paced", "refused"):
            for number in range(5):
                sent = post.Reply(body=f"No {number}.", name="S", email=address, network="n" * 64)
                comment = post.post(sent, edition=edition, writer=None)
                if owner == "refused":
                    Comment.objects.filter(pk=comment.pk).update(status="rejected", confirmed_at=timezone.now())
    stranger = Client(enforce_csrf_checks=True)
    for body in ("I ask who this is.", "And once more."):
        data = {"name": "Xx", "email": address, "body": body, "csrfmiddlewaretoken": _token(stranger)}
        response = stranger.post(_address(edition), data)
        assertRedirects(response, f"{edition.get_absolute_url()}#comment-confirm")
    assert Comment.objects.latest("pk").status == "unconfirmed"
