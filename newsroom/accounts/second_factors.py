"""Second factors: how they are encrypted, and how they are reset after a lost phone."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from procrastinate.contrib.django import app

from newsroom import mail
from newsroom.accounts.sessions import end_sessions
from newsroom.encryption import fernet
from newsroom.models import User

PURPOSE = "second-factor"  # of the encryption
ENCRYPTED = {"secret", "seed"}  # of an authenticator app, of recovery codes; of a passkey we have its public key alone
NOTIFY_RESET = "newsroom.tasks.notify_second_factor_reset"  # by name: the task stands above this module


@transaction.atomic
def rotate_second_factors() -> tuple[int, int]:
    """Encrypt all second factors with the current secret key.

    Return how many were encrypted, and how many no key can decrypt: those stay as they are.
    """
    rotated = unreadable = 0
    for authenticator in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
        (name,) = ENCRYPTED & authenticator.data.keys()
        try:
            authenticator.data[name] = fernet(PURPOSE).rotate(authenticator.data[name]).decode()
        except InvalidToken:
            unreadable += 1
        else:
            authenticator.save(update_fields=["data"])
            rotated += 1
    return rotated, unreadable


@transaction.atomic
def reset_second_factor(person: User, *, by: User | None) -> None:
    """Delete the second factors of somebody who lost their phone, end their sessions, and notify them.

    `by` is the colleague who does it in the admin; None: the operator, at the command line.
    """
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    entry = LogEntry.objects.log_actions(
        (by or person).pk,
        [person],
        CHANGE,
        change_message=f"Second step taken away by {by or 'the operator'}.",
        single_object=True,
    )
    app.configure_task(NOTIFY_RESET).defer(entry=entry.pk)


def send_reset_notification(entry_pk: int) -> None:
    """Mail a person that their second factors were reset, as this entry of the admin's log says."""
    entry = LogEntry.objects.select_related("user").get(pk=entry_pk)
    person = User.objects.filter(pk=int(entry.object_id or 0)).first()
    if person is None:  # erased meanwhile
        return
    by = "The operator" if entry.user == person else entry.user
    mail.send(
        "newsroom/email/second_factor_reset",
        person.email,
        key=f"second_factor_reset.{entry.pk}",
        context={"by": by, "person": person, "done_at": entry.action_time},
    )
