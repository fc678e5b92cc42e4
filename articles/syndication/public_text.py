"""The part of an article that feeds, search engines and excerpts may publish: what everybody may read."""

import re

from django.conf import settings

from articles import html
from articles.models import Edition

_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_open_to_everyone(edition: Edition) -> bool:
    """Return True if everybody may read all of it now."""
    return not edition.for_supporters


def body_for_everyone(edition: Edition) -> str:
    """Return the HTML for feeds: what a reader sees who is not signed in."""
    return edition.permitted_body


def text_for_everyone(edition: Edition) -> str:
    """Return the same as plain text, for excerpts."""
    return edition.text if is_open_to_everyone(edition) else html.to_text(edition.permitted_body)


def absolute(address: str) -> str:
    """Return a path of this site as a whole URL; a whole URL unchanged."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def for_xml(text: str) -> str:
    """Remove the characters that XML does not allow, like control characters from pasted text."""
    return _UNSAYABLE.sub("", text)
