"""Work for the worker."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from articles import more_stories, popularity
from articles.models import Article, ArticleEvent, Edition, Photo
from articles.photos import processing
from articles.publishing import autosave, versions, workflow
from newsroom.http import surrogate_keys
from newsroom.http.purge import purge_on_commit
from newsroom.models import User


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    """Publish what is scheduled for this minute, and what a worker that was down has missed."""
    workflow.publish_due(timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="forget_old_versions")
def forget_old_versions(timestamp: int) -> None:
    """What was saved and never published, and what was typed and never saved, ends after a month."""
    versions.delete_expired(timezone.now())
    autosave.delete_expired(timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="work_out_popularity")
def work_out_popularity(timestamp: int) -> None:
    """Hot Topics and Most read."""
    popularity.recalculate(timezone.now())


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="choose_missing_more_stories")
def choose_missing_more_stories(timestamp: int) -> None:
    """For what was published before such lists were kept, the newest first."""
    for edition in Edition.objects.live().filter(article__more_stories=None).newest().only("article_id")[:5000]:
        more_stories.choose_more_stories(edition.article_id)


@app.task
def choose_more_stories(article: int) -> None:
    """Something near to this article (pk) was published: it may belong beside it now."""
    with transaction.atomic():
        more_stories.choose_more_stories(article)
        purge_on_commit(surrogate_keys.article(article), soon=True)


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def notify(event: int) -> None:
    """Tell by mail whom a step of an article (ArticleEvent.pk) concerns: the desk, or the reporter."""
    step = ArticleEvent.objects.select_related("article__created_by", "by").get(pk=event)
    recipients = [person.email for person in _concerned(step) if person != step.by]
    if not recipients:
        return
    address = settings.SITE_URL + reverse("admin:articles_article_change", args=[step.article_id])
    context = {"step": step, "article": step.article, "address": address}
    EmailMessage(
        subject=f"{step.get_to_status_display()}: {step.article.headline}"[:150],
        body=render_to_string("articles/mail/step.txt", context),
        bcc=recipients,
    ).send()


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def render_avif(image: str) -> None:
    """Make the AVIF renditions of a stored photo (Photo.image), and let the next edition that shows it use them."""
    photo = Photo.objects.filter(image=image, has_avif=False).first()
    if photo is None:
        return  # done before, replaced or deleted
    processing.render_avif(photo.image)
    Photo.objects.filter(image=image).update(has_avif=True)


def _concerned(step: ArticleEvent) -> list[User]:
    """Sent in: those who publish. Sent back or published: its reporter."""
    Status = Article.Status  # noqa: N806
    if step.to_status == Status.IN_REVIEW:
        may = Q(groups__permissions__codename="publish_article") | Q(user_permissions__codename="publish_article")
        return list(User.objects.filter(may, is_active=True, is_staff=True).distinct())
    if step.to_status in (Status.DRAFT, Status.PUBLISHED) and step.article.created_by is not None:
        return [step.article.created_by]
    return []
