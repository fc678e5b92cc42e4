"""System checks: mistakes of configuration that `manage.py check --deploy` finds before a reader does."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError


@register(Tags.security, deploy=True)
def demo_people(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Find demo people, whose password everybody knows (newsroom.E001). Their domain is nobody's."""
    from newsroom.models import User

    try:
        known = list(User.objects.filter(email__endswith="@example.org").values_list("email", flat=True)[:6])
    except DatabaseError:
        return []  # no database, or no tables yet
    if not known:
        return []
    return [
        Error(f"Demo people exist: {', '.join(sorted(known))}.", hint="Delete them in the admin.", id="newsroom.E001")
    ]


@register(Tags.security, deploy=True)
def stripe_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Find the Stripe stand-in, which takes no money (newsroom.E002)."""
    if urlsplit(settings.STRIPE_API_BASE).hostname in ("127.0.0.1", "::1", "localhost"):
        return [Error("STRIPE_API_BASE is a stand-in on this machine, which takes no money.", id="newsroom.E002")]
    return []
