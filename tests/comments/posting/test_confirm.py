import re
from datetime import timedelta

from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from articles.models import Edition
from comments.models import Comment, Commenter, Restriction
from comments.posting import confirm, identity
from comments.tasks import send_confirmation
from tests.comments.conftest import confirmed_guest, known_client, token

WORDS = "Buy my wonderful carpets."


def _write(client: Client, edition: Edition, body: str = WORDS, **more: str) -> Comment:
    data = {"body": body, "name": "Haseena", "email": "haseena@example.org", **more, **token(client)}
    response = client.post(f"{edition.get_absolute_url()}comments/", data)
    assert response.status_code == 302, response.content.decode()
    return Comment.objects.latest("pk")


def _mailed_link() -> str:
    """Have the mail sent, and return the path of its link."""
    send_confirmation(Commenter.objects.get().pk)
    link = re.search(r"http://testserver(/comments/confirm/\S+)", str(mail.outbox[-1].body))
    assert link
    return link[1]


def _confirm(client: Client, link: str, *comments: Comment) -> str:
    ticked = [str(comment.public_id) for comment in comments]
    response = client.post(link, {"comment": ticked, **token(client)})
    return str(response.headers.get("Location", response.content.decode()))


def test_the_mail_has_no_word_of_the_comment_and_the_address_is_deleted(edition: Edition) -> None:
    _write(Client(enforce_csrf_checks=True), edition, name="Carpets Ltd, carpets.example")
    link = _mailed_link()

    (message,) = mail.outbox
    assert message.to == ["haseena@example.org"]
    for typed in ("carpets", "Carpets", edition.headline):
        assert typed not in f"{message.subject}{message.body}"
    assert link
    assert Commenter.objects.get().email == ""
    assert "example.org" not in str(list(ProcrastinateJob.objects.values_list("args", flat=True)))


def test_reading_the_link_changes_nothing_and_the_button_confirms(edition: Edition) -> None:
    comment = _write(Client(), edition)
    link = _mailed_link()
    device = Client(enforce_csrf_checks=True)

    shown = device.get(link)
    assert WORDS in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert identity.GUEST_COOKIE not in device.cookies
    comment.refresh_from_db()
    assert comment.status == "unconfirmed"

    assert _confirm(device, link, comment) == "/comments/mine/"
    comment.refresh_from_db()
    assert comment.status == "pending"
    assert comment.confirmed_at is not None
    cookie = device.cookies[identity.GUEST_COOKIE]
    assert cookie["httponly"]
    assert "haseena@" not in cookie.value
    assert device.get(link).status_code == 410
    page = device.get("/comments/mine/").content.decode()
    assert WORDS in page
    assert "Waiting for a moderator." in page


def test_the_device_is_known_from_then_on_and_needs_no_mail(edition: Edition) -> None:
    device = known_client()
    assert device.get("/overlay/").json()["guest"] == "Haseena"
    data = {"body": "And another thing.", **token(device)}
    device.post(f"{edition.get_absolute_url()}comments/", data)

    comment = Comment.objects.get()
    assert (comment.status, comment.name) == ("pending", "Haseena")
    assert not ProcrastinateJob.objects.filter(task_name="comments.tasks.send_confirmation").exists()
    assert [row["html"] for row in device.get("/overlay/").json()["own"]] == ["<p>And another thing.</p>"]
    assert Client().get("/overlay/").json()["own"] == []


def test_another_device_that_types_the_same_address_is_not_taken_for_it(edition: Edition) -> None:
    confirmed_guest("haseena@example.org")
    assert _write(Client(enforce_csrf_checks=True), edition).status == "unconfirmed"


def test_the_owner_confirms_only_what_is_theirs(edition: Edition) -> None:
    mine = _write(Client(), edition, "Mine.")
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    somebodys = _write(Client(), edition, "Somebody else's, with my address.")
    _confirm(Client(), _mailed_link(), mine)

    somebodys.refresh_from_db()
    assert somebodys.status == "unconfirmed"
    assert list(Comment.objects.filter(status="pending")) == [mine]


def test_nothing_ticked_confirms_nothing(edition: Edition) -> None:
    _write(Client(), edition)
    device = Client()
    assert "Please tick what is yours." in _confirm(device, _mailed_link())
    assert identity.GUEST_COOKIE not in device.cookies
    assert Commenter.objects.get().verified_at is not None or not Comment.objects.filter(status="pending").exists()


def test_an_address_gets_one_mail_an_hour(edition: Edition) -> None:
    for number in range(3):
        _write(Client(), edition, f"Number {number}.")
        Comment.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        send_confirmation(Commenter.objects.get().pk)
    assert len(mail.outbox) == 1
    assert Commenter.objects.get().email == ""
    Commenter.objects.update(mailed_at=timezone.now() - timedelta(hours=2))
    _write(Client(), edition, "Later.")
    send_confirmation(Commenter.objects.get().pk)
    assert len(mail.outbox) == 2


def test_links_of_others_and_old_ones_are_refused(edition: Edition) -> None:
    comment = _write(Client(), edition)
    assert Client().get("/comments/confirm/made-up/").status_code == 410
    comment.delete()
    assert (
        Client().get(f"/comments/confirm/{confirm.CONFIRMATION_LINK.token(Commenter.objects.get())}/").status_code
        == 410
    )


def test_a_banned_guest_confirms_nothing_and_reads_why(edition: Edition) -> None:
    comment = _write(Client(), edition)
    link = _mailed_link()
    Restriction.objects.create(commenter=comment.commenter, kind="ban", reason="Threats.")
    page = _confirm(Client(), link, comment)
    assert "A moderator has decided that you cannot comment here. The reason: Threats." in page
    assert WORDS in page
    comment.refresh_from_db()
    assert (comment.status, comment.confirmed_at) == ("unconfirmed", None)


def test_nothing_is_ticked_beforehand_where_several_used_the_address(edition: Edition) -> None:
    _write(Client(), edition, "Mine.")
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    link = _mailed_link()
    assert " checked" in Client().get(link).content.decode()
    somebodys = _write(Client(), edition, "Somebody's.", name="Zoya")
    device = Client()
    assert " checked" not in device.get(link).content.decode()
    _confirm(device, link, somebodys)
    assert device.get("/overlay/").json()["guest"] == "Zoya"
