"""Mistakes of configuration that are better found by `manage.py check` than by a reader."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError


@register(Tags.security, deploy=True)
def demo_people(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """newsroom.E001: demo people, at a domain where nobody can have an address; everybody knows their password."""
    from newsroom.models import User

    try:
        known = list(User.objects.filter(email__endswith="@example.org").values_list("email", flat=True)[:6])
    except DatabaseError:
        return []  # no database, or no tables yet: nobody is in them
    if not known:
        return []
    return [
        Error(f"Demo people exist: {', '.join(sorted(known))}.", hint="Delete them in the admin.", id="newsroom.E001")
    ]


@register(Tags.security, deploy=True)
def stripe_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """newsroom.E002: payments go to a stand-in for Stripe, which takes no money."""
    if urlsplit(settings.STRIPE_API_BASE).hostname in ("127.0.0.1", "::1", "localhost"):
        return [Error("STRIPE_API_BASE is a stand-in on this machine, which takes no money.", id="newsroom.E002")]
    return []
