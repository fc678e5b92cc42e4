from typing import Any

from django import template

from articles.models import Edition
from comments.forms import ReplyForm
from comments.thread import first_page

register = template.Library()


@register.inclusion_tag("comments/thread.html")
def comment_thread(edition: Edition) -> dict[str, Any]:
    """The first comments of the article with the reply form, the same for everyone. One query."""
    return {"edition": edition, "thread": first_page(edition), "form": ReplyForm()}
