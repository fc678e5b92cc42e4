from typing import Any

from django import template

from articles.models import Edition
from comments.forms import ReplyForm
from comments.models import Comment

register = template.Library()

SHOWN = 20  # comments inside an article's page; the others are on a page of their own


@register.inclusion_tag("comments/thread.html")
def comment_thread(edition: Edition) -> dict[str, Any]:
    """The first comments of the article with the reply form, the same for everyone. One query."""
    comments = list(Comment.objects.filter(article=edition.article_id).approved().as_thread()[: SHOWN + 1])
    return {"edition": edition, "comments": comments[:SHOWN], "more": len(comments) > SHOWN, "form": ReplyForm()}
