"""Sections, topics and authors."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from articles.search.normalize import NAME_VECTOR
from newsroom.db.constraints import slug_constraint


class Section(models.Model):
    name = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=50, unique=True)
    description = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in the menu and on the front page.")

    class Meta:
        ordering = ["position", "name"]
        constraints = [slug_constraint("section_has_address")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.slug])


class PlacedQuerySet(models.QuerySet[Any]):
    """Of topics or authors, under which editions are placed."""

    def on_site(self) -> Self:
        """Return those with something on the site. Readers learn of no other: a name tells what is being worked on."""
        placements = apps.get_model("articles", f"Edition{self.model.__name__}")._default_manager
        of_each = placements.filter(listed_at__isnull=False, **{self.model._meta.model_name: OuterRef("pk")})
        # One index probe for each: EXISTS can make Postgres read all placements.
        newest = of_each.order_by("-listed_at", "-edition").values("pk")[:1]
        return self.alias(placed=Subquery(newest)).filter(placed__isnull=False)


class TopicQuerySet(PlacedQuerySet):
    def hot(self) -> Self:
        """Return pinned topics, then those that were read and discussed recently, the hottest first."""
        found = self.on_site().filter(Q(pinned=True) | Q(heat__gt=0), hidden=False)
        return found.order_by("-pinned", "-heat", "name")


class Topic(models.Model):
    name = models.CharField(max_length=50, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)
    pinned = models.BooleanField(default=False, help_text="Keep it at the head of Hot Topics.")
    hidden = models.BooleanField("not hot", default=False, help_text="Keep it out of Hot Topics, pinned or not.")
    heat = models.FloatField(default=0, editable=False, help_text="popularity.work_out")

    objects: ClassVar[Any] = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [slug_constraint("topic_has_address")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class Author(models.Model):
    """A byline. It needs no account, and says no more about a person than that person wants."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=90, unique=True)
    role = models.CharField(max_length=80, blank=True)
    bio = models.TextField(blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        limit_choices_to={"is_staff": True},
        related_name="bylines",
        verbose_name="whose byline it is",
        help_text="Only if readers may know it: once they have agreed, their comments say that they wrote the report. "
        "Leave it empty for a pseudonym.",
    )
    account_agreed = models.BooleanField(default=False, db_default=False, editable=False)

    objects: ClassVar[Any] = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [slug_constraint("author_has_address")]
        indexes = [GinIndex(NAME_VECTOR, name="author_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])
