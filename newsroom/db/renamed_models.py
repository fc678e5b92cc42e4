"""Renames what Django stores about a model under its name, so that rights and the admin's log outlast a new name."""

from collections.abc import Callable
from typing import Any


def rename_content_types(app_label: str, names: dict[str, str]) -> Callable[[Any, Any], None]:
    """Return a function for `RunPython` that renames content types and permissions, {old model name: new}."""

    def rename(apps: Any, schema_editor: Any) -> None:
        content_types = apps.get_model("contenttypes", "ContentType").objects.filter(app_label=app_label)
        permissions = apps.get_model("auth", "Permission").objects
        for old, new in names.items():
            content_type = content_types.filter(model=old).first()
            if content_type is None:
                continue  # a new database: `post_migrate` makes it under the new name
            for permission in permissions.filter(content_type=content_type):
                permission.codename = permission.codename.replace(old, new)
                permission.save()
            content_type.model = new
            content_type.save()

    return rename
