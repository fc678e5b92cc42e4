"""A person is erased: asked for with proof, a day later, and in this one order, whoever asked.

1. The account is closed: nobody signs in with it, or pays, from here on.
2. What goes on elsewhere is ended (`Part.first`): the subscription at Stripe. If Stripe does not answer, it ends here.
3. In one transaction everything is forgotten (`Part.forget`), the person last.
4. The last mail says so, and its address is forgotten too.

Interrupted anywhere, the next run goes on: each step may be done twice. Each app names its part in `ERASURE_STEPS`.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from newsroom.accounts.sessions import end_sessions
from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.mail import message_headers
from newsroom.models import Erasure, Outlet, User

GRACE_PERIOD = timedelta(days=1)
LAST_MAIL_WITHIN = timedelta(days=3)  # then the address is forgotten without it
CONFIRM = "newsroom.tasks.confirm_erasure"  # by name: the task stands above this module
_SALT = "newsroom.erasure"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ErasureStep:
    """What one app does. `objection`: why this person cannot be erased, in words for them, or nothing."""

    forget: Callable[[Erasure, User], None]
    first: Callable[[User], None] = lambda person: None
    objection: Callable[[User], str] = lambda person: ""


class Objection(Exception):
    """This person cannot be erased now; the words say why."""


def steps() -> list[ErasureStep]:
    return [import_string(name) for name in settings.ERASURE_STEPS]


def objections(person: User) -> list[str]:
    return [words for part in steps() if (words := part.objection(person))]


def _require_no_objection(person: User) -> None:
    if words := objections(person):
        raise Objection(" ".join(words))


@transaction.atomic
def request_erasure(person: User, comments: str) -> Erasure:
    """Have the person erased in a day, and tell them by mail. Asked again, the last word on the comments counts.

    Raises Objection.
    """
    User.objects.select_for_update().get(pk=person.pk)  # the second of two clicks finds the first's
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
    """The same at once, by somebody who may delete people: it cannot be stopped. Raises Objection."""
    _require_no_objection(person)
    Erasure.objects.update_or_create(person=person, defaults={"due_at": timezone.now()})
    User.objects.filter(pk=person.pk).update(is_active=False)


@transaction.atomic
def cancel_erasure(pk: int) -> bool:
    """The person stays; whether it had not begun yet."""
    erasure = Erasure.objects.select_for_update(of=["self"]).select_related("person").filter(pk=pk).first()
    if erasure is None or not erasure.can_be_stopped:
        return False
    erasure.delete()
    return True


def token(erasure: Erasure) -> str:
    return signing.dumps(erasure.pk, salt=_SALT)


def from_token(given: str) -> Erasure | None:
    """What the link in the mail stops; None if it is over, or the link is not ours."""
    try:
        return Erasure.objects.filter(pk=signing.loads(given, salt=_SALT)).first()
    except signing.BadSignature:
        return None


def send_confirmation(pk: int) -> None:
    """Tell the person by mail what was asked for, and how it is stopped."""
    erasure = Erasure.objects.select_related("person").filter(pk=pk).first()
    if erasure is None or erasure.person is None or not erasure.can_be_stopped:
        return
    address = settings.SITE_URL + reverse("stop_erasure", args=[token(erasure)])
    _mail("asked", erasure, erasure.person.email, stop=address).send()


def erase_due() -> None:
    """Carry out all that is due. One that cannot be yet keeps no other waiting: it is tried again the next time."""
    for erasure in Erasure.objects.filter(due_at__lte=timezone.now()):
        try:
            carry_out(erasure)
        except Exception as error:  # of Stripe, of the mail server: whatever it is, the others are to go
            logger.warning("Erasure %s is tried again: %r", erasure.pk, error)
            Erasure.objects.filter(pk=erasure.pk).update(problem=f"{type(error).__name__}: {error}"[:300])


def carry_out(erasure: Erasure) -> None:
    """All steps that are still to be done. Raises what a part raises: then nothing is forgotten."""
    if person := erasure.person:
        _close(erasure.pk, person)
        end_sessions(person)
        for part in steps():
            part.first(person)
        _forget(erasure.pk)
    _say_goodbye(erasure.pk)


@transaction.atomic
def _close(pk: int, person: User) -> None:
    Erasure.objects.select_for_update().get(pk=pk)  # or it is stopped in this very moment
    _require_no_objection(person)
    User.objects.filter(pk=person.pk).update(is_active=False)


@transaction.atomic
def _forget(pk: int) -> None:
    erasure = Erasure.objects.select_for_update().get(pk=pk)
    person = erasure.person
    if person is None:
        return
    for part in steps():
        part.forget(erasure, person)
    erasure.person, erasure.email, erasure.due_at, erasure.problem = None, person.email, timezone.now(), ""
    erasure.save()
    person.delete()


@transaction.atomic
def _say_goodbye(pk: int) -> None:
    """Killed between the sending and the end, it is sent once more under the same Message-ID."""
    erasure = Erasure.objects.select_for_update().filter(pk=pk, person=None).first()
    if erasure is None:
        return
    if timezone.now() < erasure.due_at + LAST_MAIL_WITHIN:
        _mail("done", erasure, erasure.email).send()
    erasure.delete()


def _mail(what: str, erasure: Erasure, address: str, **context: object) -> EmailMessage:
    text = render_to_string(
        f"newsroom/mail/erasure_{what}.txt", {**context, "erasure": erasure, "outlet": Outlet.objects.get()}
    ).strip()
    subject, _, body = text.partition("\n")
    return EmailMessage(
        subject,
        body.strip() + "\n",
        to=[address],
        headers=message_headers(f"erasure.{what}.{erasure.pk}"),
    )


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    """What could not be done yet, on the desk's first page of whoever looks after people."""
    if not person.has_perm("newsroom.view_erasure"):
        return
    stuck = Erasure.objects.exclude(problem="").select_related("person")
    url = reverse("admin:newsroom_erasure_changelist")
    rows = [
        DashboardRow(title=str(each), url=url, words=each.problem[:120], at=each.due_at) for each in stuck[:ROWS_SHOWN]
    ]
    yield DashboardSection("Not erased yet", url, stuck.count(), rows)


def _has_desk(person: User) -> str:
    if not (person.is_staff or person.is_superuser):
        return ""
    return (
        "This account opens the newsroom's desk. The publisher closes the desk to it first; then it can be erased like "
        "any reader's. Articles stay, with the names printed on them: they are the published record."
    )


def _take_out_of_the_log(erasure: Erasure, person: User) -> None:
    """The desk's log names whom something was done to."""
    people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=people, object_id=str(person.pk)).update(object_repr="somebody erased")


STEP = ErasureStep(forget=_take_out_of_the_log, objection=_has_desk)
