"""A guest leaves by a link in a mail."""

from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertContains

from articles.models import Edition
from comments import erasure as leaving
from comments.models import Comment, Commenter
from comments.posting import identity
from comments.tasks import send_erasure_link
from newsroom.models import User
from tests.comments.conftest import Write, known_client


def test_a_guest_is_taken_out_by_a_link_in_a_mail_to_their_own_address_alone(write: Write, edition: Edition) -> None:
    write("By the guest.", status="approved")
    write("By somebody else.", status="approved", name="Bilal")
    device = known_client()
    token = device.get("/overlay/").json()["token"]
    assertContains(device.get("/comments/mine/"), 'href="/comments/leave/"')

    def asked(email: str) -> None:
        form = {"email": email, "comments": "removed", "csrfmiddlewaretoken": token}
        assertContains(device.post("/comments/leave/", form, follow=True), "If that is your address")

    asked("bilal@example.org")
    assert not ProcrastinateJob.objects.filter(task_name=leaving.SEND_TASK).exists()
    for _ in range(2):
        asked(" Haseena@Example.org ")
    job = ProcrastinateJob.objects.get(task_name=leaving.SEND_TASK)
    guest = identity.commenter_by_email("haseena@example.org")
    assert job.args == {"commenter": guest.pk, "removed": True, "asked_at": job.args["asked_at"]}
    send_erasure_link(**job.args)
    assert mail.outbox[0].to == ["haseena@example.org"]
    assert identity.commenter_by_email("haseena@example.org").email == ""
    path = next(line for line in str(mail.outbox[0].body).splitlines() if "/leave/" in line)[len("http://testserver") :]
    assertContains(device.get(path), "Take it all out?")
    assert Comment.objects.approved().count() == 2
    assertContains(device.post(path, {"csrfmiddlewaretoken": token}), "It is done")
    assert [comment.body for comment in Comment.objects.approved()] == ["By somebody else."]
    assert device.get("/comments/mine/").status_code == 403
    assert device.get(path).status_code == device.get("/comments/leave/made-up/").status_code == 410


def test_a_guest_who_has_an_account_by_now_leaves_with_that(reader: User, write: Write, client: Client) -> None:
    guest = identity.commenter_by_email(reader.email)
    Commenter.objects.filter(pk=guest.pk).update(verified_at="2026-01-01T00:00Z")
    link = f"/comments/leave/{leaving.ERASURE_LINK.token(guest, True)}/"
    assert client.get(link).status_code == 200
    identity.commenter_of(reader)
    assert client.post(link).status_code == 410
    assert Client().get("/comments/leave/").status_code == 403
    client.force_login(reader)
    assert client.get("/comments/leave/")["Location"] == "/account/erase/"
