"""Static pages: about, ethics, contact, privacy, the policy on corrections."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_prose_editor.fields import ProseEditorField

from articles import html
from articles.models.article import Language
from newsroom.db.constraints import slug_constraint


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> Self:
        """Return what readers see."""
        return self.filter(published=True)


class Page(models.Model):
    title = models.CharField(max_length=100)
    slug = models.SlugField(
        "address",
        max_length=60,
        unique=True,
        help_text="The page stands at / this / . If you change it, the old address leads to the new one for ever.",
        error_messages={"unique": "Another page has this address. Please choose another."},
    )
    description = models.CharField(
        max_length=200, blank=True, help_text="One sentence that search engines show. Empty: they choose one."
    )
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    body = ProseEditorField("text", extensions=html.EXTENSIONS, sanitize=html.sanitize, blank=True)
    published = models.BooleanField("on the site", default=False, help_text="Without this it is a draft.")
    updated_at = models.DateTimeField("last changed", auto_now=True)

    objects: ClassVar[models.Manager["Page"]] = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [slug_constraint("page_has_address")]

    def __str__(self) -> str:
        return self.title if self.published else f"{self.title} (draft)"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Sanitize the text, and let a former address redirect here."""
        self.body = html.sanitize(self.body)  # the field itself cleans only what comes through a form
        before = Page.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        super().save(*args, **kwargs)
        if before is not None and before != self.slug:
            FormerAddress.objects.create(page=self, slug=before)
            FormerAddress.objects.filter(page=self, slug=self.slug).delete()

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    def clean(self) -> None:
        self.slug = self.slug.lower()
        if self.slug in reserved_slugs():
            raise ValidationError({"slug": f"The site itself uses /{self.slug}/. Please choose another address."})
        former = FormerAddress.objects.filter(slug=self.slug).exclude(page=self.pk).select_related("page").first()
        if former:
            words = f"This was the address of “{former.page.title}”, and still leads there. Please choose another."
            raise ValidationError({"slug": words})
        if self.published and not html.to_text(html.sanitize(self.body)):
            raise ValidationError({"body": "A page on the site needs a text. Without one, keep it as a draft."})


class FormerAddress(models.Model):
    """A former address of a page, which redirects to it."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="former_addresses")
    slug = models.SlugField(max_length=60, unique=True)

    def __str__(self) -> str:
        return f"/{self.slug}/"


def reserved_slugs() -> set[str]:
    """Return the first parts of all other addresses, read from the site's routes so that no list must be maintained."""
    names = {route.split("/")[0] for route in _routes(get_resolver().url_patterns)}
    return {*names, settings.STATIC_URL.strip("/").split("/")[0]}


def _routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver) and not route:
            yield from _routes(pattern.url_patterns)
        else:
            yield route
