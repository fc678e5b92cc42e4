"""System checks of the settings for Stripe."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from subscriptions.stripe.client import STRIPE_BASE, is_base_allowed


@register()
def stripe_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the base address is Stripe's own, or on this machine with a test key (subscriptions.E001)."""
    if is_base_allowed(settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY):
        return []
    return [
        Error(
            f"STRIPE_API_BASE may only be {STRIPE_BASE}, or an address on this machine with a test key.",
            id="subscriptions.E001",
        )
    ]
