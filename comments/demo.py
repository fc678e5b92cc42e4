"""Invented comments in every state. `manage.py load_demo` calls `load()`."""

from datetime import timedelta

from django.utils import timezone

from articles.demo.content import ARTICLES, COMMENTS
from articles.models import Edition
from comments import moderation
from comments.models import Comment, Commenter, email_hash
from newsroom.models import User


def load() -> None:
    """Guests' comments under the demo's articles, decided about by the demo's moderator. Called once."""
    moderator = User.objects.get(email="moderator@example.org")
    editions = {edition.headline: edition for edition in Edition.objects.live().select_related("article")}
    now = timezone.now()
    so_far: dict[int, int] = {}
    for told in COMMENTS:
        edition = editions[ARTICLES[told.article].headline]
        so_far[told.article] = so_far.get(told.article, 0) + 1
        age = now - edition.first_published_at
        written = edition.first_published_at + min(age * 0.9, timedelta(minutes=11 + 23 * so_far[told.article]))
        address = f"{told.name.lower().replace(' ', '.')}@example.org"
        comment = Comment.objects.create(
            article=edition.article,
            edition_number=edition.number,
            commenter=Commenter.objects.get_or_create(email_hash=email_hash(address))[0],
            name=told.name,
            body=told.text,
            created_at=written,
        )
        if told.state != "pending":
            moderation.transition(comment, told.state, by=moderator, expected=Comment.Status.PENDING)
