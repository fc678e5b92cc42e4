"""Form fields that choose photos from the library: `PhotoPicker` for one, `PhotosPicker` for several in order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Field
from django.forms.widgets import Script
from django.http import HttpRequest

from articles.models import Photo


class _PickerWidget(forms.Widget):
    """Shows the chosen photos, and a button that opens the library in a dialog (static/js/photo-picker.js).

    It sends the photos' ids in their order, each under the field's name.
    """

    template_name = "admin/articles/photo/picker_field.html"
    use_fieldset = True
    several = False

    class Media:
        css = {"all": ["css/photos.css"]}
        js = [Script(f"js/photo-{name}.js", type="module") for name in ("upload", "descriptions", "picker")]

    def id_for_label(self, id_: str) -> str:
        return ""  # the button has its own text; the field's name is the legend

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"photos": _in_order(value), "several": self.several}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = [pk for pk in (data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]) if pk]
        return chosen if self.several else (chosen[0] if chosen else "")


class _SeveralWidget(_PickerWidget):
    several = True


def _in_order(value: Any) -> list[Photo]:
    """Return the photos of a field's value: ids or photos, one or several."""
    if value in (None, ""):
        return []
    values = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    keys = [each.pk if isinstance(each, Photo) else each for each in values]
    found = Photo.objects.in_bulk([int(key) for key in keys if str(key).isdecimal() and len(str(key)) < 10])
    return [found[int(key)] for key in keys if str(key).isdecimal() and int(key) in found]


class PhotoPicker(forms.ModelChoiceField):
    """A field for one photo; cleans to a Photo, or None if not required.

        lead_photo = PhotoPicker(required=False)

    In an admin form, the mixin `PicksPhotos` does it for each foreign key to Photo.
    """

    widget = _PickerWidget

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(Photo.objects.all() if queryset is None else queryset, **kwargs)


class PhotosPicker(forms.ModelMultipleChoiceField):
    """A field for several photos, ordered by dragging or with buttons; cleans to a list of Photo in that order.

        photos = PhotosPicker(initial=[photo.pk for photo in …])

    Duplicates are dropped. The form decides how to store the order: the field knows no model.
    """

    widget = _SeveralWidget

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(Photo.objects.all() if queryset is None else queryset, **kwargs)

    def clean(self, value: Any) -> list[Photo]:  # type: ignore[override]
        found = {str(photo.pk): photo for photo in super().clean(value)}
        return [found[pk] for pk in dict.fromkeys(str(pk) for pk in value or []) if pk in found]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = [str(value.pk if isinstance(value, Photo) else value) for value in initial or []]
        return before != [str(value) for value in data or []]


class PicksPhotos:
    """Gives each foreign key to Photo a PhotoPicker. Put it first among the bases of an admin or inline."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Photo and db_field.many_to_one:
            return db_field.formfield(form_class=PhotoPicker)
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
