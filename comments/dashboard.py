"""What of the comments waits for a moderator: the comments' part of the desk's first page."""

from collections.abc import Iterable

from django.urls import reverse

from comments.models import Comment
from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.models import User


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    if not person.has_perm("comments.moderate_comment"):
        return
    held = Comment.objects.filter(status=Comment.Status.PENDING).select_related("article").order_by("created_at")
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
