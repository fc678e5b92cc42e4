"""Template tag of the account page: which bylines are a person's."""

from typing import Any

from django import template

from newsroom.models import User

register = template.Library()


@register.inclusion_tag("articles/my_bylines.html")
def my_bylines(user: User) -> dict[str, Any]:
    """Render the bylines that the desk says are this person's, each with whether they agree."""
    return {"bylines": user.bylines.order_by("name") if user.is_staff else []}
