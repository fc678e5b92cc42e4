"""Signed links in mails, which need no sign-in: whoever has the link may do what it is for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class SignedLink(Generic[M]):
    """A kind of link that opens one row of `rows`, for `max_age` (None: for ever).

    Links signed with a former secret key work as long as it is in SECRET_KEY_FALLBACKS.
    """

    salt: str
    rows: Callable[[], QuerySet[M]]
    max_age: timedelta | None = None

    def token(self, row: M, *more: Any) -> str:
        """Return the signed text for the link; `more` comes back from `open_with`."""
        return signing.dumps([row.pk, *more] if more else row.pk, salt=self.salt)

    def open(self, token: str) -> M | None:
        """Return the row; None if the link is too old, was changed, or its row is gone."""
        row, _ = self.open_with(token)
        return row

    def open_with(self, token: str) -> tuple[M | None, list[Any]]:
        """Return the row and what else was signed with it."""
        try:
            signed = signing.loads(token, salt=self.salt, max_age=self.max_age)
        except signing.BadSignature:
            return None, []
        pk, *more = signed if isinstance(signed, list) else [signed]
        return self.rows().filter(pk=pk).first(), more
