"""The steps of an article: submit, send back, schedule, publish, withdraw.

Nothing else changes an article's status, or which edition is live.

Each step is one function. It checks in its UPDATE that the status is still the one that the person saw, writes the
audit row (ArticleEvent), and enqueues the mail, all in one transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from articles import more_stories, surrogate_keys
from articles.models import Article, ArticleEvent, Block, Edition, EditionAuthor, EditionTopic
from articles.photos.processing import LOW_PRIORITY, rendered_photo
from articles.publishing import checklist, versions
from newsroom.http.purge import purge_on_commit
from newsroom.models import User

Status = Article.Status
# By name, as articles.tasks imports this module.
NOTIFY_TASK = "articles.tasks.notify"
CHOOSE_TASK = "articles.tasks.choose_more_stories"
# Each status, and those from which it can be reached.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    Status.IN_REVIEW: (Status.DRAFT, Status.SCHEDULED, Status.PUBLISHED, Status.WITHDRAWN),
    Status.DRAFT: (Status.IN_REVIEW, Status.SCHEDULED),
    Status.SCHEDULED: (Status.DRAFT, Status.IN_REVIEW, Status.SCHEDULED, Status.PUBLISHED, Status.WITHDRAWN),
    Status.PUBLISHED: (Status.DRAFT, Status.IN_REVIEW, Status.SCHEDULED, Status.PUBLISHED, Status.WITHDRAWN),
    Status.WITHDRAWN: (Status.DRAFT, Status.IN_REVIEW, Status.SCHEDULED, Status.PUBLISHED),
}


class Conflict(Exception):
    """The article no longer has the status that the decision was made on: somebody else took a step meanwhile."""


@transaction.atomic
def submit(article: Article, *, by: User, expected: str, note: str = "") -> None:
    """Submit the article for review. Raises Conflict."""
    _step(article, Status.IN_REVIEW, by=by, expected=expected, note=note)


@transaction.atomic
def return_to_draft(article: Article, *, by: User, expected: str, note: str) -> None:
    """Send the article back to its reporter with a note. Raises Conflict."""
    _step(article, Status.DRAFT, by=by, expected=expected, note=note)


@transaction.atomic
def schedule(
    article: Article, *, by: User, expected: str, at: datetime, kind: str = Edition.Kind.UPDATE, note: str = ""
) -> None:
    """Publish at `at` what will be saved then. Raises ValidationError (what prevents publishing), Conflict."""
    _check_publishable(article, versions.blocks_of(article))
    _step(
        article,
        Status.SCHEDULED,
        by=by,
        expected=expected,
        note=f"For {timezone.localtime(at):%Y-%m-%d %H:%M}.",
        fields={"publish_at": at, "publish_as": kind, "publish_note": note},
    )


@transaction.atomic
def publish(
    article: Article,
    *,
    by: User | None,
    expected: str | None = None,
    kind: str = Edition.Kind.UPDATE,
    note: str = "",
    at: datetime | None = None,
    remark: str = "",
) -> Edition:
    """Freeze the working copy as saved into the next edition, and make that the live one.

    `kind` and the public `note` say what changed since the last edition; the first one is always new. `at`: when it
    appeared, if not now; `remark`: for the audit row. Raises ValidationError (what prevents publishing), Conflict.
    Two editors who publish at once make two editions, one after the other: the row lock orders them.
    """
    article = Article.objects.select_for_update(of=["self"]).select_related("section", "lead_photo").get(pk=article.pk)
    blocks = versions.blocks_of(article)
    _check_publishable(article, blocks)
    edition = build_edition(article, blocks)
    now = at or timezone.now()
    former = article.editions.order_by("-number").first()
    live = former if former and former.live else None
    first_published_at = former.first_published_at if former else now
    _step(article, Status.PUBLISHED, by=by, expected=expected or article.status, note=remark)
    _unlist(article)
    edition.number = former.number + 1 if former else 1
    edition.kind = kind if former else Edition.Kind.NEW
    edition.note = note if former else ""
    edition.first_published_at = first_published_at
    edition.published_at = now
    edition.published_by = by
    if article.supporters_first:
        edition.open_at = first_published_at + timedelta(hours=article.supporters_first)
    edition.save(force_insert=True)
    EditionTopic.objects.bulk_create(
        EditionTopic(edition=edition, topic_id=topic, position=position, listed_at=first_published_at)
        for position, topic in enumerate(versions.ordered_ids(Article.topics.through, article, "topic_id"))
    )
    EditionAuthor.objects.bulk_create(
        EditionAuthor(edition=edition, author_id=author, position=position, listed_at=first_published_at)
        for position, author in enumerate(versions.ordered_ids(Article.authors.through, article, "author_id"))
    )
    versions.save_version(article, by=by, edition=edition)
    purge_on_commit(*surrogate_keys.purged_by(article, live, edition))
    for other in more_stories.choose_more_stories(article.pk):
        app.configure_task(CHOOSE_TASK, priority=LOW_PRIORITY).defer(article=other)
    return edition


@transaction.atomic
def withdraw(article: Article, *, by: User, expected: str, reason: str) -> None:
    """Take the article off the site; its page says why. Raises ValidationError if it is not on the site, Conflict."""
    live = article.editions.filter(live=True).first()
    if live is None:
        raise ValidationError("It is not on the site.")
    _step(article, Status.WITHDRAWN, by=by, expected=expected, note=reason)
    _unlist(article)
    purge_on_commit(*surrogate_keys.purged_by(article, live, None))


def publish_due(now: datetime) -> int:
    """Publish each due article once, and return how many. One that cannot be published returns to review."""
    done = 0
    for article in Article.objects.filter(status=Status.SCHEDULED, publish_at__lte=now).order_by("publish_at"):
        late = now - (article.publish_at or now)
        minutes = int(late.total_seconds() // 60)
        remark = f"Scheduled, and {minutes} minutes late: the worker was down." if minutes >= 2 else "As scheduled."
        try:
            publish(
                article,
                by=None,
                expected=Status.SCHEDULED,
                kind=article.publish_as,
                note=article.publish_note,
                remark=remark,
            )
        except ValidationError as error:
            with transaction.atomic():
                note = "It could not be published as scheduled. " + " ".join(error.messages)
                _step(article, Status.IN_REVIEW, by=None, expected=Status.SCHEDULED, note=note)
        except Conflict:
            continue  # somebody took it off the schedule at this moment
        else:
            done += 1
    return done


def build_edition(article: Article, blocks: list[Block] | None = None) -> Edition:
    """Return the working copy as an edition, not saved and without number and times."""
    shown = [block for block in (versions.blocks_of(article) if blocks is None else blocks) if not block.empty]
    return Edition(
        article=article,
        slug=article.slug,
        headline=article.headline,
        search_headline=article.search_headline,
        standfirst=article.standfirst,
        language=article.language,
        section=article.section,
        lead_photo=rendered_photo(article.lead_photo) if article.lead_photo else None,
        body="".join(block.render() for block in shown),
        text="\n".join(block.wording for block in shown if block.wording),
    )


def _check_publishable(article: Article, blocks: list[Block]) -> None:
    """Raise ValidationError with what prevents publishing, in the editor's words."""
    if problems := [check.words for check in checklist.publication_checks(article, blocks) if check.blocking]:
        raise ValidationError(problems)


def _step(
    article: Article, to: str, *, by: User | None, expected: str, note: str, fields: dict[str, Any] | None = None
) -> None:
    unscheduled = {"publish_at": None, "publish_as": "", "publish_note": ""}
    if expected not in TRANSITIONS[to]:
        raise Conflict(f"{expected} → {to}")
    if not Article.objects.filter(pk=article.pk, status=expected).update(status=to, **(fields or unscheduled)):
        raise Conflict(article.pk)
    article.status = to
    event = ArticleEvent.objects.create(article=article, from_status=expected, to_status=to, by=by, note=note)
    app.configure_task(NOTIFY_TASK).defer(event=event.pk)


def _unlist(article: Article) -> None:
    Edition.objects.filter(article=article, live=True).update(live=False)
    for placement in (EditionTopic, EditionAuthor):
        placement.objects.filter(edition__article=article, listed_at__isnull=False).update(listed_at=None)
