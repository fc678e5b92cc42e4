"""A reader answers a comment."""

from articles.models import Edition
from comments.models import Comment, Follow
from comments.moderation import transitions
from tests.comments.conftest import Write, confirmed_guest, known_client, token


def test_a_guest_who_wants_mail_gives_the_address_again(edition: Edition) -> None:
    device = known_client()
    address = f"{edition.get_absolute_url()}comments/"
    asked = device.post(address, {"body": "Tell me.", "follow": "on", **token(device)})
    assert "Please enter the address to which answers are to be mailed." in asked.content.decode()
    device.post(address, {"body": "Tell me.", "follow": "on", "email": "haseena@example.org", **token(device)})
    follow = Follow.objects.get()
    assert follow.commenter == confirmed_guest("haseena@example.org")
    assert follow.commenter.email == "haseena@example.org"


def test_an_answer_is_written_on_a_page_of_its_own(write: Write, edition: Edition) -> None:
    parent = write("What was asked.", status="approved")
    device = known_client("other@example.org", "Mir")
    page = device.get(f"/comments/{parent.public_id}/reply/").content.decode()
    assert "What was asked." in page
    assert f'name="parent" value="{parent.public_id}"' in page
    data = {"body": "I can tell you.", "parent": parent.public_id, **token(device)}
    device.post(f"{edition.get_absolute_url()}comments/", data)
    answer = Comment.objects.latest("pk")
    assert (answer.parent, answer.root) == (parent, parent)

    transitions.change_status(parent, "rejected", by=None, expected="approved", revision=1)
    late = device.post(f"{edition.get_absolute_url()}comments/", {**data, "body": "And more."})
    assert late.status_code == 403
    assert "And more." in late.content.decode()


def test_an_answer_to_a_held_comment_does_not_show_its_writer(write: Write, edition: Edition) -> None:
    held = write(name="Secretive")
    device = known_client("zoya@example.org", "Zoya")
    sent = {"body": "To you.", "parent": held.public_id, **token(device)}
    page = device.post(f"{edition.get_absolute_url()}comments/", sent).content.decode()
    assert "no longer there" in page
    assert "Secretive" not in page
