"""The data export: all that is stored about a person in one zip, as a page to read and as JSON.

Each app names its part in `DATA_EXPORT_SOURCES`. What is withheld is named too, with the reason.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string

from newsroom.accounts.sessions import sessions_of
from newsroom.models import Erasure, Outlet, User
from newsroom.templatetags.newsroom import full

Row = dict[str, Any]


@dataclass(frozen=True)
class ExportSection:
    """Rows of one kind. `name` is the key in the JSON; a row's key `written_at` is shown as "written at"."""

    name: str
    title: str
    rows: list[Row]
    words: str = ""
    shown: list[list[tuple[str, str]]] = field(init=False)

    def __post_init__(self) -> None:
        shown = [[(key.replace("_", " "), _in_words(value)) for key, value in row.items()] for row in self.rows]
        object.__setattr__(self, "shown", shown)


@dataclass(frozen=True)
class Withheld:
    """Data that is stored and not exported."""

    what: str
    why: str


ExportSource = Callable[[User], Iterable[ExportSection | Withheld]]


def export_archive(person: User) -> bytes:
    """Return the zip: `your-data.html`, which loads nothing from elsewhere, and `your-data.json`."""
    sources: list[ExportSource] = [import_string(name) for name in settings.DATA_EXPORT_SOURCES]
    found = [each for source in sources for each in source(person)]
    sections = [each for each in found if isinstance(each, ExportSection)]
    withheld = [each for each in found if isinstance(each, Withheld)]
    outlet, now = Outlet.objects.get(), timezone.now()
    page = {"outlet": outlet, "person": person, "now": now, "withheld": withheld}
    page |= {"filled": [each for each in sections if each.rows], "empty": [each for each in sections if not each.rows]}
    data = {
        "outlet": outlet.name,
        "site": settings.SITE_URL,
        "made_at": now,
        **{section.name: section.rows for section in sections},
        "kept_back": [{"what": each.what, "why": each.why} for each in withheld],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("your-data.html", render_to_string("newsroom/exported_data.html", page))
        archive.writestr("your-data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    return file.getvalue()


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return full(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_in_words, value))
    return "" if value is None else str(value)


def account(person: User) -> Iterator[ExportSection | Withheld]:
    """Yield the account itself, and the ways to sign in to it."""
    row: Row = {
        "email": person.email,
        "name": person.name,
        "account_made_at": person.date_joined,
        "last_signed_in_at": person.last_login,
        "supporter_badge_is_shown": person.shows_support,
        "may_enter_the_desk": person.is_staff,
        "groups": list(person.groups.values_list("name", flat=True)),
    }
    yield ExportSection("account", "Your account", [row])
    addresses = EmailAddress.objects.filter(user=person).values("email", "verified", "primary")
    yield ExportSection("addresses", "E-mail addresses", list(addresses))
    rows = [{"on": each.device, "since": each.began_at} for each in sessions_of(person)]
    words = "Gone when you sign out, and with the account. From which network is not kept."
    yield ExportSection("sessions", "Where you are signed in", rows, words)
    rows = [
        {"what": each.get_kind_display(), "more": each.words, "on": each.device, "at": each.at}
        for each in person.staff_events.all()
    ]
    yield ExportSection("staff_events", "What was done with your account", rows, "Of staff alone. Kept for a year.")
    rows = [
        {
            "kind": each.get_type_display(),
            "name": each.data.get("name"),
            "added_at": each.created_at,
            "last_used_at": each.last_used_at,
        }
        for each in Authenticator.objects.filter(user=person)
    ]
    yield ExportSection("second_factors", "Passkeys and other second factors", rows)
    erasures = Erasure.objects.filter(person=person)
    rows = [{"asked_at": each.asked_at, "due_at": each.due_at, "comments": each.comments} for each in erasures]
    yield ExportSection("erasure", "Erasing your account", rows)
    yield Withheld(
        "Your password and the keys of second factors",
        "We do not have your password: only a fingerprint of it, which is of use to nobody but somebody who guesses.",
    )
    yield Withheld(
        "The content of session cookies", "It says that you are signed in. Whoever had it would be signed in as you."
    )
    if person.is_staff:
        yield Withheld("The log of the desk", "It names other people whom something was done to.")
