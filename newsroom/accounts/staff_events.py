"""Records what is done with accounts of staff, and notifies their owner of a sign-in on a new device."""

from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.http import HttpRequest
from procrastinate.contrib.django import app

from newsroom import mail
from newsroom.accounts.known_devices import known_device
from newsroom.accounts.sessions import device_in_words
from newsroom.models import StaffEvent, User

NOTIFY_NEW_DEVICE = "newsroom.tasks.notify_new_device"  # by name: the task stands above this module
Kind = StaffEvent.Kind


def record(person: User, kind: StaffEvent.Kind, *, request: HttpRequest | None = None, words: str = "") -> None:
    """Record one thing that was done with this account, if it is one of staff. Call it where it is done."""
    if person.is_staff:
        device = device_in_words(request) if request else ""
        StaffEvent.objects.create(person=person, kind=kind, words=words[:200], device=device)


def record_sign_in(request: HttpRequest, person: User) -> None:
    """Record a sign-in. One on a device that this person has not used before is mailed to them."""
    if not person.is_staff:
        return
    if known_device(request, person.email):
        record(person, Kind.SIGN_IN, request=request)
        return
    event = StaffEvent.objects.create(person=person, kind=Kind.NEW_DEVICE, device=device_in_words(request))
    app.configure_task(NOTIFY_NEW_DEVICE).defer(event=event.pk)


def record_refused_second_step(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record that a code or a passkey was wrong, after a password or a mailed code was right."""
    record(user, Kind.SECOND_STEP, request=request)


def record_deletion(sender: type[LogEntry], instance: LogEntry, **kwargs: Any) -> None:
    """Record what somebody deletes in the admin."""
    if instance.action_flag == DELETION:
        record(instance.user, Kind.DELETION, words=f"{instance.content_type}: {instance.object_repr}")


def send_new_device_notification(event_pk: int) -> None:
    """Mail a person that somebody signed in as them on a device that they have not used before."""
    event = StaffEvent.objects.select_related("person").filter(pk=event_pk).first()
    if event is not None:
        mail.send(
            "newsroom/email/new_device", event.person.email, key=f"new_device.{event.pk}", context={"event": event}
        )
