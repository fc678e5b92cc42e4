"""Rows as JSON columns, so that one query fetches rows of several tables."""

from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.functions import JSONObject

M = TypeVar("M", bound=Model)


def json_row(model: type[Model]) -> JSONObject:
    """Return an expression for all columns of the model as one JSON object."""
    return JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields})


def from_json_row(model: type[M], row: dict[str, Any]) -> M:
    """Return the model instance of such a JSON object."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in row.items()})
