"""Second factors: how they are encrypted, and how they are reset after a lost phone."""

import base64
import hashlib
import secrets

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from newsroom.accounts.sessions import end_sessions
from newsroom.mail import message_headers
from newsroom.models import Outlet, User


def seal() -> Fernet:
    key = hashlib.sha256(b"newsroom.second-factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


@transaction.atomic
def reset_second_factor(person: User, *, by: User | None) -> None:
    """For somebody who lost their phone: forget their second steps, end what is signed in, and write to them.

    `by`: the colleague who did it in the admin; None for the operator, at the command line.
    """
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    LogEntry.objects.log_actions(
        (by or person).pk,
        [person],
        CHANGE,
        change_message=f"Second step taken away by {by or 'the operator'}.",
        single_object=True,
    )
    words = {"by": by or "The operator", "person": person, "timestamp": timezone.now(), "site_url": settings.SITE_URL}
    words |= {"site_chrome": {"outlet": Outlet.objects.get()}}
    subject, message = (
        render_to_string(f"account/email/second_factor_reset_{part}.txt", words).strip()
        for part in ("subject", "message")
    )
    letter = EmailMessage(
        subject, message, to=[person.email], headers=message_headers(f"second_factor_reset.{secrets.token_hex(8)}")
    )
    transaction.on_commit(letter.send)
