"""A fixed few of the odd requests that tests/drills/test_fuzz.py makes by the thousand."""

from django.test import Client
from django.utils import timezone

from articles.models import Edition
from comments import notifications
from comments.models import Comment, Follow
from comments.moderation import transitions
from comments.posting import confirm, post
from comments.posting.identity import commenter_of
from comments.posting.post import Reply
from newsroom.models import Channel, Erasure, User
from newsroom.privacy import erasure as erasing
from tests import fuzz


def world(edition: Edition, reader: User) -> tuple[list[Client], dict[str, list[str]]]:
    """Nobody, and a reader who has commented; and what addresses are made of that lead somewhere."""
    comment = Comment(
        article=edition.article, edition_number=1, commenter=commenter_of(reader), name="Asma", body="I walked it."
    )
    transitions.add_comment(comment, "approved")
    known = Client(raise_request_exception=False)
    known.force_login(reader)
    known.post("/accounts/reauthenticate/", {"password": "a-good-password"})  # for what wants proof
    follow = Follow.objects.create(comment=comment, commenter=comment.commenter)
    guest = post.post(Reply(body="Snow.", name="G", email="g@example.org"), edition=edition, writer=None).commenter
    Channel.objects.update(address="https://elsewhere.example/")
    erasure = Erasure.objects.create(person=User.objects.create_user("else@example.org"), due_at=timezone.now())
    tokens = [
        notifications.UNFOLLOW_LINK.token(follow),
        confirm.CONFIRMATION_LINK.token(guest),
        erasing.CANCEL_LINK.token(erasure),
    ]
    slugs = [edition.slug, edition.section.slug, *edition.authors.values_list("slug", flat=True)]
    real = {"slug": slugs, "uuid": [str(comment.public_id)], "int": [str(edition.article_id), "1"], "str": tokens}
    return [Client(raise_request_exception=False), known], real


def test_two_hundred_odd_requests_meet_no_error(edition: Edition, reader: User) -> None:
    clients, real = world(edition, reader)
    fuzz.run(clients, real, requests=200, number=7)
