from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from subscriptions.stripe.client import STRIPE_ITSELF, may_be_called


@register()
def stripe_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """subscriptions.E001: money may only be asked for at Stripe's own address, or play money on this machine."""
    if may_be_called(settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY):
        return []
    return [
        Error(
            f"STRIPE_API_BASE may only be {STRIPE_ITSELF}, or an address on this machine with a test key.",
            id="subscriptions.E001",
        )
    ]
