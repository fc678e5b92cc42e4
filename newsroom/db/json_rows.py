"""A row of one table as a column of another, so that what belongs together is one question to the database."""

from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.functions import JSONObject

Of = TypeVar("Of", bound=Model)


def json_row(model: type[Model]) -> JSONObject:
    """All columns of the model in one JSON object."""
    return JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields})


def from_json_row(model: type[Of], row: dict[str, Any]) -> Of:
    """The object again."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in row.items()})
