"""Guests, devices and people are recognised as the same commenter."""

import base64
import time

from django.core import signing
from django.test import Client
from pytest_django import Settings

from articles.models import Edition
from comments.models import Commenter, Report, domain_hashes, email_hash
from comments.posting import identity
from newsroom.encryption import seal
from newsroom.models import User
from tests.comments.conftest import Write, confirmed_guest, cookie, known_client, new_secret_key, token


def test_a_cookie_that_somebody_made_up_is_nobodys(edition: Edition) -> None:
    confirmed_guest("haseena@example.org")
    for value in ("1", "x:y:z", "", "ImEi:1abc:xyz", "\x00", "é", "A" * 400, "===="):
        device = Client()
        device.cookies[identity.GUEST_COOKIE] = value
        assert device.get("/overlay/").json()["guest"] is None
        assert device.get("/comments/mine/").status_code == 403


def test_the_cookie_of_a_guest_tells_no_name_and_no_number(edition: Edition) -> None:
    commenter = confirmed_guest("haseena@example.org")
    values = [cookie(commenter, name) for name in ("Haseena", "Haseena", "H", "حسینہ حسینہ حسینہ")]
    assert len(set(values)) == 4
    assert len({len(value) for value in values}) == 1
    for value in values:
        raw = base64.urlsafe_b64decode(value)
        assert b"Haseena" not in raw
    device = Client()
    device.cookies[identity.GUEST_COOKIE] = values[3]
    assert device.get("/overlay/").json()["guest"] == "حسینہ حسینہ حسینہ"
    device.cookies[identity.GUEST_COOKIE] = signing.dumps([commenter.pk, "Haseena"], salt="comments.guest")  # of before
    assert device.get("/overlay/").json()["guest"] == "Haseena"


def test_a_guest_is_forgotten_by_the_device_after_a_year(edition: Edition) -> None:
    commenter = confirmed_guest("haseena@example.org")
    device = Client()
    device.cookies[identity.GUEST_COOKIE] = seal("comments.guest", [commenter.pk, "H", time.time() - 366 * 24 * 3600])
    assert device.get("/overlay/").json()["guest"] is None


def test_signing_up_with_the_address_claims_what_was_written(edition: Edition, reader: User) -> None:
    guest = confirmed_guest(reader.email)
    own = identity.commenter_of(reader)
    assert own == guest
    assert own.user == reader
    assert own.email_hash == email_hash(reader.email)
    assert identity.commenter_of(reader) == own
    old_device = known_client(reader.email)
    assert old_device.get("/overlay/").json()["guest"] is None


def test_forget_me_deletes_the_cookies(edition: Edition) -> None:
    device = known_client()
    device.post("/comments/forget-me/", token(device))
    assert device.get("/comments/mine/").status_code == 403


def test_a_new_account_never_gets_what_another_person_wrote(edition: Edition, reader: User) -> None:
    old_address = reader.email
    own = identity.commenter_of(reader)
    reader.email = "moved@example.org"
    reader.save()
    newcomer = User.objects.create_user(old_address, name="Zoya")
    theirs = identity.commenter_of(newcomer)
    assert theirs != own
    assert theirs.user == newcomer
    assert identity.commenter_of(reader) == own
    own.refresh_from_db()
    assert own.email_hash == email_hash("moved@example.org")


def test_a_guest_with_an_address_that_a_person_gave_up_is_somebody_else(edition: Edition, reader: User) -> None:
    old_address, own = reader.email, identity.commenter_of(reader)
    reader.email = "moved@example.org"
    reader.save()
    assert identity.commenter_by_email(old_address) != own
    assert identity.commenter_of(reader) == own


def test_a_changed_address_claims_what_was_written_with_it(write: Write, reader: User) -> None:
    own = identity.commenter_of(reader)
    comment = write(name="Haseena")
    reader.email = "haseena@example.org"
    reader.save()
    assert identity.commenter_of(reader) == own
    comment.refresh_from_db()
    assert comment.commenter == own
    assert Commenter.objects.get().email_hash == email_hash(reader.email)


def test_a_guest_is_recognised_under_a_new_secret_key_and_stored_under_it(settings: Settings, db: None) -> None:
    address = "haseena@mail.example.org"
    guest = confirmed_guest(address)
    with new_secret_key(settings):
        assert identity.commenter_by_email(address) == guest
        guest.refresh_from_db()
        assert (guest.email_hash, guest.domains) == (email_hash(address), domain_hashes(address))
        assert Commenter.objects.count() == 1
        settings.SECRET_KEY_FALLBACKS = []  # the former key is given up
        assert identity.commenter_by_email(address) == guest


def test_a_person_is_the_same_commenter_under_a_new_secret_key(settings: Settings, reader: User) -> None:
    own = identity.commenter_of(reader)
    with new_secret_key(settings):
        assert identity.commenter_of(reader) == own
        assert identity.commenter_by_email(reader.email) == own


def test_a_device_is_known_under_a_new_secret_key_and_may_leave(settings: Settings, db: None) -> None:
    device = known_client("haseena@example.org")
    with new_secret_key(settings):
        form = {"email": "haseena@example.org", "comments": "nameless", **token(device)}
        assert device.post("/comments/leave/", form).status_code == 302
        assert Commenter.objects.get().email == "haseena@example.org"  # for the mail that is enqueued


def test_a_report_about_the_same_comment_is_not_taken_over_twice(write: Write, reader: User) -> None:
    own, guest = identity.commenter_of(reader), confirmed_guest("zoya@example.org")
    comment, other = write(), write("Another.")
    for commenter, reported in ((own, comment), (guest, comment), (guest, other)):
        Report.objects.create(commenter=commenter, comment=reported, reason="abuse")
    reader.email = "zoya@example.org"
    reader.save()
    assert identity.commenter_of(reader) == own
    assert list(Report.objects.order_by("pk").values_list("commenter", "comment")) == [
        (own.pk, comment.pk),
        (own.pk, other.pk),
    ]
