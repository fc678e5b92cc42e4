"""Autosaves: what somebody types into an article's form, stored every few seconds. Only the writer sees it."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from articles.models import Article, Autosave
from newsroom.models import User

TYPING_WINDOW = timedelta(minutes=2)  # who typed so recently counts as typing
RETENTION = timedelta(days=30)
NOT_STORED = ("csrfmiddlewaretoken", "_unsaved")
KEY_FORMAT = re.compile(r"[0-9a-f]{32}")


def store(form: QueryDict, *, article: Article | None, by: User) -> Autosave | None:
    """Store the form in place of its earlier autosave. Returns None if its key is malformed or somebody else's."""
    key = form.get("autosave_key", "")
    if not KEY_FORMAT.fullmatch(key):
        return None
    fields = [(name, value) for name, values in form.lists() if name not in NOT_STORED for value in values]
    text = urlencode(fields).replace("%00", "")
    found, created = Autosave.objects.get_or_create(key=key, defaults={"article": article, "person": by, "form": text})
    if not created:
        if found.person_id != by.pk or found.article_id != (article and article.pk):
            return None
        found.form, found.saved_at = text, timezone.now()
        found.save()
    return found


def delete(key: str, *, by: User) -> None:
    """Delete an autosave: the form was saved, or is not wanted."""
    Autosave.objects.filter(key=key, person=by).delete()


def autosaves_of(article: Article | None, *, by: User) -> QuerySet[Autosave]:
    """Return what this person has typed and not saved in this article, or (None) in new ones; the latest first."""
    return Autosave.objects.filter(article=article, person=by).order_by("-saved_at")


def colleagues_typing(article: Article, *, but: User) -> list[str]:
    """Return the names of the colleagues who are typing into this article now."""
    lately = Autosave.objects.filter(article=article, saved_at__gt=timezone.now() - TYPING_WINDOW).exclude(person=but)
    return sorted({str(row.person) for row in lately.select_related("person")})


def delete_expired(now: datetime) -> None:
    Autosave.objects.filter(saved_at__lt=now - RETENTION).delete()
