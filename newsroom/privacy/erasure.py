"""Erases a person: asked for with reauthentication, carried out a day later, always in this order.

1. The account is closed: from here on nobody signs in with it, or pays.
2. What goes on elsewhere is ended (`ErasureStep.prepare`): the subscription at Stripe. If Stripe does not answer, it
   stops here.
3. One transaction deletes everything (`ErasureStep.delete`), the person last.
4. The last mail says so, and its address is deleted too.

Interrupted anywhere, the next run goes on: each step may run twice. Each app names its step in `ERASURE_STEPS`.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from newsroom import mail
from newsroom.accounts.sessions import end_sessions
from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.models import Erasure, User
from newsroom.signed_links import SignedLink

GRACE_PERIOD = timedelta(days=1)
LAST_MAIL_WITHIN = timedelta(days=3)  # then the address is deleted even if the mail was not sent
CONFIRM = "newsroom.tasks.confirm_erasure"  # by name: the task stands above this module
CANCEL_LINK = SignedLink("newsroom.erasure", Erasure.objects.all)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ErasureStep:
    """An app's part. `objection` returns why this person cannot be erased, in words for them, or an empty text."""

    delete: Callable[[Erasure, User], None]
    prepare: Callable[[User], None] = lambda person: None
    objection: Callable[[User], str] = lambda person: ""


class Objection(Exception):
    """Raised for a person who cannot be erased now; the text says why."""


def objections(person: User) -> list[str]:
    """Return why this person cannot be erased now, in words for them."""
    return [words for step in _steps() if (words := step.objection(person))]


def _steps() -> list[ErasureStep]:
    return [import_string(name) for name in settings.ERASURE_STEPS]


def _require_no_objection(person: User) -> None:
    if words := objections(person):
        raise Objection(" ".join(words))


@transaction.atomic
def request_erasure(person: User, comments: str) -> Erasure:
    """Have the person erased in a day, and confirm it by mail. A repeated request changes `comments` alone.

    Raises Objection.
    """
    User.objects.select_for_update().get(pk=person.pk)  # of a double click, the second finds the first's row
    _require_no_objection(person)
    erasure, created = Erasure.objects.update_or_create(
        person=person,
        defaults={"comments": comments},
        create_defaults={"comments": comments, "due_at": timezone.now() + GRACE_PERIOD},
    )
    if created:
        app.configure_task(CONFIRM).defer(erasure=erasure.pk)
    return erasure


@transaction.atomic
def order_erasure(person: User) -> None:
    """Have the person erased at once, for staff who may delete people. It cannot be cancelled. Raises Objection."""
    _require_no_objection(person)
    Erasure.objects.update_or_create(person=person, defaults={"due_at": timezone.now()})
    User.objects.filter(pk=person.pk).update(is_active=False)


@transaction.atomic
def cancel_erasure(pk: int) -> bool:
    """Keep the person. Return False if the erasure has begun already."""
    erasure = Erasure.objects.select_for_update(of=["self"]).select_related("person").filter(pk=pk).first()
    if erasure is None or not erasure.can_be_cancelled:
        return False
    erasure.delete()
    return True


def send_confirmation(pk: int) -> None:
    """Mail the person what they asked for, and how to cancel it. Raises what `mail.send` raises."""
    erasure = Erasure.objects.select_related("person").filter(pk=pk).first()
    if erasure is None or erasure.person is None or not erasure.can_be_cancelled:
        return
    cancel_url = settings.SITE_URL + reverse("stop_erasure", args=[CANCEL_LINK.token(erasure)])
    mail.send(
        "newsroom/email/erasure_asked",
        erasure.person.email,
        key=f"erasure.asked.{pk}",
        context={"erasure": erasure, "cancel_url": cancel_url},
    )


def erase_due() -> None:
    """Carry out all erasures that are due. One that fails holds up no other: it is tried again the next time."""
    for erasure in Erasure.objects.filter(due_at__lte=timezone.now()):
        try:
            carry_out(erasure)
        except Exception as error:  # Stripe's, the mail server's, or a bug of ours
            logger.warning("Erasure %s is tried again: %r", erasure.pk, error)
            Erasure.objects.filter(pk=erasure.pk).update(problem=f"{type(error).__name__}: {error}"[:300])


def carry_out(erasure: Erasure) -> None:
    """Do all steps that are still to be done. If an app's step raises, the error passes and nothing is deleted."""
    if person := erasure.person:
        _close(erasure.pk, person)
        end_sessions(person)
        for step in _steps():
            step.prepare(person)
        _delete_person(erasure.pk)
    _send_last_mail(erasure.pk)


@transaction.atomic
def _close(pk: int, person: User) -> None:
    Erasure.objects.select_for_update().get(pk=pk)  # or it could be cancelled at this very moment
    _require_no_objection(person)
    User.objects.filter(pk=person.pk).update(is_active=False)


@transaction.atomic
def _delete_person(pk: int) -> None:
    erasure = Erasure.objects.select_for_update().get(pk=pk)
    person = erasure.person
    if person is None:
        return
    for step in _steps():
        step.delete(erasure, person)
    erasure.person, erasure.email, erasure.due_at, erasure.problem = None, person.email, timezone.now(), ""
    erasure.save()
    person.delete()


def _send_last_mail(pk: int) -> None:
    """Send the last mail, and delete its address. Outside a transaction: no lock waits for the mail server."""
    erasure = Erasure.objects.filter(pk=pk, person=None).first()
    if erasure is None:
        return
    if timezone.now() < erasure.due_at + LAST_MAIL_WITHIN:
        mail.send("newsroom/email/erasure_done", erasure.email, key=f"erasure.done.{pk}", context={"erasure": erasure})
    erasure.delete()


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    """Yield the erasures that failed, for staff who look after people."""
    if not person.has_perm("newsroom.view_erasure"):
        return
    failed = Erasure.objects.exclude(problem="").select_related("person")
    url = reverse("admin:newsroom_erasure_changelist")
    rows = [
        DashboardRow(title=str(each), url=url, words=each.problem[:120], at=each.due_at) for each in failed[:ROWS_SHOWN]
    ]
    yield DashboardSection("Not erased yet", url, failed.count(), rows)


def _staff_objection(person: User) -> str:
    if not (person.is_staff or person.is_superuser):
        return ""
    return (
        "This account opens the newsroom's desk. The publisher closes the desk to it first; then it can be erased like "
        "any reader's. Articles stay, with the names printed on them: they are the published record."
    )


def _delete_name_from_log(erasure: Erasure, person: User) -> None:
    """Remove the person's name from the admin's log, where it stands on what staff did to their account."""
    people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=people, object_id=str(person.pk)).update(object_repr="somebody erased")


STEP = ErasureStep(delete=_delete_name_from_log, objection=_staff_objection)
