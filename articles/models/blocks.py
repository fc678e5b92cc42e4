"""The blocks of an article's body. Each kind has a template of its name in `templates/articles/blocks/`.

A new kind is a class here, in BLOCKS; a template; an inline (`admin/blocks.py`); and a migration.
"""

from typing import Any

from content_editor.models import create_plugin_base
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django_prose_editor.fields import ProseEditorField

from articles import embeds, html
from articles.models.article import Article
from articles.models.edition import Edition
from articles.models.photo import Photo
from articles.photos.processing import rendered_photo


class Block(create_plugin_base(Article)):  # type: ignore[misc]
    """The base of all kinds of block."""

    class Meta:
        abstract = True

    @property
    def wording(self) -> str:
        """The block's words, a line for each paragraph, for search and reading time."""
        raise NotImplementedError

    @property
    def photos(self) -> list[Photo]:
        """The photos that the block shows."""
        return []

    @property
    def empty(self) -> bool:
        """True if readers would see nothing of the block: it is then left out of the edition."""
        return not self.wording

    @property
    def why_empty(self) -> str:
        """The checklist's words about a block that is left out."""
        return f"This {self._meta.verbose_name} is empty, and is left out."

    def diff_lines(self) -> list[str]:
        """Return the block as lines of text, to be compared with another version's.

        The rows that the block names may be gone: see `names_of`.
        """
        raise NotImplementedError

    @property
    def label(self) -> str:
        """The name of the kind, as it begins a line."""
        return str(self._meta.verbose_name).capitalize()

    def render(self) -> str:
        """Return the block's HTML, as it stands in the body of an edition."""
        return render_to_string(f"articles/blocks/{self._meta.model_name}.html", self.context()).strip() + "\n"

    def context(self) -> dict[str, Any]:
        """Return what the block's template is given."""
        return {"block": self}

    def source(self) -> dict[str, Any]:
        """Return the block's fields and id as JSON, from which `from_source` makes the block again."""
        place = ("parent", "region", "ordering")
        fields = [field.attname for field in self._meta.concrete_fields if field.name not in place]
        return {"kind": self._meta.model_name, **{name: getattr(self, name) for name in fields}}


class Prose(Block):
    """A block of text with headings, lists, quotes and links."""

    content = ProseEditorField(extensions=html.EXTENSIONS, sanitize=html.sanitize)

    class Meta:
        abstract = True

    @property
    def wording(self) -> str:
        return html.to_text(self.content)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.content = html.sanitize(self.content)  # the field itself cleans only what comes through a form
        super().save(*args, **kwargs)

    def diff_lines(self) -> list[str]:
        return html.to_text_with_addresses(self.content).splitlines()


class Text(Prose):
    class Meta:
        verbose_name = "text"

    def __str__(self) -> str:
        return self.wording[:60]


class FactBox(Prose):
    title = models.CharField(max_length=100)

    class Meta:
        verbose_name = "fact box"
        verbose_name_plural = "fact boxes"

    def __str__(self) -> str:
        return self.title

    @property
    def wording(self) -> str:
        return f"{self.title}\n{super().wording}"

    @property
    def empty(self) -> bool:
        return not super().wording

    def diff_lines(self) -> list[str]:
        return [f"{self.label}: {self.title}", *super().diff_lines()]


class Figure(Block):
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=300, blank=True, help_text="Instead of the photo's own.")

    class Meta:
        verbose_name = "figure"

    def __str__(self) -> str:
        return self.caption or str(self.photo)

    @property
    def photos(self) -> list[Photo]:
        return [self.photo]

    @property
    def wording(self) -> str:
        return f"{self.caption or self.photo.caption} {self.photo.credit}".strip()

    @property
    def empty(self) -> bool:
        return False

    def context(self) -> dict[str, Any]:
        return {"photo": rendered_photo(self.photo, caption=self.caption)}

    def diff_lines(self) -> list[str]:
        return [f"{self.label}: {names_of(Photo, [self.photo_id])} {self.caption}".strip()]


