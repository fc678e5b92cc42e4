"""Links in mails open the row that they were made for, and nothing else."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from newsroom.models import User
from newsroom.signed_links import SignedLink

pytestmark = pytest.mark.django_db

LINK = SignedLink("tests.link", User.objects.all)


@pytest.fixture(name="token")
def make_token(reader: User) -> str:
    return LINK.token(reader)


def test_a_link_opens_its_row_with_what_was_signed(reader: User, token: str) -> None:
    assert LINK.open(token) == reader
    assert LINK.open_with(LINK.token(reader, "removed", 7)) == (reader, ["removed", 7])
    assert LINK.open_with(token) == (reader, [])


def test_a_link_that_is_changed_or_of_another_kind_opens_nothing(token: str) -> None:
    for given in ("", "made-up", token[:-1], f"{token}x", token.replace(":", "", 1)):
        assert LINK.open(given) is None
    assert SignedLink("tests.other", User.objects.all).open(token) is None


def test_a_link_opens_only_rows_of_its_queryset(reader: User, token: str) -> None:
    assert SignedLink("tests.link", lambda: User.objects.exclude(pk=reader.pk)).open(token) is None
    reader.delete()
    assert LINK.open(token) is None


def test_a_link_ends_with_its_age(reader: User, token: str) -> None:
    assert SignedLink("tests.link", User.objects.all, max_age=timedelta(hours=1)).open(token) == reader
    assert SignedLink("tests.link", User.objects.all, max_age=timedelta(seconds=-1)).open(token) is None


def test_a_former_secret_key_opens_old_links_until_it_is_removed(reader: User, token: str, settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert LINK.open(token) == reader
    settings.SECRET_KEY_FALLBACKS = []
    assert LINK.open(token) is None
