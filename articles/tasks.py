"""Tasks that the worker runs: publishing on time, mail, the lists beside articles, photos, retention."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from articles import more_stories, popularity
from articles.models import Article, ArticleEvent, Edition, Photo
from articles.photos import processing
from articles.publishing import autosave, previews, versions, workflow
from newsroom import mail
from newsroom.http import surrogate_keys
from newsroom.http.purge import purge_on_commit
from newsroom.models import User


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    """Publish what is scheduled for this minute, and what a worker that was down has missed."""
    workflow.publish_due(timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(name="articles.tasks.forget_old_versions", queueing_lock="forget_old_versions")
def delete_expired_drafts(timestamp: int) -> None:
    """Delete versions that were never published, autosaves, and links to previews, after their retention."""
    versions.delete_expired(timezone.now())
    previews.delete_old_links()
    autosave.delete_expired(timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="articles.tasks.work_out_popularity", queueing_lock="work_out_popularity")
def recalculate_popularity(timestamp: int) -> None:
    """Recompute Hot Topics and Most read."""
    popularity.recalculate(timezone.now())


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="choose_missing_more_stories")
def choose_missing_more_stories(timestamp: int) -> None:
    """Choose More Stories for articles that have none yet, the newest first, at most 5,000 a night."""
    for edition in Edition.objects.live().filter(article__more_stories=None).newest().only("article_id")[:5000]:
        more_stories.choose_more_stories(edition.article_id)


@app.task
def choose_more_stories(article: int) -> None:
    """Choose More Stories again for an article (pk) near which something was published."""
    with transaction.atomic():
        more_stories.choose_more_stories(article)
        purge_on_commit(surrogate_keys.article(article), soon=True)


@app.task(retry=mail.RETRY)
def notify(event: int) -> None:
    """Mail a step of an article (ArticleEvent.pk) to each person whom it concerns, except who took it."""
    step = ArticleEvent.objects.select_related("article__created_by", "by").get(pk=event)
    address = settings.SITE_URL + reverse("admin:articles_article_change", args=[step.article_id])
    context = {"step": step, "article": step.article, "address": address}
    failure: OSError | None = None
    for person in _recipients(step):
        if person == step.by:
            continue
        try:
            mail.send("articles/email/step", person.email, key=f"article_step.{event}.{person.pk}", context=context)
        except OSError as error:  # SMTPException is one too; the others are still to have theirs
            failure = error
    if failure is not None:
        raise failure


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def render_avif(image: str) -> None:
    """Make the AVIF renditions of a stored photo (Photo.image); the next edition that shows it uses them."""
    photo = Photo.objects.filter(image=image, has_avif=False).first()
    if photo is None:
        return  # rendered before, replaced or deleted
    processing.render_avif(photo.image)
    Photo.objects.filter(image=image).update(has_avif=True)


def _recipients(step: ArticleEvent) -> list[User]:
    """Return all who may publish when it was submitted, and its reporter when it was sent back or published."""
    if step.to_status == Article.Status.IN_REVIEW:
        may = Q(groups__permissions__codename="publish_article") | Q(user_permissions__codename="publish_article")
        return list(User.objects.filter(may, is_active=True, is_staff=True).distinct())
    if step.to_status in (Article.Status.DRAFT, Article.Status.PUBLISHED) and step.article.created_by is not None:
        return [step.article.created_by]
    return []
