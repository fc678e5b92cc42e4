"""The random keys under which the networks of commenters are hashed, one for each day."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from comments.models.restriction import Restriction

NETWORK_RETENTION = timedelta(hours=48)  # of the network that a comment or a report came from


def new_secret() -> str:
    """Return a random key, in hex."""
    return secrets.token_hex(32)


class NetworkKey(models.Model):
    """One day's key. Once it is deleted, nobody can tell any more which network a hash stands for.

    There are so few networks that whoever has a key tries all of them in a minute.
    """

    day = models.DateField(unique=True, help_text="In UTC.")
    secret = models.CharField(max_length=64, default=new_secret)

    def __str__(self) -> str:
        return str(self.day)

    @classmethod
    def current(cls) -> list[Self]:
        """Return the keys in use, today's first, which is made if need be."""
        today = timezone.now().date()
        keys = list(cls.objects.order_by("-day"))
        if not keys or keys[0].day < today:
            cls.objects.bulk_create([cls(day=today)], ignore_conflicts=True)  # another process may be as fast
            keys = list(cls.objects.order_by("-day"))
        return keys

    @classmethod
    def delete_expired(cls, now: datetime) -> None:
        """Delete the keys of former days, but those under which a network is restricted. Called once a day."""
        networks = Restriction.objects.in_force(now).exclude(network="").values_list("network", flat=True)
        wanted = {int(pk) for pk in (network.partition(".")[0] for network in networks) if pk.isdecimal()}
        a_day_ago = now - (NETWORK_RETENTION - timedelta(days=1))
        cls.objects.filter(day__lt=a_day_ago.date()).exclude(pk__in=wanted).delete()
