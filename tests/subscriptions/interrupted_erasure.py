"""An erasure that is killed at a chosen function, and finished by the next run."""

import sys
from collections.abc import Callable
from types import FrameType

from allauth.account.models import EmailAddress
from django.core import mail

from newsroom.models import Erasure, User
from newsroom.privacy import erasure
from tests.subscriptions.conftest import StripeWorld


class Killed(BaseException):
    """Acts as SIGKILL does: nothing of ours catches it, and open transactions are rolled back."""


def killed(dies: Callable[[FrameType], bool]) -> bool:
    """Erase what is due, and die at the start of a function that `dies` names. Return True if it came to that."""

    def look(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and dies(frame):
            raise Killed

    sys.setprofile(look)
    try:
        erasure.erase_due()
    except Killed:
        return True
    finally:
        sys.setprofile(None)
    return False


def is_interrupted_and_finished(world: StripeWorld, email: str, dies: Callable[[FrameType], bool]) -> bool:
    """Erase a subscriber in two runs, the first of which dies. Return False if it ran to its end instead."""
    person = User.objects.create_user(email)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    at_stripe = world.subscribe(person).stripe_id
    erasure.order_erasure(person)
    was_killed = killed(dies)
    if not User.objects.filter(pk=person.pk).exists():
        assert world.client().v1.subscriptions.retrieve(at_stripe).status == "canceled"
    erasure.erase_due()
    assert not User.objects.filter(pk=person.pk).exists()
    assert not Erasure.objects.exists()
    assert world.client().v1.subscriptions.retrieve(at_stripe).status == "canceled"
    assert (mail.outbox[-1].subject, mail.outbox[-1].to) == ("Your account is erased", [email])
    return was_killed
