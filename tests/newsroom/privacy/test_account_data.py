"""People change their name, export their data and erase their account on `/account/`."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from articles.models import Article
from newsroom.models import Erasure, Session, User
from newsroom.privacy import erasure as erasing
from tests.concurrency import closing, until_waiting
from tests.factories import erase


@pytest.fixture
def own(reader: User, client: Client) -> Client:
    """The reader's browser, signed in long ago."""
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    client.force_login(reader)
    return client


def _prove(client: Client) -> Client:
    assert client.post("/accounts/reauthenticate/", {"password": "a-good-password"}).status_code == 302
    return client


def _archive(client: Client) -> tuple[str, dict[str, object]]:
    response = client.post("/account/export/")
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        return file.read("your-data.html").decode(), json.loads(file.read("your-data.json"))


def test_the_name_is_changed_and_what_cannot_be_one_comes_back(own: Client, reader: User) -> None:
    assertContains(own.get("/account/"), 'value="Asma"')
    assertRedirects(own.post("/account/", {"name": "  Asma\x00  Khan\n"}), "/account/")
    reader.refresh_from_db()
    assert reader.name == "Asma Khan"
    assertContains(own.post("/account/", {"name": "x" * 61}), "at most 60 characters", status_code=422)
    own.post("/account/", {"name": ""})
    reader.refresh_from_db()
    assert reader.name == ""


@pytest.mark.parametrize("path", ["/account/export/", "/account/erase/"])
def test_both_want_proof_and_who_has_no_other_signs_in_anew(path: str, own: Client, reader: User) -> None:
    assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"
    for answer in (own.get(path), own.post(path, {"comments": "removed"})):
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Erasure.objects.exists()
    _prove(own)
    response = own.get(path)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    session = own.session
    session["account_authentication_methods"][-1]["at"] -= 301
    session.save()
    assert own.get(path)["Location"].startswith("/accounts/reauthenticate/")
    reader.set_unusable_password()
    reader.save()
    own.force_login(reader)
    assertRedirects(own.get(path), f"/accounts/login/?next={path}", fetch_redirect_response=False)
    assert "_auth_user_id" not in own.session


def test_what_was_sent_too_late_is_done_once_the_proof_is_there(own: Client) -> None:
    asked = own.post("/account/export/")
    response = own.post(asked["Location"], {"password": "a-good-password"})
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/zip", "private, no-store")
    session = own.session
    session["account_authentication_methods"] = []
    session.save()
    asked = own.post("/account/erase/", {"comments": "removed"})
    assert not Erasure.objects.exists()
    assert own.post(asked["Location"], {"password": "a-wrong-password"}).status_code == 200
    assert not Erasure.objects.exists()
    own.post(asked["Location"], {"password": "a-good-password"})
    assert Erasure.objects.get().comments == "removed"


