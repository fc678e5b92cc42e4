"""Sessions: of readers and staff who are signed in, and of those on their way in."""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """One browser's session. The cookie has a key of which only the keyed hash is here; the data are encrypted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.CASCADE, related_name="+"
    )
    device = models.CharField(max_length=60, blank=True, help_text='In words: "Firefox on Android".')
    began_at = models.DateTimeField(help_text="When they signed in.")
    seen_at = models.DateTimeField(help_text="When it was last changed; of staff, when it was last used.")

    def __str__(self) -> str:
        return self.device

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from newsroom.accounts.session_store import SessionStore

        return SessionStore
