"""Links to previews of working copies, each given to somebody."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.article import Article


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def open(self) -> Self:
        """Return those that work."""
        return self.filter(ends_at__gt=timezone.now())


class PreviewLink(models.Model):
    """A link that shows a working copy to somebody without an account, until it ends."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="preview_links")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    for_whom = models.CharField(max_length=80, blank=True)
    ends_at = models.DateTimeField()

    objects: ClassVar[PreviewLinkQuerySet] = PreviewLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"Preview of {self.article} for {self.for_whom or 'somebody'}"
