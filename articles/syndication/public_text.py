"""What leaves the site about an article: one place for what feeds, search engines and excerpts may say of it."""

import re

from django.conf import settings

from articles import html
from articles.models import Edition

_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_open_to_everyone(edition: Edition) -> bool:
    """Whether everybody may read all of it now."""
    return not edition.for_supporters


def body_for_everyone(edition: Edition) -> str:
    """The HTML that a feed may carry: what stands on the page of somebody who is not signed in."""
    return edition.permitted_body


def text_for_everyone(edition: Edition) -> str:
    """The same in plain words, for excerpts."""
    return edition.text if is_open_to_everyone(edition) else html.to_text(edition.permitted_body)


def absolute(address: str) -> str:
    """An address of ours with the site's name before it; one that has a name already, as it is."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def for_xml(text: str) -> str:
    """The text without what XML has no way to say: control characters, that came with something pasted."""
    return _UNSAYABLE.sub("", text)
