"""Editions: articles as they were published. Readers see the live one."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from articles import html
from articles.models.article import Article, Language
from articles.models.taxonomy import Author, Section, Topic
from articles.search.normalize import VECTOR
from newsroom.db.constraints import slug_constraint

WORDS_PER_MINUTE = 230
OPEN_PARAGRAPHS = 2  # that everybody may read where the rest is for supporters first
_NAMES = {"name": F("name"), "slug": F("slug")}


class EditionQuerySet(models.QuerySet["Edition"]):
    def live(self) -> Self:
        """Return what readers see: the one current edition of each article on the site."""
        return self.filter(live=True)

    def corrections(self) -> Self:
        """Return the corrections, live or not."""
        return self.filter(kind=Edition.Kind.CORRECTION)

    def newest(self) -> Self:
        """Order by first publication: a later edition does not move an old article to the top."""
        return self.order_by("-first_published_at", "-pk")

    def for_cards(self) -> Self:
        """Leave out the columns that only the article page needs."""
        return self.select_related("section").only("article_id", *CARD_COLUMNS, "section__name", "section__slug")

    def with_authors(self) -> Self:
        """Add the names and slugs of the authors, in the same row."""
        authors = Author.objects.filter(editionauthor__edition=OuterRef("pk")).order_by("editionauthor__position")
        return self.annotate(author_rows=ArraySubquery(authors.values(row=JSONObject(**_NAMES))))

    def with_details(self) -> Self:
        """Add authors, topics and corrections, in the same row."""
        topics = Topic.objects.filter(editiontopic__edition=OuterRef("pk")).order_by("editiontopic__position")
        corrections = Edition.objects.corrections().filter(article=OuterRef("article")).order_by("published_at")
        return (
            self.with_authors()
            .select_related("section")
            .annotate(
                topic_rows=ArraySubquery(topics.values(row=JSONObject(**_NAMES))),
                correction_rows=ArraySubquery(
                    corrections.values(row=JSONObject(note="note", published_at="published_at"))
                ),
            )
        )

    def for_reading(self) -> Self:
        """Add the same, and More Stories."""
        return self.with_details().annotate(more_rows=ArraySubquery(_more_stories().values(row=_card())))


_EditionManager = models.Manager.from_queryset(EditionQuerySet)


class EditionManager(_EditionManager):
    def get_queryset(self) -> Any:
        """Leave out the search vector, which is as long as the text and of use to the database alone."""
        return super().get_queryset().defer("search")


class Edition(models.Model):
    """An article as it was published: numbered, rendered, and never changed but for `live`."""

    class Kind(models.TextChoices):
        """The reason for an edition. A correction says in public what was wrong."""

        NEW = "new", "first published"
        UPDATE = "update"
        CORRECTION = "correction"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NEW)
    note = models.CharField(max_length=400, blank=True, help_text="What readers are told about the change.")
    live = models.BooleanField(default=True)
    slug = models.SlugField(max_length=120, help_text="The address under which this edition is, or was, read.")
    headline = models.CharField(max_length=160)
    standfirst = models.TextField()
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="editions")
    topics = models.ManyToManyField(Topic, through="EditionTopic", related_name="editions")
    authors = models.ManyToManyField(Author, through="EditionAuthor", related_name="editions")
    search_headline = models.CharField(max_length=70, blank=True)
    lead_photo = models.JSONField(null=True, help_text="articles.photos.Rendered")
    body = models.TextField(help_text="Rendered HTML.")
    text = models.TextField(help_text="The same in plain words, for search.")
    first_published_at = models.DateTimeField(help_text="When the article first appeared.")
    published_at = models.DateTimeField(default=timezone.now, help_text="When this edition appeared.")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    open_at = models.DateTimeField(null=True, help_text="Until then others than supporters read only its beginning.")
    # Null unless live: former editions take no space, and cannot be found.
    search = models.GeneratedField(
        expression=Case(When(live=True, then=VECTOR)), output_field=SearchVectorField(null=True), db_persist=True
    )

    objects: ClassVar[EditionManager] = EditionManager()

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(name="edition_number", fields=["article", "number"]),
            models.UniqueConstraint(name="one_live_edition", fields=["article"], condition=Q(live=True)),
            models.UniqueConstraint(name="one_live_edition_at_an_address", fields=["slug"], condition=Q(live=True)),
            slug_constraint("live_edition_has_address", when=Q(live=True)),
        ]
        indexes = [
            models.Index(F("first_published_at").desc(), F("id").desc(), condition=Q(live=True), name="edition_newest"),
            models.Index(
                F("section"),
                F("first_published_at").desc(),
                F("id").desc(),
                condition=Q(live=True),
                name="edition_newest_in_section",
            ),
            GinIndex(fields=["search"], condition=Q(live=True), name="edition_search"),
            models.Index(fields=["-published_at", "-id"], name="edition_record"),
            models.Index(
                F("published_at").desc(), F("id").desc(), condition=Q(kind="correction"), name="edition_corrections"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.headline} (edition {self.number})"

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    @property
    def dir(self) -> str:
        """The direction of its language: `ltr` or `rtl`."""
        return "rtl" if self.language == Language.URDU else "ltr"

    @property
    def day(self) -> date:
        """The date of first publication in the outlet's time zone."""
        return timezone.localdate(self.first_published_at)

    @property
    def updated(self) -> bool:
        return self.number > 1

    @property
    def title(self) -> str:
        """The headline for search engines, shared links and the browser's tab."""
        return self.search_headline or self.headline

    @property
    def for_supporters(self) -> bool:
        """True while only supporters may read all of it; others read its beginning."""
        return self.open_at is not None and self.open_at > timezone.now()

    @property
    def permitted_body(self) -> str:
        """The part of the body that everybody may read now. Public pages, feeds and search results send only this."""
        return html.beginning(self.body, OPEN_PARAGRAPHS) if self.for_supporters else self.body

    @property
    def reading_minutes(self) -> int:
        return max(1, round(len(self.text.split()) / WORDS_PER_MINUTE))

    # These need an edition that was read with `with_details()` or `for_reading()`; `byline` also `with_authors()`.

    @property
    def byline(self) -> list[Author]:
        return [Author(**row) for row in self.author_rows]  # type: ignore[attr-defined]

    @property
    def topic_list(self) -> list[Topic]:
        return [Topic(**row) for row in self.topic_rows]  # type: ignore[attr-defined]

    @cached_property
    def corrections(self) -> "list[Edition]":
        """The corrections of the article, with `note` and `published_at` alone, the oldest first."""
        return [
            Edition(note=row["note"], published_at=datetime.fromisoformat(row["published_at"]))
            for row in self.correction_rows  # type: ignore[attr-defined]
        ]

    @cached_property
    def more_stories(self) -> "list[Edition]":
        return [Edition.from_card(row) for row in self.more_rows]  # type: ignore[attr-defined]

    @classmethod
    def from_card(cls, row: dict[str, Any]) -> Self:
        """Return the edition that a card shows, from the JSON object that `_card()` selects."""
        edition = cls(
            pk=row["id"],
            article_id=row["article"],
            slug=row["slug"],
            headline=row["headline"],
            standfirst=row["standfirst"],
            language=row["language"],
            lead_photo=row["lead_photo"],
            first_published_at=datetime.fromisoformat(row["first_published_at"]),
            open_at=row["open_at"] and datetime.fromisoformat(row["open_at"]),
        )
        edition.section = Section(name=row["section_name"], slug=row["section_slug"])
        return edition


