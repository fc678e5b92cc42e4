"""What is being typed into an article's form, kept every few seconds. It is the writer's alone until they save it."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from articles.models import Article, Autosave
from newsroom.models import User

AT_WORK = timedelta(minutes=2)  # somebody who typed so recently is taken to be writing still
KEPT = timedelta(days=30)
FORGOTTEN = ("csrfmiddlewaretoken", "_unsaved")
KEY = re.compile(r"[0-9a-f]{32}")


def keep(form: QueryDict, *, article: Article | None, by: User) -> Autosave | None:
    """Keep what this form holds, in place of what it held before; None if it names itself badly, or another's."""
    key = form.get("autosave_key", "")
    if not KEY.fullmatch(key):
        return None
    fields = [(name, value) for name, values in form.lists() if name not in FORGOTTEN for value in values]
    text = urlencode(fields).replace("%00", "")
    found, created = Autosave.objects.get_or_create(key=key, defaults={"article": article, "person": by, "form": text})
    if not created:
        if found.person_id != by.pk or found.article_id != (article and article.pk):
            return None
        found.form, found.saved_at = text, timezone.now()
        found.save()
    return found


def forget(key: str, *, by: User) -> None:
    """It was saved, or is not wanted."""
    Autosave.objects.filter(key=key, person=by).delete()


def unsaved(article: Article | None, *, by: User) -> QuerySet[Autosave]:
    """What this person has typed and not saved, in this article or (None) in new ones; the latest first."""
    return Autosave.objects.filter(article=article, person=by).order_by("-saved_at")


def others_at_work(article: Article, *, than: User) -> list[str]:
    """The names of the colleagues who are typing into this article just now."""
    lately = Autosave.objects.filter(article=article, saved_at__gt=timezone.now() - AT_WORK).exclude(person=than)
    return sorted({str(row.person) for row in lately.select_related("person")})


def delete_expired(now: datetime) -> None:
    Autosave.objects.filter(saved_at__lt=now - KEPT).delete()
