"""Loads the first page of a thread, which is part of the article's page, in one query; and finds a comment's page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, QuerySet, Subquery

from articles.models import Edition
from comments.models import Comment, Policy, Thread
from comments.models.comment import MAX_INLINE_REPLIES, comment_json
from comments.models.policy import Mode
from newsroom.db.json_rows import from_json_row, json_row
from newsroom.db.prepared_queries import Param, PreparedQuery

FIRST_PAGE_SIZE = 20  # comments inside the article's page; the others are on pages of their own
MAX_PICKS = 3


@dataclass(frozen=True)
class FirstPage:
    comments: list[Comment]
    picks: list[Comment]
    more: bool
    approved: int
    open: bool
    closes_at: datetime | None


def _first_page_query() -> QuerySet[Policy]:
    article = Param("article", BigIntegerField())
    of_article = Comment.objects.filter(article=article)
    roots = of_article.roots().shown().order_by("created_at", "pk")[: FIRST_PAGE_SIZE + 1]
    return Policy.objects.annotate(
        thread_row=Subquery(Thread.objects.filter(pk=article).values(row=json_row(Thread))),
        root_rows=ArraySubquery(roots.with_replies().values(row=comment_json("reply_rows"))),
        pick_rows=ArraySubquery(of_article.picks()[:MAX_PICKS].values(row=comment_json())),
    )


FIRST_PAGE_QUERY = PreparedQuery(_first_page_query)


def first_page(edition: Edition) -> FirstPage:
    (policy,) = FIRST_PAGE_QUERY.rows(article=edition.article_id)
    thread = from_json_row(Thread, policy.thread_row or {"article_id": edition.article_id})
    comments = with_live_edition(edition, [Comment.from_row(row) for row in policy.root_rows[:FIRST_PAGE_SIZE]])
    return FirstPage(
        comments=comments,
        picks=with_live_edition(edition, [Comment.from_row(row) for row in policy.pick_rows]),
        more=len(policy.root_rows) > FIRST_PAGE_SIZE,
        approved=thread.approved,
        open=thread.mode_under(policy, appeared=edition.first_published_at) != Mode.CLOSED,
        closes_at=thread.closes_at(policy, appeared=edition.first_published_at),
    )


def with_live_edition(edition: Edition, comments: list[Comment]) -> list[Comment]:
    """Return the comments, each with the live edition's number for `editions_since`."""
    for comment in comments:
        comment.live_number = edition.number  # type: ignore[attr-defined]
    return comments


def starting_at(rows: QuerySet[Comment], comment: Comment) -> QuerySet[Comment]:
    """Return `rows` from this comment on: the page of a permanent link begins with it."""
    later = rows.filter(created_at__gte=comment.created_at)
    return later.exclude(created_at=comment.created_at, pk__lt=comment.pk)


def comment_url(comment: Comment, edition: Edition) -> str:
    """Return the URL of a shown comment: in the article's page, further on in the thread, or below its root."""
    anchor = f"#c-{comment.public_id}"
    root: Any = comment if comment.root_id is None else comment.root
    if comment.root_id is not None and not _among_first(
        comment, Comment.objects.filter(root=root), below=MAX_INLINE_REPLIES
    ):
        return f"{edition.get_absolute_url()}comments/{root.public_id}/?from={comment.public_id}{anchor}"
    roots = Comment.objects.filter(article=comment.article_id).roots()
    if _among_first(root, roots, below=FIRST_PAGE_SIZE):
        return f"{edition.get_absolute_url()}{anchor}"
    return f"{edition.get_absolute_url()}comments/?from={root.public_id}{anchor}"


def _among_first(comment: Comment, rows: Any, *, below: int) -> bool:
    return comment.pk in rows.shown().order_by("created_at", "pk").values_list("pk", flat=True)[:below]
