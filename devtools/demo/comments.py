"""Invented comments in every state. `manage.py load_demo` calls `load()`."""

from datetime import timedelta

from django.utils import timezone

from articles.models import Edition
from comments.models import Comment
from comments.moderation import transitions
from comments.posting.identity import commenter_by_email
from devtools.demo.articles.content import ARTICLES, COMMENTS
from newsroom.models import User

Status = Comment.Status
ANSWERS = {"Nasreen W.": "Sceptic from Sheerbagh"}  # who answers whom
PICKED = "Farhat"


def load() -> None:
    """Guests' comments under the demo's articles, decided about by the demo's moderator. Called once."""
    moderator = User.objects.get(email="moderator@example.org")
    editions = {edition.headline: edition for edition in Edition.objects.live().select_related("article")}
    now = timezone.now()
    so_far: dict[int, int] = {}
    by_name: dict[str, Comment] = {}
    for told in COMMENTS:
        edition = editions[ARTICLES[told.article].headline]
        so_far[told.article] = so_far.get(told.article, 0) + 1
        age = now - edition.first_published_at
        written = edition.first_published_at + min(age * 0.9, timedelta(minutes=11 + 23 * so_far[told.article]))
        parent = by_name.get(ANSWERS.get(told.name, ""))
        commenter = commenter_by_email(f"{told.name.lower().replace(' ', '.')}@example.org")
        comment = Comment(
            article=edition.article,
            edition_number=edition.number,
            commenter=commenter,
            root=parent,
            parent=parent,
            name=told.name,
            body=told.text,
            created_at=written,
            confirmed_at=written,
        )
        transitions.add_comment(comment, Status.PENDING)
        by_name[told.name] = comment
        if told.state != "pending":
            transitions.change_status(comment, told.state, by=moderator, expected=Status.PENDING, revision=1)
    transitions.pick(by_name[PICKED], picked=True, by=moderator)
