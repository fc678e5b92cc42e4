"""Versions of an article's working copy."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.article import Article
from articles.models.edition import Edition


class Version(models.Model):
    """The working copy as it was saved or published, to compare with and to restore.

    Versions of editions stay. The others are deleted after `versions.RETENTION`, or at once when an editor says so, as
    with a name that was removed for somebody's safety.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    edition = models.OneToOneField(Edition, null=True, on_delete=models.CASCADE, related_name="version")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    source = models.JSONField(help_text="versions.Source")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["saved_at"], condition=models.Q(edition=None), name="versions_to_forget")]

    def __str__(self) -> str:
        return f"Edition {self.edition.number}" if self.edition else f"Saved {timezone.localtime(self.saved_at):%H:%M}"
