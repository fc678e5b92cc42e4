"""Staff see which mails a mail server refused, and which are late."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from newsroom.models import Email, User
from newsroom.tasks import delete_expired


def _email(key: str, **fields: object) -> Email:
    return Email.objects.create(key=key, template="newsroom/email/erasure_done", **fields)


def test_the_publisher_sees_what_was_not_delivered(publisher: User, editor: User, client: Client) -> None:
    now = timezone.now()
    _email("sent", sent_at=now)
    _email("refused", refused_at=now, refusal="The mail server refused the address (550).")
    _email("late", created_at=now - timedelta(hours=2))
    client.force_login(publisher)
    page = client.get("/admin/")
    assertContains(page, "Mails not delivered")
    assertContains(page, "The mail server refused the address (550).")
    assertContains(page, "Not sent yet.")
    assertContains(client.get("/admin/newsroom/email/"), "sent</td>")
    found = client.get("/admin/newsroom/email/?state=undelivered").context["cl"].result_list
    assert [email.key for email in found] == ["refused", "late"]
    assertContains(client.get(f"/admin/newsroom/email/{found[0].pk}/change/"), "The mail server refused the address")
    client.force_login(editor)
    assertNotContains(client.get("/admin/"), "Mails not delivered")


def test_old_rows_are_deleted_at_night(db: None) -> None:
    now = timezone.now()
    _email("old", sent_at=now - timedelta(days=31))
    _email("new", sent_at=now)
    delete_expired(timestamp=0)
    assert [email.key for email in Email.objects.all()] == ["new"]
