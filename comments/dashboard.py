"""The comments' section of the dashboard: what waits for a moderator."""

from collections.abc import Iterable

from django.urls import reverse

from comments.models import Comment
from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.models import User


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    if not person.has_perm("comments.moderate_comment"):
        return
    held = Comment.objects.awaiting_moderation().select_related("article")
    rows = [
        DashboardRow(
            title=comment.body[:90],
            url=reverse("queue"),
            words=f"{comment.name}, on “{comment.article}”",
            at=comment.created_at,
        )
        for comment in held[:ROWS_SHOWN]
    ]
    yield DashboardSection("Comments held", reverse("queue"), held.count(), rows)
