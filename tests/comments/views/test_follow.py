"""A writer ends the mail about answers."""

from django.test import Client
from pytest_django.asserts import assertContains

from comments import notifications
from comments.models import Comment, Commenter, Follow
from comments.posting import identity
from newsroom.models import User
from tests.comments.conftest import Write


def test_one_click_ends_it_without_cookie_or_token(followed: Comment) -> None:
    address = f"/comments/unfollow/{notifications.UNFOLLOW_LINK.token(followed.follow)}/"
    mail_program = Client(enforce_csrf_checks=True)
    assert b"Stop this mail?" in mail_program.get(address).content
    assert Follow.objects.exists()
    response = mail_program.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert not Follow.objects.exists()
    assert Commenter.objects.get(pk=followed.commenter_id).email == ""
    assert b"No more mail" in mail_program.post(address).content
    assert Client().get("/comments/unfollow/x/").status_code == 200


def test_mail_about_answers_is_chosen_on_the_account_page(reader: User, write: Write, client: Client) -> None:
    writer = identity.commenter_of(reader)
    comments = [write(f"Comment {n}.", status="approved") for n in range(2)]
    follows = [Follow.objects.create(comment=comment, commenter=writer) for comment in comments]
    other = Follow.objects.create(
        comment=write(status="approved"), commenter=identity.commenter_by_email("else@example.org")
    )
    client.force_login(reader)
    assertContains(client.get("/account/"), 'name="follow"', count=2)
    shown = [str(follow.pk) for follow in [*follows, other]] + ["9" * 5000, "x\x00"]
    client.post("/comments/mail/", {"shown": shown, "follow": [str(follows[0].pk)]})
    assert set(Follow.objects.all()) == {follows[0], other}
