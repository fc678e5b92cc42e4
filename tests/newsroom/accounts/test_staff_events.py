"""What is done with accounts of staff is recorded, shown and mailed; of readers nothing is."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertContains

from articles.models import Edition, Topic
from articles.publishing import previews
from newsroom.accounts.staff_events import NOTIFY_NEW_DEVICE
from newsroom.models import StaffEvent, User
from newsroom.tasks import delete_expired, notify_new_device

PASSWORD = "a-good-password"
ANDROID = "Mozilla/5.0 (Linux; Android 15; SM-A155F) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


def _kinds(person: User) -> list[str]:
    return list(person.staff_events.order_by("pk").values_list("kind", flat=True))


def _sign_in(client: Client, person: User) -> None:
    EmailAddress.objects.get_or_create(user=person, email=person.email, primary=True, verified=True)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})


def test_a_sign_in_of_staff_is_recorded_and_mailed_from_a_new_device_alone(publisher: User, client: Client) -> None:
    publisher.set_password(PASSWORD)
    publisher.save()
    Authenticator.objects.filter(user=publisher).delete()  # the second step is not tried here
    client = Client(HTTP_USER_AGENT=ANDROID, REMOTE_ADDR="203.0.113.9")
    _sign_in(client, publisher)
    client.post("/accounts/logout/")
    _sign_in(client, publisher)
    assert _kinds(publisher) == ["new device", "sign-in"]
    (job,) = ProcrastinateJob.objects.filter(task_name=NOTIFY_NEW_DEVICE)
    for _ in range(2):  # a killed worker does it again
        notify_new_device(**job.args)
    (message,) = mail.outbox
    assert message.to == [publisher.email]
    assert "Chrome on Android" in str(message.body)
    stored = str(list(StaffEvent.objects.values_list()))
    assert "203.0.113.9" not in stored
    assert "SM-A155F" not in stored


def test_of_a_reader_nothing_is_recorded(reader: User, client: Client) -> None:
    reader.set_password(PASSWORD)
    reader.save()
    _sign_in(client, reader)
    client.post("/account/export/")
    assert client.get("/account/").status_code == 200
    assert client.get("/account/activity/").status_code == 404
    assert not StaffEvent.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name=NOTIFY_NEW_DEVICE).exists()


def test_a_refused_second_step_is_recorded(editor: User, client: Client) -> None:
    editor.set_password(PASSWORD)
    editor.save()
    if not editor.has_app():
        TOTP.activate(editor, "A" * 32)
    _sign_in(client, editor)
    assert _kinds(editor) == []
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert _kinds(editor) == ["second step"]


def test_roles_links_exports_and_deletions_are_recorded_and_seen_by_owner_and_publisher(
    publisher: User, editor: User, edition: Edition
) -> None:
    desk, boss = Client(), Client()
    desk.force_login(editor)
    boss.force_login(publisher)
    previews.give_link(edition.article, by=editor, for_whom="")
    for number in range(3):
        Topic.objects.create(name=f"Topic {number}", slug=f"t-{number}")
    one, *others = Topic.objects.filter(slug__startswith="t-").values_list("pk", flat=True)
    desk.post(f"/admin/articles/topic/{one}/delete/", {"post": "yes"})
    desk.post("/admin/articles/topic/", {"action": "delete_selected", "_selected_action": others, "post": "yes"})
    desk.post("/accounts/reauthenticate/", {"password": PASSWORD})
    boss.get("/admin/subscriptions/subscription/desk/ledger.csv")
    roles = {"email": editor.email, "name": editor.name, "is_active": "on", "is_staff": "on"}
    moderators = Group.objects.get(name="Moderator")
    boss.post(f"/admin/newsroom/user/{editor.pk}/change/", {**roles, "groups": [moderators.pk]})
    boss.post(
        f"/admin/newsroom/user/{editor.pk}/change/", {**roles, "groups": [moderators.pk], "name": "T"}
    )  # not a role

    assert _kinds(editor) == ["preview link", "deletion", "deletion", "roles"]
    assert _kinds(publisher) == ["export"]
    for page in (desk.get("/account/activity/"), boss.get("/admin/newsroom/staffevent/")):
        assertContains(page, "2 topics: Topic 1, Topic 2")
        assertContains(page, f"by {publisher}: Moderator")
    assert desk.get("/admin/newsroom/staffevent/").status_code == 403
    assert boss.post(f"/admin/newsroom/staffevent/{StaffEvent.objects.latest('pk').pk}/delete/").status_code == 403


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_it_is_kept_for_a_year(days: int, left: int, editor: User) -> None:
    StaffEvent.objects.create(person=editor, kind="sign-in")
    StaffEvent.objects.update(at=timezone.now() - timedelta(days=days))
    delete_expired(0)
    assert StaffEvent.objects.count() == left
