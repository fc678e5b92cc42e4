"""The menus at the head and at the foot of every page."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject

from articles.models.page import Page
from articles.models.taxonomy import Section, Topic
from newsroom.validators import validate_link


class MenuLinkQuerySet(models.QuerySet["MenuLink"]):
    def shown(self) -> Self:
        """Leave out links to a page that is a draft."""
        return self.filter(Q(page=None) | Q(page__published=True))


class MenuLink(models.Model):
    """A link to one of: a section, a topic, a page, an address."""

    class Menu(models.TextChoices):
        HEADER = "header", "at the head"
        FOOTER = "footer", "at the foot"

    menu = models.CharField("where", max_length=6, choices=Menu)
    label = models.CharField(
        "words", max_length=40, blank=True, help_text="Empty: the name of the section, topic or page."
    )
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="While it is a draft, readers do not see the link.",
    )
    address = models.CharField(
        max_length=300,
        blank=True,
        validators=[validate_link],
        help_text="Like https://example.org/, or /support/ for a page of this site.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="The smallest number stands first.")

    objects: ClassVar[models.Manager["MenuLink"]] = MenuLinkQuerySet.as_manager()

    class Meta:
        ordering = ["menu", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="menu_link_leads_to_one_place",
                condition=Q(section__isnull=False, topic=None, page=None, address="")
                | Q(section=None, topic__isnull=False, page=None, address="")
                | Q(section=None, topic=None, page__isnull=False, address="")
                | (Q(section=None, topic=None, page=None) & ~Q(address="")),
                violation_error_message="Choose one of section, topic, page and address, and leave the others empty.",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.address and not self.label:
            raise ValidationError({"label": "An address has no name of its own: please say what to call it."})

    @property
    def text(self) -> str:
        return self.label or str(self.section or self.topic or (self.page.title if self.page else self.address))

    @property
    def href(self) -> str:
        target = self.section or self.topic or self.page
        return target.get_absolute_url() if target else self.address

    @staticmethod
    def columns() -> JSONObject:
        """Return what `from_row` needs as one JSON object."""
        names = {"section_name": "section__name", "topic_name": "topic__name", "page_title": "page__title"}
        slugs = {f"{target}_slug": f"{target}__slug" for target in ("section", "topic", "page")}
        return JSONObject(menu="menu", label="label", address="address", **names, **slugs)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        link = cls(menu=row["menu"], label=row["label"], address=row["address"])
        if row["section_slug"]:
            link.section = Section(name=row["section_name"], slug=row["section_slug"])
        if row["topic_slug"]:
            link.topic = Topic(name=row["topic_name"], slug=row["topic_slug"])
        if row["page_slug"]:
            link.page = Page(title=row["page_title"], slug=row["page_slug"])
        return link
