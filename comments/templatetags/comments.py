from typing import Any

from django import template
from django.template import Context

from articles.models import Edition
from comments.forms import ReplyForm
from comments.thread import first_page
from newsroom.caching import holds_until

register = template.Library()


@register.inclusion_tag("comments/thread.html", takes_context=True)
def comment_thread(context: Context, edition: Edition) -> dict[str, Any]:
    """The first comments of the article with the reply form, the same for everyone. One query."""
    thread = first_page(edition)
    if thread.open and thread.closes_at:
        holds_until(context["request"], thread.closes_at)
    return {"edition": edition, "thread": thread, "form": ReplyForm()}