class Gallery(Block):
    """Several photos side by side. A photo that is deleted from the library is gone from the gallery."""

    title = models.CharField(max_length=120, blank=True)
    photo_ids = ArrayField(models.BigIntegerField(), help_text="Photo.pk, in the order in which they are shown.")

    class Meta:
        verbose_name = "gallery"
        verbose_name_plural = "galleries"

    def __str__(self) -> str:
        return self.title or f"{len(self.photo_ids)} photos"

    @property
    def photos(self) -> list[Photo]:
        found = Photo.objects.in_bulk(self.photo_ids)
        return [found[pk] for pk in self.photo_ids if pk in found]

    @property
    def wording(self) -> str:
        return "\n".join(filter(None, [self.title, *(f"{p.caption} {p.credit}".strip() for p in self.photos)]))

    @property
    def empty(self) -> bool:
        return not self.photos

    def context(self) -> dict[str, Any]:
        return {"block": self, "photos": [rendered_photo(photo) for photo in self.photos]}

    def diff_lines(self) -> list[str]:
        return [f"{self.label}: {self.title} {names_of(Photo, self.photo_ids)}"]


class PullQuote(Block):
    quote = models.TextField(max_length=400)
    attribution = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "pull quote"

    def __str__(self) -> str:
        return self.quote[:60]

    @property
    def wording(self) -> str:
        return f"{self.quote}\n{self.attribution}".strip()

    def diff_lines(self) -> list[str]:
        return [f"{self.label}: “{self.quote}” {self.attribution}".strip()]


class Embed(Block):
    """A post, film or map at somebody else's site: a card that loads nothing from there until it is clicked."""

    url = models.URLField("address", max_length=500, help_text=f"At {embeds.PROVIDERS}: copy it from the browser.")
    title = models.CharField(
        max_length=200, help_text="What it shows, for those who do not load it. Say who made it, and when."
    )

    class Meta:
        verbose_name = "embed"

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.url and embeds.embed_card(self.url) is None:
            raise ValidationError({"url": f"This is not the address of a post, film or map at {embeds.PROVIDERS}."})

    @property
    def wording(self) -> str:
        return self.title

    def context(self) -> dict[str, Any]:
        return {"block": self, "card": embeds.embed_card(self.url)}

    def diff_lines(self) -> list[str]:
        return [f"{self.label}: {self.title} [{self.url}]"]


class Related(Block):
    """A card that leads to another report; left out while that report is not on the site."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "related article"

    def __str__(self) -> str:
        return str(self.article)

    @property
    def edition(self) -> Edition | None:
        """The other report as readers see it now."""
        return Edition.objects.live().filter(article=self.article_id).first()

    @property
    def wording(self) -> str:
        return ""  # another article's words: search is to find that one

    @property
    def empty(self) -> bool:
        return self.edition is None

    @property
    def why_empty(self) -> str:
        return f"The related article “{self}” is not on the site, and is left out."

    def context(self) -> dict[str, Any]:
        return {"edition": self.edition}

    def diff_lines(self) -> list[str]:
        return [f"{self.label}: {names_of(Article, [self.article_id])}"]


BLOCKS: tuple[type[Block], ...] = (Text, Figure, Gallery, PullQuote, FactBox, Embed, Related)
_KINDS = {kind._meta.model_name: kind for kind in BLOCKS}


def from_source(source: dict[str, Any]) -> Block:
    """Return the block that `Block.source` described; not saved, and of no article yet."""
    return _KINDS[source["kind"]](**{name: value for name, value in source.items() if name != "kind"})


def names_of(model: type[models.Model], ids: list[int]) -> str:
    """Return the names of these rows, in this order; a deleted row is "one that is gone"."""
    found = model._default_manager.in_bulk(ids)
    return ", ".join(str(found.get(pk, "one that is gone")) for pk in ids)
