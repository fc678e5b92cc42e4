"""The inlines for the blocks of an article's body."""

import re
from typing import Any, cast

from content_editor.admin import ContentEditorInline
from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, URLField
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from articles.admin.photo_picker import PhotosPicker, PicksPhotos
from articles.models import Article, Embed, FactBox, Figure, Gallery, PullQuote, Related, Text


class BlockFormSet(forms.BaseInlineFormSet):
    """Saves a block as a new one if somebody else deleted it while its text was being written."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and kwargs.get("instance") is not None and kwargs["instance"].pk:
            data = _with_deleted_as_new(data, kwargs["prefix"], cast(type[Model], self.model), kwargs["instance"])
        super().__init__(data, *args, **kwargs)


def _with_deleted_as_new(data: Any, prefix: str, model: type[Model], article: Model) -> Any:
    """Return the data with the forms of deleted blocks after the others, and without their ids."""
    try:
        total, initial = (int(data[f"{prefix}-{name}_FORMS"]) for name in ("TOTAL", "INITIAL"))
    except (KeyError, ValueError):
        return data  # the formset itself says what is wrong
    there = {str(pk) for pk in model._default_manager.filter(parent=article).values_list("pk", flat=True)}
    gone = [number for number in range(initial) if data.get(f"{prefix}-{number}-id") not in there]
    if not gone or total > 1000:
        return data
    kept = [number for number in range(initial) if number not in gone]
    new = {key: data.getlist(key) for key in data if not re.match(rf"{re.escape(prefix)}-\d+-", key)}
    for place, number in enumerate([*kept, *gone, *range(initial, total)]):
        start = f"{prefix}-{number}-"
        for key in data:
            if key.startswith(start):
                new[f"{prefix}-{place}-{key.removeprefix(start)}"] = data.getlist(key)
        if number in gone:
            new[f"{prefix}-{place}-id"] = [""]
    new[f"{prefix}-INITIAL_FORMS"] = [str(len(kept))]
    return MultiValueDict(new)


class OnlyAddMixin:
    """Offers to add a row beside a related field, but not to open, change or delete one, which leads away."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
            widget.can_add_related = widget.can_add_related and db_field.name not in ("section", "article")
        return field


class BlockInline(OnlyAddMixin, PicksPhotos, ContentEditorInline):  # type: ignore[misc]
    """The inline of a kind of block. Who may change the article may change its blocks."""

    formset = BlockFormSet
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    has_delete_permission = has_view_permission = has_change_permission


class FirstTextFormSet(BlockFormSet):
    """Opens a new article with an empty text block; left empty, it is not saved."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, initial=[{"region": "body", "ordering": 10}], **kwargs)


class TextInline(BlockInline):
    model = Text
    formset = FirstTextFormSet
    icon = "notes"
    color = "#5b5b52"

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class GalleryForm(forms.ModelForm):
    photo_ids = PhotosPicker(label="Photos")

    def clean_photo_ids(self) -> list[int]:
        return [photo.pk for photo in self.cleaned_data["photo_ids"]]


INLINES: list[type[BlockInline]] = [
    TextInline,
    BlockInline.create(Figure, icon="image", color="#35607a"),
    BlockInline.create(Gallery, form=GalleryForm, icon="photo_library", color="#2f6a66"),
    BlockInline.create(PullQuote, icon="format_quote", color="#7a3b35"),
    BlockInline.create(FactBox, icon="fact_check", color="#4f6b3a"),
    BlockInline.create(Embed, icon="smart_display", color="#6a4a7a"),
    BlockInline.create(Related, icon="read_more", color="#7a5a1f", autocomplete_fields=["article"]),
]
