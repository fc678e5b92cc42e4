from datetime import timedelta

import pytest
from django.test import Client

from articles.models import Edition
from comments.durations import in_words
from comments.models.comment import EDITABLE_FOR
from tests.comments.conftest import Write, known_client


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(minutes=10), "ten minutes"),
        (timedelta(seconds=60), "a minute"),
        (timedelta(hours=1), "an hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(days=1), "a day"),
        (timedelta(days=7), "seven days"),
        (timedelta(days=30), "30 days"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(duration: timedelta, words: str) -> None:
    assert in_words(duration) == words


def test_pages_say_the_time_that_the_constant_has(write: Write, edition: Edition, client: Client) -> None:
    comment = write(status="approved")
    page = known_client().get(f"/comments/{comment.public_id}/edit/").content.decode()
    assert f"Possible for {in_words(EDITABLE_FOR)}, until somebody answers." in page
    assert "older than seven days" in client.get("/comments/confirm/x/").content.decode()
    assert "older than a day" in client.get("/comments/leave/x/").content.decode()
    assert "less than an hour ago" in client.get(edition.get_absolute_url()).content.decode()
