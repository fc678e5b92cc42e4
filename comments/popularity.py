"""Counts comments as readers' interest in an article, for Hot Topics."""

from datetime import datetime

from django.db.models import Value

from articles.popularity import Weights, weigh
from comments.models import Comment

COMMENT_WEIGHT = 5.0  # reads


def discussed(now: datetime) -> Weights:
    return weigh(Comment.objects.approved(), "created_at", "article", Value(COMMENT_WEIGHT), now)
