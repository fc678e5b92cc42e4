"""Erasing a writer: their comments, reports, follows and restrictions."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Edition
from comments import data_export, retention
from comments import erasure as leaving
from comments.models import Comment, Commenter, Follow, Report, Restriction
from comments.posting import edit, identity
from newsroom.http import purge
from newsroom.models import Erasure, User
from newsroom.privacy import erasure
from newsroom.privacy.data_export import ExportSection
from tests.comments.conftest import Write, cookie

STATUSES = [status for status in Comment.Status.values if status != Comment.Status.DELETED]


@pytest.fixture
def asma(reader: User, write: Write) -> User:
    """A reader with a comment in every status but deleted, each with an answer; she follows one and reported another."""
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    for status in STATUSES:
        comment = write(f"Asma's, {status}.", status=status, name="Reader")  # as reader@example.org
        write(f"An answer to the {status} one.", status="approved", name="Bilal", parent=comment)
    first, other = Comment.objects.order_by("pk")[:2]
    Follow.objects.create(comment=first, commenter=first.commenter)
    Report.objects.create(comment=other, commenter=first.commenter, reason="abuse", note="He means my uncle.")
    return reader


def _erase(person: User, comments: str) -> None:
    erasure.request_erasure(person, comments)
    erasure.order_erasure(person)
    erasure.carry_out(Erasure.objects.get())


@pytest.mark.parametrize("choice", Erasure.Comments.values)
def test_what_was_published_stays_without_the_name_or_goes_and_answers_stay(
    choice: str, asma: User, edition: Edition, client: Client
) -> None:
    guest = cookie(identity.commenter_by_email(asma.email), "Reader")
    _erase(asma, choice)
    page = client.get(f"{edition.get_absolute_url()}comments/")
    assertNotContains(page, "Reader</h3>")
    if choice == Erasure.Comments.NAMELESS:
        assertContains(page, "Asma's, approved.")
        assertContains(page, "A former reader")
    else:
        assertNotContains(page, "Asma's")
    left = Comment.objects.exclude(name="Bilal")
    assert set(left.values_list("status", flat=True)) <= {"approved", "deleted"}
    assert not left.exclude(status="approved").exclude(body="").exists()
    assert Comment.objects.filter(name="Bilal", status="approved").count() == len(STATUSES)
    assert (Follow.objects.count(), Report.objects.get().note, Report.objects.get().commenter) == (0, "", None)
    # Nothing that is left leads to the address: neither a new guest with it, nor the cookie of a device.
    back = identity.commenter_by_email("reader@example.org")
    assert not back.comments.exists()
    client.cookies[identity.GUEST_COOKIE] = guest
    assert client.get("/comments/mine/").status_code == 403


def test_a_ban_outlives_the_account_by_the_hash_of_the_address_alone(asma: User) -> None:
    writer = identity.commenter_of(asma)
    Restriction.objects.create(commenter=writer, kind="ban", until="2126-01-01T00:00Z")
    _erase(asma, "removed")
    kept = identity.commenter_by_email("reader@example.org")
    assert (kept.pk, kept.user, kept.email, kept.verified_at) == (writer.pk, None, "", None)
    assert Restriction.objects.on(kept)
    Restriction.objects.update(until="2026-01-01T00:00Z")
    retention.delete_expired()
    assert not Commenter.objects.filter(pk=writer.pk).exists()


def test_an_address_that_nobody_confirmed_takes_nobody_elses_comments_along(reader: User, write: Write) -> None:
    comment = write(status="approved", name="Reader")
    _erase(reader, "removed")
    comment.refresh_from_db()
    assert (comment.name, comment.status) == ("Reader", "approved")


def test_the_export_says_what_the_page_of_their_comments_does(asma: User, moderator: User) -> None:
    writer = identity.commenter_of(asma)
    Restriction.objects.create(commenter=writer, kind="hold", by=moderator, reason="For a while.")
    held = {each.name: each.rows for each in data_export.comments(asma) if isinstance(each, ExportSection)}
    texts = {row["text"]: row["state"] for row in held["comments"]}
    assert texts["Asma's, approved."] == "published"
    assert texts["Asma's, spam."] == texts["Asma's, pending."] == "waiting for a moderator"
    assert "Asma's, unconfirmed." not in texts
    assert [row["reason"] for row in held["restrictions"]] == ["For a while."]
    assert (len(held["follows"]), held["reports"][0]["note"]) == (1, "He means my uncle.")
    said = json.dumps(held, default=str)
    assert moderator.name not in said
    assert writer.email_hash not in said


def test_pages_that_named_somebody_leave_the_cache(asma: User, edition: Edition, settings: Settings) -> None:
    settings.CACHE_PURGE_URL = "varnish://127.0.0.1:9"
    Comment.objects.exclude(status="approved").update(commenter=identity.commenter_by_email("else@example.org"))
    _erase(asma, "nameless")
    purged = [job.args["keys"] for job in ProcrastinateJob.objects.filter(task_name=purge.PURGE)]
    assert [f"article-{edition.article_id}"] in purged


def test_a_link_takes_out_its_guest_alone_for_a_day_and_as_it_was_asked(write: Write) -> None:
    write(status="approved")
    guest = identity.commenter_by_email("haseena@example.org")
    for removed in (True, False):
        assert leaving.ERASURE_LINK.open_with(leaving.ERASURE_LINK.token(guest, removed)) == (guest, [removed])
    assert leaving.ERASURE_LINK.open("made-up") is None
    Commenter.objects.filter(pk=guest.pk).update(verified_at=None)
    assert leaving.ERASURE_LINK.open(leaving.ERASURE_LINK.token(guest, True)) is None


def test_a_guest_is_sent_one_mail_in_ten_minutes_for_each_wish(write: Write) -> None:
    write(status="approved")
    guest = identity.commenter_by_email("haseena@example.org")
    for removed in (True, True, False, False):
        leaving.request_link(guest, "haseena@example.org", removed=removed)
    leaving.request_link(guest, "bilal@example.org", removed=True)
    jobs = ProcrastinateJob.objects.filter(task_name=leaving.SEND_TASK).order_by("id")
    assert [(job.args["commenter"], job.args["removed"]) for job in jobs] == [(guest.pk, True), (guest.pk, False)]
    guest.refresh_from_db()
    assert guest.email == "haseena@example.org"


def test_a_writer_without_a_ban_leaves_no_row_and_twice_is_once(write: Write) -> None:
    comment = write(status="approved")
    write("Held.", status="pending")
    writer = comment.commenter
    for _ in range(2):
        leaving.erase_writer(writer, removed=False)
        assert not Commenter.objects.filter(email_hash=writer.email_hash).exists()
    comment.refresh_from_db()
    assert (comment.status, comment.name, comment.badge) == ("approved", leaving.NAME_OF_ERASED, "")
    assert list(Comment.objects.exclude(pk=comment.pk).values_list("status", "body")) == [("deleted", "")]
    assert Commenter.objects.count() == 1


def test_an_address_that_is_known_to_be_somebody_elses_or_of_old_takes_no_comments_along(
    reader: User, write: Write
) -> None:
    comment = write(status="approved", name="Reader")  # as reader@example.org
    other = User.objects.create_user("other@example.org", "a-good-password")
    EmailAddress.objects.create(user=other, email=reader.email, verified=True)
    EmailAddress.objects.create(user=reader, email="of-old@example.org", verified=True)
    assert leaving.writer_of(reader) is None
    _erase(reader, "removed")
    comment.refresh_from_db()
    assert (comment.name, comment.status) == ("Reader", "approved")


def test_a_comment_that_was_deleted_before_is_left_as_it_is(asma: User) -> None:
    comment = Comment.objects.filter(commenter=identity.commenter_of(asma), status="pending").get()
    edit.delete(comment)
    before = list(comment.events.values_list("pk", flat=True))
    _erase(asma, "removed")
    assert list(comment.events.values_list("pk", flat=True)) == before


def test_ten_minutes_after_a_mail_with_the_link_another_can_be_had(write: Write) -> None:
    write(status="approved")
    guest = identity.commenter_by_email("haseena@example.org")
    asked = ProcrastinateJob.objects.filter(task_name=leaving.SEND_TASK).order_by("id")
    for minutes, mails in ((0, 1), (9, 1), (2, 2)):
        with connection.cursor() as cursor:  # as if so many minutes had passed
            cursor.execute("UPDATE newsroom_counter SET expires = expires - make_interval(mins => %s)", [minutes])
        leaving.request_link(guest, guest.email or "haseena@example.org", removed=True)
        assert asked.count() == mails
    assert len({job.args["asked_at"] for job in asked}) == 2, "the second is another mail, not the first sent again"
