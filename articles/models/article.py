"""Articles: the working copies that reporters and editors change, and readers never see."""

from typing import ClassVar

from content_editor.models import Region
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from articles.models.photo import Photo
from articles.models.taxonomy import Author, Section, Topic
from articles.search.normalize import WORKING_VECTOR


class Language(models.TextChoices):
    """The language of an article (the page's `lang`)."""

    ENGLISH = "en"
    URDU = "ur"


class Article(models.Model):  # type: ignore[django-manager-missing]  # the plugin classes are made at run time
    """A working copy, complete or not. Only `articles.publishing.workflow` changes `status`."""

    class Status(models.TextChoices):
        """The status of the working copy. What readers see depends on the live edition alone."""

        DRAFT = "draft"
        IN_REVIEW = "in_review"
        SCHEDULED = "scheduled"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    headline = models.CharField(max_length=160)
    slug = models.SlugField(max_length=120, unique=True, help_text="The last part of the article's address.")
    standfirst = models.TextField(max_length=320, blank=True, help_text="One or two sentences under the headline.")
    search_headline = models.CharField(
        "headline for search and social",
        max_length=70,
        blank=True,
        help_text="A shorter one, for search engines and shared links. Empty: the headline itself.",
    )
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="articles")
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")
    authors = models.ManyToManyField(Author, blank=True, related_name="articles")
    lead_photo = models.ForeignKey(Photo, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    supporters_first = models.PositiveSmallIntegerField(
        "supporters first, for",
        default=0,
        validators=[MaxValueValidator(14 * 24)],
        help_text="Hours, from its first publication, in which others read only its beginning. 0: open to everyone.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    publish_at = models.DateTimeField(null=True, editable=False, help_text="Of a scheduled one: when.")
    publish_as = models.CharField(max_length=10, editable=False, help_text="Of a scheduled one: edition kind.")
    publish_note = models.CharField(max_length=400, editable=False, help_text="Of a scheduled one: edition note.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="articles"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    regions: ClassVar[list[Region]] = [Region(key="body", title="Body")]

    class Meta:
        ordering = ["-updated_at"]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_newest"),
            models.Index(fields=["status", "-updated_at", "-id"], name="article_newest_of_status"),
            GinIndex(WORKING_VECTOR, condition=~models.Q(status="published"), name="article_in_work"),
        ]
        permissions = [
            ("publish_article", "Can publish articles"),
            ("change_any_article", "Can change articles that others began"),
            ("view_draft", "Can see working copies that others began"),
        ]

    def __str__(self) -> str:
        return self.headline


class ArticleEvent(models.Model):
    """One step of an article: who took it, and when. Rows are only added."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="events")
    from_status = models.CharField(max_length=10, choices=Article.Status)
    to_status = models.CharField(max_length=10, choices=Article.Status)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"
