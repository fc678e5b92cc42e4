"""Mistakes of configuration that are better found by `manage.py check` than by a reader."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from newsroom.development import PEOPLE, STANDIN_KEY


@register(Tags.security, deploy=True)
def demo_people(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """newsroom.E001: people whose password everybody knows."""
    from newsroom.models import User

    try:
        known = list(User.objects.filter(email__in=PEOPLE).values_list("email", flat=True))
    except DatabaseError:
        return []  # no database, or no tables yet: nobody is in them
    if not known:
        return []
    return [
        Error(f"Demo people exist: {', '.join(sorted(known))}.", hint="Delete them in the admin.", id="newsroom.E001")
    ]


@register(Tags.security, deploy=True)
def stripe_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """newsroom.E002: the keys of the stand-in, which takes no money."""
    if settings.STRIPE_SECRET_KEY == STANDIN_KEY:
        return [Error("STRIPE_SECRET_KEY is that of the stand-in, which takes no money.", id="newsroom.E002")]
    return []