def test_the_archive_has_everything_twice_and_no_secret(own: Client, reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(name="<b>Asma</b> \u202e")
    page, data = _archive(_prove(own))
    assert data["account"][0]["email"] == reader.email  # type: ignore[index]
    assert data["addresses"] == [{"email": reader.email, "verified": True, "primary": True}]
    assert "0.0.0.0" not in page + json.dumps(data)
    assert "Comments that you reported" in page.partition("Where we hold nothing")[2]
    assert "&lt;b&gt;Asma&lt;/b&gt;" in page
    assert "<h2>What is not in here, and why</h2>" in page
    assert reader.password not in page + json.dumps(data)
    assert "http" not in page.replace("http://testserver", "")
    response = own.post("/account/export/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment;")


def test_staff_get_their_work_too(editor: User, draft: Article, client: Client) -> None:
    Article.objects.update(created_by=editor)
    client.force_login(editor)
    page, data = _archive(_prove(client))
    assert data["articles"][0]["headline"] == "Snow came early"  # type: ignore[index]
    assert "Articles that you began" in page


# What is held about a person hangs on them by these; each is handed out, or named as kept back, by the app in front.
HELD = {
    "account.EmailAddress.user": "handed out",
    "admin.LogEntry.user": "kept back: the log of the desk",
    "articles.Article.created_by": "handed out",
    "articles.ArticleEvent.by": "handed out",
    "articles.Author.account": "handed out",
    "articles.Autosave.person": "handed out",
    "articles.Edition.published_by": "handed out",
    "articles.Photo.uploaded_by": "handed out",
    "articles.PreviewLink.made_by": "kept back: working papers",
    "articles.Version.saved_by": "kept back: working papers",
    "comments.Comment.leased_by": "for minutes: what a moderator has before them",
    "comments.Commenter.user": "handed out",
    "comments.ModerationEvent.by": "handed out",
    "comments.Restriction.by": "kept back: who decided, and their notes",
    "mfa.Authenticator.user": "handed out",
    "newsroom.Erasure.person": "handed out",
    "subscriptions.Checkout.user": "handed out",
    "subscriptions.Customer.user": "handed out",
    "subscriptions.Discrepancy.mended_by": "the newsroom's, about machines",
    "subscriptions.Donation.recorded_by": "handed out",
    "subscriptions.Donation.user": "handed out",
    "subscriptions.Hold.ended_by": "the newsroom's, about thieves",
    "subscriptions.StaffAction.by": "handed out",
    "subscriptions.Subscription.user": "handed out",
    "newsroom.Session.user": "handed out",
    "newsroom.StaffEvent.person": "handed out",
}


def test_nothing_new_is_held_about_people_without_a_word_on_its_export() -> None:
    fields = [f for f in User._meta.get_fields(include_hidden=True) if (f.one_to_many or f.one_to_one)]
    found = {f"{f.related_model._meta.label}.{f.field.name}" for f in fields}  # type: ignore[union-attr]
    assert found - {"newsroom.User_groups.user", "newsroom.User_user_permissions.user"} <= set(HELD)


def test_asked_by_mistake_it_is_stopped_by_mail_or_signed_in_and_stays_so(own: Client, reader: User) -> None:
    _prove(own)
    assertContains(own.post("/account/erase/", {"comments": "x"}), "valid choice", status_code=422)
    for _ in range(2):  # a double click
        assertRedirects(own.post("/account/erase/", {"comments": "removed"}), "/account/")
    erasure = Erasure.objects.get()
    assert erasure.due_at > timezone.now() + timedelta(hours=23)
    assert ProcrastinateJob.objects.filter(task_name=erasing.CONFIRM).count() == 1
    for path in ("/account/", "/accounts/password/change/"):
        assertContains(own.get(path), "Your account will be erased")
    erasing.erase_due()
    assert User.objects.filter(pk=reader.pk).exists()

    erasing.send_confirmation(erasure.pk)
    assert mail.outbox[0].to == [reader.email]
    link = next(line for line in str(mail.outbox[0].body).splitlines() if "/account/erase/stop/" in line)
    path = link.removeprefix("http://testserver")
    elsewhere = Client(enforce_csrf_checks=True)
    assertContains(elsewhere.get(path), "Keep your account?")
    assert Erasure.objects.exists()
    assertContains(elsewhere.post(path), "Your account stays")
    assert not Erasure.objects.exists()
    assertContains(elsewhere.post(path), "nothing to stop", status_code=410)
    assertContains(elsewhere.get("/account/erase/stop/made-up/"), "nothing to stop", status_code=410)
    assertNotContains(own.get("/account/"), "will be erased")

    own.post("/account/erase/", {"comments": "removed"})
    assertContains(own.post("/account/erase/stop/", follow=True), "Your account stays.")
    erasing.erase_due()
    assert User.objects.filter(pk=reader.pk).exists()


def test_after_a_day_the_person_is_gone_signed_out_everywhere_and_told_so_last(own: Client, reader: User) -> None:
    somebody = User.objects.create_user("else@example.org", "a-good-password")
    EmailAddress.objects.create(user=somebody, email=somebody.email, verified=True, primary=True)
    phone, other = Client(), Client()
    for client, person in ((own, reader), (phone, reader), (other, somebody)):
        client.logout()
        client.post("/accounts/login/", {"login": person.email, "password": "a-good-password"})
    own.post("/account/erase/", {"comments": "nameless"})
    Erasure.objects.update(due_at=timezone.now())
    erasing.erase_due()
    assert list(User.objects.all()) == [somebody]
    assert Session.objects.count() == 1
    for client in (own, phone):
        assert client.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    assert (mail.outbox[-1].subject, mail.outbox[-1].to) == ("Your account is erased", [reader.email])
    assert not Erasure.objects.exists()
    assert [address.user for address in EmailAddress.objects.all()] == [somebody]


def test_the_last_mail_is_tried_again_and_its_address_not_kept_for_ever(reader: User, settings: Settings) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    erasing.order_erasure(reader)
    erasing.erase_due()
    erasure = Erasure.objects.get()
    assert (erasure.person, erasure.email) == (None, reader.email)
    assert "refused" in erasure.problem
    Erasure.objects.update(due_at=timezone.now() - timedelta(days=4))
    erasing.erase_due()
    assert not Erasure.objects.exists()
    settings.EMAIL_BACKEND = backend
    assert mail.outbox == []


def test_staff_are_told_who_ends_their_account(editor: User, client: Client) -> None:
    client.force_login(editor)
    _prove(client)
    assertContains(client.get("/account/erase/"), "The publisher closes the desk to it first")
    assert client.post("/account/erase/", {"comments": "removed"}).status_code == 403
    assert not Erasure.objects.exists()


def test_deleting_in_the_admin_is_the_same_at_once_and_the_log_names_nobody(
    reader: User, editor: User, client: Client
) -> None:
    boss = User.objects.create_superuser("boss@example.org", "a-good-password")
    TOTP.activate(boss, "A" * 32)  # the desk asks for a second step
    client.force_login(boss)
    page = f"/admin/newsroom/user/{reader.pk}/delete/"
    assertContains(client.get(page), "Asma")
    assertContains(client.post(page, {"post": "yes"}, follow=True), "what is charged ends at Stripe first")
    assert User.objects.get(pk=reader.pk).is_active is False
    assertContains(client.get("/admin/newsroom/erasure/"), "Asma")
    erasing.erase_due()
    assert not User.objects.filter(pk=reader.pk).exists()
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["somebody erased"]
    refused = client.post(f"/admin/newsroom/user/{editor.pk}/delete/", {"post": "yes"})
    assert User.objects.get(pk=editor.pk).is_active
    assertContains(refused, "The publisher closes the desk to it first")


def test_an_order_of_the_publishers_cannot_be_stopped(own: Client, reader: User) -> None:
    erasing.order_erasure(reader)
    assert not erasing.cancel_erasure(Erasure.objects.get().pk)
    assert own.post("/account/erase/stop/")["Location"].startswith("/accounts/login/")
    erase(reader)
    assert not User.objects.exists()


def test_asked_again_the_last_word_on_the_comments_counts_and_the_day_does_not_begin_anew(reader: User) -> None:
    first = erasing.request_erasure(reader, "removed")
    again = erasing.request_erasure(reader, "nameless")
    assert (again.pk, again.due_at, again.comments) == (first.pk, first.due_at, "nameless")
    assert timedelta(hours=23) < first.due_at - timezone.now() <= timedelta(days=1)
    job = ProcrastinateJob.objects.get(task_name=erasing.CONFIRM)
    assert job.args == {"erasure": first.pk}


def test_staff_are_neither_asked_for_nor_ordered_nor_carried_out(reader: User, editor: User) -> None:
    for begin in (lambda: erasing.request_erasure(editor, "removed"), lambda: erasing.order_erasure(editor)):
        with pytest.raises(erasing.Objection):
            begin()
    assert not Erasure.objects.exists()
    erasing.request_erasure(reader, "removed")
    User.objects.filter(pk=reader.pk).update(is_staff=True)  # meanwhile
    with pytest.raises(erasing.Objection):
        erasing.carry_out(Erasure.objects.get())
    reader.refresh_from_db()
    assert reader.is_active


def test_one_erasure_that_fails_says_why_and_keeps_no_other_waiting(reader: User, editor: User) -> None:
    other = User.objects.create_user("other@example.org", "a-good-password")
    for person in (reader, other):
        erasing.order_erasure(person)
    User.objects.filter(pk=reader.pk).update(is_staff=True)
    Erasure.objects.filter(person=reader).update(due_at=timezone.now() - timedelta(days=9))
    erasing.erase_due()
    assert not User.objects.filter(pk=other.pk).exists()
    assert Erasure.objects.get().problem.startswith("Objection: This account opens the newsroom's desk.")
    User.objects.filter(pk=reader.pk).update(is_staff=False)
    erasing.erase_due()
    assert not Erasure.objects.exists()
    assert not User.objects.filter(pk=reader.pk).exists()


def test_what_has_begun_is_neither_stopped_nor_confirmed(reader: User) -> None:
    erasure = erasing.request_erasure(reader, "removed")
    assert erasing.CANCEL_LINK.open(erasing.CANCEL_LINK.token(erasure)) == erasure
    assert erasing.CANCEL_LINK.open("made-up") is None
    erasing.order_erasure(reader)
    assert not erasing.cancel_erasure(erasure.pk)
    assert not erasing.cancel_erasure(erasure.pk + 1)
    erasing.send_confirmation(erasure.pk)
    erasing.send_confirmation(erasure.pk + 1)
    assert mail.outbox == []
    assert Erasure.objects.get() == erasure
    erasing.carry_out(Erasure.objects.get())
    assert erasing.CANCEL_LINK.open(erasing.CANCEL_LINK.token(erasure)) is None
    assert [(message.subject, message.to) for message in mail.outbox] == [("Your account is erased", [reader.email])]


@pytest.mark.parametrize(("age", "mails"), [(timedelta(days=3) - timedelta(minutes=1), 1), (timedelta(days=3), 0)])
def test_the_last_mail_is_sent_for_three_days(db: None, age: timedelta, mails: int) -> None:
    Erasure.objects.create(person=None, email="gone@example.org", due_at=timezone.now() - age)
    erasing.erase_due()
    assert len(mail.outbox) == mails
    assert not Erasure.objects.exists()


def test_a_last_mail_that_waits_is_sent_to_its_own_person(reader: User) -> None:
    erasing.order_erasure(reader)
    own = Erasure.objects.get()
    waiting = Erasure.objects.create(person=None, email="before@example.org", due_at=timezone.now())
    erasing.carry_out(own)
    assert [message.to for message in mail.outbox] == [[reader.email]]
    erasing.carry_out(waiting)
    assert [message.to for message in mail.outbox] == [[reader.email], ["before@example.org"]]
    assert not Erasure.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_that_is_cancelled_at_the_very_moment_it_begins_leaves_the_account_open() -> None:
    person = User.objects.create_user("asma@example.org", "a-good-password")
    erasure = Erasure.objects.create(person=person, due_at=timezone.now() + timedelta(hours=1))
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert erasing.cancel_erasure(erasure.pk)
        begun = pool.submit(closing, partial(erasing.carry_out, erasure))
        until_waiting(begun)
    assert isinstance(begun.exception(), Erasure.DoesNotExist)
    person.refresh_from_db()
    assert person.is_active


def test_the_dashboard_lists_what_failed_for_those_who_look_after_people(reader: User, editor: User) -> None:
    boss = User.objects.create_superuser("boss@example.org", "a-good-password")
    erasing.order_erasure(reader)
    (section,) = erasing.dashboard_sections(boss)
    assert (section.count, list(section.rows)) == (0, [])
    Erasure.objects.update(problem="Unreachable: " + 200 * "x")
    failed = Erasure.objects.get()
    (section,) = erasing.dashboard_sections(boss)
    (row,) = section.rows
    assert (section.count, section.url, row.url) == (1, "/admin/newsroom/erasure/", "/admin/newsroom/erasure/")
    assert (row.title, row.words, row.at) == (str(failed), failed.problem[:120], failed.due_at)
    assert list(erasing.dashboard_sections(editor)) == []
