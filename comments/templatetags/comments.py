from typing import Any

from django import template
from django.template import Context

from articles.models import Edition, with_published_headline
from comments.models import Follow
from comments.posting.forms import ReplyForm
from comments.thread import first_page
from newsroom.http.cache_headers import set_expiry
from newsroom.models import User

register = template.Library()


@register.inclusion_tag("comments/thread.html", takes_context=True)
def comment_thread(context: Context, edition: Edition) -> dict[str, Any]:
    """The first comments of the article with the reply form, the same for everyone. One query."""
    thread = first_page(edition)
    if thread.open and thread.closes_at:
        set_expiry(context["request"], thread.closes_at)
    return {"edition": edition, "thread": thread, "closed": not thread.open, "form": ReplyForm()}


@register.inclusion_tag("comments/follow_list.html", takes_context=True)
def my_follows(context: dict[str, Any], user: User) -> dict[str, Any]:
    """The comments of whose answers a person is told by mail, each to be ended."""
    follows = Follow.objects.filter(commenter__user=user).select_related("comment").order_by("-created_at")
    follows = follows.annotate(**with_published_headline("comment__article"))
    return {"follows": follows, "csrf_token": context.get("csrf_token")}
