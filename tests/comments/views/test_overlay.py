"""The comments' part of the private answer to the page's script."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Edition
from comments.models import Comment
from newsroom.models import User
from tests.comments.conftest import Write, known_client


def test_the_overlay_makes_two_queries_of_its_own(
    reader: User, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Two more say who is signed in; a guest costs one, and an unknown reader none."""
    signed_in = Client()
    signed_in.force_login(reader)
    for device, queries in ((signed_in, 4), (known_client(), 2), (Client(), 0)):
        with django_assert_num_queries(queries):
            assert device.get("/overlay/").status_code == 200


def test_a_writer_changes_a_comment_where_it_stands_while_that_is_possible(write: Write) -> None:
    """The script gets what waits, and what can still be changed; nothing by others, and nothing older."""

    def own() -> list[tuple[str, list[str]]]:
        return [(row["html"], list(row["ways"])) for row in known_client().get("/overlay/").json()["own"]]

    seen = write("Seen.", status="approved")
    write("Not mine.", status="approved", name="Mir")
    write("It waits.")
    assert own() == [("<p>It waits.</p>", ["Change", "Delete"]), ("", ["Change", "Delete"])]
    answer = write("An answer.", status="approved", parent=seen, name="Mir")
    assert own()[1] == ("", ["Delete"])
    Comment.objects.exclude(pk=answer.pk).update(created_at=timezone.now() - timedelta(minutes=11))
    assert own() == [("<p>It waits.</p>", ["Delete"])]
