"""The identity of this site at Stripe: what it began there, and that a copy of its database is another site."""

import uuid

from django.conf import settings
from django.db import transaction

from subscriptions.models.installation import Installation


def installation_id() -> str:
    """Return the id that marks what this site begins at Stripe, in the metadata of each object."""
    return str(_installation().public_id)


def copied_from() -> str | None:
    """Return the address of the site whose database this is a copy of; None if it is no copy.

    A site that has moved looks the same: `manage.py stripe_setup --moved` says so.
    """
    installation = _installation()
    if not installation.site_url:
        with transaction.atomic():
            # The caller may be about to wait for Stripe: nobody else should wait for this row meanwhile.
            if Installation.objects.select_for_update(skip_locked=True).filter(site_url="").first():
                set_moved()
        return None
    return installation.site_url if installation.site_url != settings.SITE_URL else None


def set_moved() -> None:
    """Record that this installation is at another address now."""
    Installation.objects.filter(pk=_installation().pk).update(site_url=settings.SITE_URL)


def set_copied() -> None:
    """Make this copy an installation of its own."""
    Installation.objects.filter(pk=_installation().pk).update(public_id=uuid.uuid4(), site_url=settings.SITE_URL)


def _installation() -> Installation:
    return Installation.objects.get_or_create(pk=1, defaults={"site_url": settings.SITE_URL})[0]
