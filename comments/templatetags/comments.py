"""The thread below an article, and words for how long something lasts."""

from datetime import timedelta
from typing import Any

from django import template
from django.template import Context

from articles.models import Edition, with_published_headline
from comments.durations import in_words
from comments.models import Follow
from comments.posting.confirm import MAIL_INTERVAL
from comments.posting.forms import ReplyForm
from comments.thread import first_page
from newsroom.http.cache_headers import set_expiry
from newsroom.models import User

register = template.Library()


@register.filter
def duration(value: timedelta) -> str:
    return in_words(value)


@register.inclusion_tag("comments/thread.html", takes_context=True)
def comment_thread(context: Context, edition: Edition) -> dict[str, Any]:
    """Render the first comments of the article and the reply form, the same for everyone. One query."""
    thread = first_page(edition)
    if thread.open and thread.closes_at:
        set_expiry(context["request"], thread.closes_at)
    return {
        "edition": edition,
        "thread": thread,
        "closed": not thread.open,
        "form": ReplyForm(),
        "mail_interval": MAIL_INTERVAL,
    }


@register.inclusion_tag("comments/follow_list.html", takes_context=True)
def my_follows(context: dict[str, Any], user: User) -> dict[str, Any]:
    """Render the comments about whose answers a person gets mail, each to be ended."""
    follows = Follow.objects.filter(commenter__user=user).select_related("comment").order_by("-created_at")
    follows = follows.annotate(**with_published_headline("comment__article"))
    return {"follows": follows, "csrf_token": context.get("csrf_token")}