CARD_COLUMNS = ("slug", "headline", "standfirst", "language", "lead_photo", "first_published_at", "open_at")


def _card() -> JSONObject:
    """Return what a card shows as one JSON object, so that a list of cards can be a column of another row."""
    return JSONObject(
        id="pk",
        article="article_id",
        section_name="section__name",
        section_slug="section__slug",
        **{column: column for column in CARD_COLUMNS},
    )


MAX_MORE_STORIES = 6


def _more_stories() -> "models.QuerySet[Edition]":
    """Return the stories chosen for the outer query's edition (`articles.more_stories`) that are still on the site."""
    others, number = "article__more_stories__others", models.BigIntegerField()
    chosen = Edition.objects.filter(pk=OuterRef(OuterRef("pk"))).values(pk_of=Func(others, function="unnest"))
    return (
        Edition.objects.live()
        .filter(article__in=chosen)
        .annotate(place=Func(OuterRef(others), F("article"), function="array_position", output_field=number))
        .order_by("place")[:MAX_MORE_STORIES]
    )


def with_published_headline(article: str) -> dict[str, Subquery]:
    """Return annotations `headline` and `slug`, from the last edition of the article that the field `article` names.

    The working copy's own are not for readers yet.
    """
    last = Edition.objects.filter(article=OuterRef(article)).order_by("-number")
    return {name: Subquery(last.values(name)[:1]) for name in ("headline", "slug")}


def sections_with_newest(count: int) -> list[tuple[Section, list[Edition]]]:
    """Return each section with its newest `count` articles, in the menu's order. One query."""
    newest = Edition.objects.live().filter(section=OuterRef("pk")).newest()[:count]
    rows = Section.objects.annotate(newest=ArraySubquery(newest.values(row=_card())))
    return [(section, [Edition.from_card(row) for row in section.newest]) for section in rows]
