"""The search form: words, section, author, days, order."""

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Subquery
from django.utils.functional import cached_property
from django.utils.timezone import make_aware

from articles.models import Author, Edition, EditionAuthor, Section
from articles.models.edition import EditionQuerySet
from newsroom.dates import midnight
from newsroom.forms import PlainTextField

BEST, NEWEST = "best", "newest"
MAX_OF_AUTHOR = 1_000  # of one author's articles, the newest are searched


class SearchForm(forms.Form):
    """The form, sent by GET. Any words are valid; a malformed date is an error."""

    q = PlainTextField(label="Words", required=False)
    section = PlainTextField(required=False)
    author = PlainTextField(required=False)
    since = forms.DateField(label="From", required=False, error_messages={"invalid": "Write the date like 2026-11-23."})
    until = forms.DateField(label="To", required=False, error_messages={"invalid": "Write the date like 2026-11-23."})
    order = forms.ChoiceField(required=False, choices=[(BEST, "Best match"), (NEWEST, "Newest")])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "This day is before the first one.")
        return data

    @property
    def by_date(self) -> bool:
        return bool(self.cleaned_data.get("order") == NEWEST)

    @property
    def narrowed(self) -> bool:
        """True if more than words was chosen."""
        return any(self.cleaned_data.get(name) for name in ("section", "author", "since", "until"))

    @property
    def address(self) -> str:
        """The query string of this search, without its page."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})

    @property
    def without_quotes(self) -> str:
        words: str = self.cleaned_data["q"]
        return words.translate(dict.fromkeys(map(ord, '"“”„«»')))

    def editions(self) -> EditionQuerySet:
        """Return the live editions of the chosen section, author and days, whatever their words."""
        found = Edition.objects.live()
        data = self.cleaned_data
        if data["section"]:
            # By id, which the index has: the newest of one section are its first rows.
            found = found.filter(section=Subquery(Section.objects.filter(slug=data["section"]).values("pk")))
        if data["author"]:
            own = EditionAuthor.objects.filter(author=self.chosen_author, listed_at__isnull=False)
            found = found.filter(pk__in=own.order_by("-listed_at", "-edition").values("edition")[:MAX_OF_AUTHOR])
        if data["since"]:
            found = found.filter(first_published_at__gte=midnight(data["since"]))
        if data["until"]:
            found = found.filter(first_published_at__lte=make_aware(datetime.combine(data["until"], time.max)))
        return found

    @cached_property
    def chosen_author(self) -> Author | None:
        """Return the author whose articles alone are searched."""
        slug = self.cleaned_data["author"]
        return Author.objects.on_site().filter(slug=slug).first() if slug else None
