"""The first page of an article's thread, which is part of the article's page: one query, whatever the thread's size."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, QuerySet, Subquery

from articles.models import Edition
from comments.models import Comment, Policy, Thread
from comments.models.comment import as_row
from comments.models.policy import Mode
from newsroom.db.json_rows import from_json_row, json_row
from newsroom.db.prepared_queries import Param, PreparedQuery

SHOWN = 20  # inside the article's page; the others are on pages of their own
PICKS = 3


@dataclass(frozen=True)
class FirstPage:
    comments: list[Comment]
    picks: list[Comment]
    more: bool
    approved: int
    open: bool
    closes_at: datetime | None


def _parts() -> QuerySet[Policy]:
    article = Param("article", BigIntegerField())
    of_article = Comment.objects.filter(article=article)
    roots = of_article.roots().shown().order_by("created_at", "pk")[: SHOWN + 1]
    return Policy.objects.annotate(
        thread_row=Subquery(Thread.objects.filter(pk=article).values(row=json_row(Thread))),
        root_rows=ArraySubquery(roots.with_replies().values(row=as_row(("reply_rows",)))),
        pick_rows=ArraySubquery(of_article.picks()[:PICKS].values(row=as_row())),
    )


PARTS = PreparedQuery(_parts)


def first_page(edition: Edition) -> FirstPage:
    (policy,) = PARTS.rows(article=edition.article_id)
    thread = from_json_row(Thread, policy.thread_row or {"article_id": edition.article_id})
    comments = with_live_edition(edition, [Comment.from_row(row) for row in policy.root_rows[:SHOWN]])
    return FirstPage(
        comments=comments,
        picks=with_live_edition(edition, [Comment.from_row(row) for row in policy.pick_rows]),
        more=len(policy.root_rows) > SHOWN,
        approved=thread.approved,
        open=thread.mode_under(policy, appeared=edition.first_published_at) != Mode.CLOSED,
        closes_at=thread.closes_at(policy, appeared=edition.first_published_at),
    )


def with_live_edition(edition: Edition, comments: list[Comment]) -> list[Comment]:
    """The comments, each knowing whether the article has changed since it was written."""
    for comment in comments:
        comment.live_number = edition.number  # type: ignore[attr-defined]
    return comments


def starting_at(rows: QuerySet[Comment], comment: Comment) -> QuerySet[Comment]:
    """Those of `rows` from this one on, as the page that a permanent link leads to begins with it."""
    from_its_time = rows.filter(created_at__gte=comment.created_at)
    return from_its_time.exclude(created_at=comment.created_at, pk__lt=comment.pk)


def address_of(comment: Comment, edition: Edition) -> str:
    """Where a comment that is shown stands: in the article's page, further on in the thread, or below its root."""
    place = f"#c-{comment.public_id}"
    root: Any = comment if comment.root_id is None else comment.root
    if comment.root_id is not None and not _among_first(comment, Comment.objects.filter(root=root), below=3):
        return f"{edition.get_absolute_url()}comments/{root.public_id}/?from={comment.public_id}{place}"
    roots = Comment.objects.filter(article=comment.article_id).roots()
    if _among_first(root, roots, below=SHOWN):
        return f"{edition.get_absolute_url()}{place}"
    return f"{edition.get_absolute_url()}comments/?from={root.public_id}{place}"


def _among_first(comment: Comment, rows: Any, *, below: int) -> bool:
    return comment.pk in rows.shown().order_by("created_at", "pk").values_list("pk", flat=True)[:below]
