"""Validators of addresses that staff type and readers follow."""

import re

from django.core.exceptions import ValidationError

# A page of the web, or one of this site. Two slashes, or a backslash, would lead to another host.
_WEB = re.compile(r"https?://[^\s/?#@\\]+\.[^\s/?#@\\]+([/?#][^\s\\]*)?|/(?!/)[^\s\\]*", re.IGNORECASE)
_MAIL_OR_PHONE = re.compile(r"mailto:[^\s@/]+@[^\s@/]+\.[^\s@/]+|tel:\+?[0-9 ()-]+", re.IGNORECASE)


def validate_web_address(value: str) -> None:
    """Accept `https://…`, or `/…` on this site. Raises ValidationError."""
    if not _WEB.fullmatch(value):
        raise ValidationError(
            "No page has this address. Write it whole, beginning with https://, or with / for a page of this site.",
            code="address",
        )


def validate_link(value: str) -> None:
    """Accept a web address, `mailto:` or `tel:`. Raises ValidationError."""
    if not (_WEB.fullmatch(value) or _MAIL_OR_PHONE.fullmatch(value)):
        raise ValidationError(
            "A link cannot lead there. Write the whole address, beginning with https://, mailto: or tel:, or with / "
            "for a page of this site.",
            code="address",
        )
