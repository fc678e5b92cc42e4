"""Publishes, corrects and approves on a running site, and prints when. test_cache.py runs it.

Each line is JSON: `at`, when it committed (Unix time); `path`, the page that shows it; `mark`, the word on that page
from then on; `number`, which counts up for each mark.
"""

import json
import time
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402

from articles.models import Article, Edition  # noqa: E402
from articles.publishing import workflow  # noqa: E402
from comments.models import Comment, Commenter  # noqa: E402
from comments.moderation import transitions  # noqa: E402
from comments.posting import identity  # noqa: E402

SECONDS = 20.0
CHANGES_A_SECOND = 2.0


def main() -> None:
    article = Edition.objects.live().newest()[0].article
    writer = identity.commenter_by_email("drill@example.org")
    end = time.time() + SECONDS
    for number in range(1, 1000):
        for change in (correct, approve, publish):
            if time.time() > end:
                return
            with transaction.atomic():
                path, mark = change(article, writer, number)
                transaction.on_commit(lambda path=path, mark=mark: report(path, mark, number))  # type: ignore[misc]  # noqa: B023
            time.sleep(1 / CHANGES_A_SECOND)


def report(path: str, mark: str, number: int) -> None:
    print(json.dumps({"at": time.time(), "path": path, "mark": mark, "number": number}), flush=True)


def correct(article: Article, writer: Commenter, number: int) -> tuple[str, str]:
    article.refresh_from_db()
    article.headline = f"Corrected {number} times over"
    article.save()
    workflow.publish(article, by=None, kind=Edition.Kind.CORRECTION, note="A drill.")
    return f"/articles/{article.slug}/", "Corrected"


def approve(article: Article, writer: Commenter, number: int) -> tuple[str, str]:
    comment = Comment(
        article=article, edition_number=1, commenter=writer, name="D", body=f"Approved {number} times over"
    )
    comment.confirmed_at = comment.created_at
    transitions.add_comment(comment, Comment.Status.PENDING)
    transitions.change_status(comment, Comment.Status.APPROVED, by=None, expected=Comment.Status.PENDING, revision=1)
    transitions.pick(comment, picked=True, by=None)  # so that it is on the first page, however many there are
    return f"/articles/{article.slug}/", "Approved"


def publish(article: Article, writer: Commenter, number: int) -> tuple[str, str]:
    new: Any = Article.objects.get(pk=article.pk)
    authors, texts = list(new.authors.all()), list(new.articles_text_set.all())
    new.pk, new._state.adding, new.slug = None, True, f"drill-{number}"
    new.headline, new.status = f"Published {number} times over", Article.Status.DRAFT
    new.save()
    new.authors.set(authors)
    for text in texts:
        text.pk, text.parent = None, new
        text.save()
    workflow.publish(new, by=None)
    return "/latest/", "Published"


if __name__ == "__main__":
    main()
