"""The engine of sessions (`SESSION_ENGINE`): a copy of the database opens none, and those of staff end soon.

It is Django's own with another model, as Django's documentation of sessions describes it.
"""

import json
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from newsroom.encryption import fernet
from newsroom.keyed_hash import keyed_hashes
from newsroom.models import Session

PURPOSE = "session"  # of the encryption
DEVICE, BEGAN_AT = "device", "began_at"  # in a session's data
MAX_STAFF_AGE = timedelta(hours=24)  # since the sign-in
MAX_STAFF_IDLENESS = timedelta(hours=4)
SEEN_EVERY = timedelta(minutes=5)


def stored_keys(key: str) -> list[str]:
    """Return the hashes under which the session of a cookie may be stored, the present secret key's first."""
    return [hashed[:40] for hashed in keyed_hashes("newsroom.session", key)]


class SessionStore(db.SessionStore):
    """A session. `session_key` is what the cookie has."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def encode(self, session_dict: dict[str, Any]) -> str:
        return fernet(PURPOSE).encrypt(json.dumps(session_dict).encode()).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            data: dict[str, Any] = json.loads(fernet(PURPOSE).decrypt(session_data))
        except InvalidToken:
            return {}
        return data

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key__in=stored_keys(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            Session.objects.filter(session_key__in=stored_keys(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        return Session(
            session_key=stored_keys(self._get_or_create_session_key())[0],  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            device=data.get(DEVICE, ""),
            began_at=parse_datetime(data.get(BEGAN_AT, "")) or now,
            seen_at=now,
        )

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        present, *former = stored_keys(self.session_key) if self.session_key else [""]
        rows = Session.objects.filter(session_key__in=[present, *former])
        session = rows.filter(expire_date__gt=now).annotate(is_staff=F("user__is_staff")).first()
        if session is None:
            self._session_key = None
        elif session.is_staff and (
            now > session.began_at + MAX_STAFF_AGE or now > session.seen_at + MAX_STAFF_IDLENESS
        ):
            rows.delete()
            self._session_key = None
            session = None
        elif session.session_key != present or (session.is_staff and now > session.seen_at + SEEN_EVERY):
            rows.update(session_key=present, seen_at=now)
        return session
