"""What the comments say of readers' interest: their part of Hot Topics."""

from datetime import datetime

from django.db.models import Value

from articles.popularity import Weights, weigh
from comments.models import Comment

COMMENT = 5.0  # weighs as much as so many reads


def discussed(now: datetime) -> Weights:
    return weigh(Comment.objects.approved(), "created_at", "article", Value(COMMENT), now)
