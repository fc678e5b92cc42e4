"""Sessions: what of them is stored opens none, and those of staff end soon."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from newsroom.accounts import session_store
from newsroom.accounts.session_store import SessionStore, stored_keys
from newsroom.models import Session, User
from newsroom.tasks import delete_expired

COOKIE = "sessionid"


@pytest.fixture
def signed_in(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_what_is_stored_is_no_cookie(signed_in: Client) -> None:
    row = Session.objects.get()
    assert _is_in(signed_in)
    thief = Client()
    for stolen in (row.session_key, row.session_data, f"{row.session_key}:{row.session_data}"):
        thief.cookies[COOKIE] = stolen
        assert not _is_in(thief)


def test_what_a_session_holds_is_not_readable(client: Client, reader: User) -> None:
    client.post("/accounts/login/code/", {"email": reader.email})
    code = next(word for word in str(mail.outbox[-1].body).split() if len(word) == 9 and word[4] == "-")
    assert code in str(client.session.items())
    stored = Session.objects.get().session_data
    assert code not in stored
    assert reader.email not in stored
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.SECRET_KEY", "another" * 10)
        assert SessionStore().decode(stored) == {}


def test_a_new_secret_key_signs_nobody_out(signed_in: Client, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-next-one" * 5
    assert _is_in(signed_in)
    signed_in.post("/account/", {"name": "Asma"})  # writes the session, with a message
    settings.SECRET_KEY_FALLBACKS = []
    assert _is_in(signed_in)
    assert Session.objects.count() == 1


def test_without_the_former_key_all_are_signed_out(signed_in: Client, settings: Settings) -> None:
    settings.SECRET_KEY = "the-next-one" * 5
    assert not _is_in(signed_in)


@pytest.mark.parametrize(
    ("began", "seen", "stays"),
    [
        (timedelta(hours=23), timedelta(hours=3), True),
        (timedelta(hours=25), timedelta(minutes=1), False),
        (timedelta(hours=5), timedelta(hours=4, minutes=1), False),
    ],
    ids=["used", "a day", "idle"],
)
def test_staff_are_signed_out_after_a_day_and_when_they_do_nothing(
    began: timedelta, seen: timedelta, stays: bool, editor: User, signed_in: Client
) -> None:
    desk = Client()
    desk.force_login(editor)
    now = timezone.now()
    Session.objects.update(began_at=now - began, seen_at=now - seen)
    assert (desk.get("/admin/").status_code == 200) == stays
    assert _is_in(desk) == stays
    assert _is_in(signed_in)  # a reader


def test_whoever_becomes_staff_falls_under_its_rule_at_once(signed_in: Client, reader: User) -> None:
    Session.objects.update(seen_at=timezone.now() - timedelta(hours=5))
    assert _is_in(signed_in)
    User.objects.filter(pk=reader.pk).update(is_staff=True)
    assert not _is_in(signed_in)
    assert not Session.objects.exists()


def test_work_keeps_a_session_of_staff(editor: User) -> None:
    desk = Client()
    desk.force_login(editor)
    for _ in range(3):
        Session.objects.update(seen_at=timezone.now() - timedelta(hours=3))
        assert _is_in(desk)
    assert timezone.now() - Session.objects.get().seen_at < timedelta(minutes=1)


def test_a_session_costs_one_query_and_of_staff_another_every_five_minutes(editor: User) -> None:
    desk = Client()
    desk.force_login(editor)
    counts = []
    for idle in (timedelta(), session_store.SEEN_EVERY * 2):
        Session.objects.update(seen_at=timezone.now() - idle)
        with CaptureQueriesContext(connection) as queries:
            SessionStore(desk.session.session_key).load()
        counts.append(len(queries))
    assert counts == [1, 2]


def test_the_sign_in_is_dated_and_a_later_change_does_not_renew_it(signed_in: Client) -> None:
    before = Session.objects.get().began_at
    signed_in.post("/account/", {"name": "Asma"})
    assert Session.objects.get().began_at == before


def test_expired_sessions_and_the_tables_of_former_versions_go_at_night(signed_in: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE django_session (session_key text)")
    Session.objects.update(expire_date=timezone.now())
    delete_expired(0)
    assert not Session.objects.exists()
    assert "django_session" not in connection.introspection.table_names()


def test_an_unknown_or_odd_cookie_is_nobody(db: None) -> None:
    for odd in ("", "x", "\x00", "x" * 5000, stored_keys("")[0], "é"):
        client = Client()
        client.cookies[COOKIE] = odd
        assert not _is_in(client)
