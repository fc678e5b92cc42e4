"""Autosaves: what somebody has typed into an article's form and not saved."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.article import Article


class Autosave(models.Model):
    """The content of a form that a person has not saved. Only they see it; saving the form deletes it."""

    key = models.CharField(max_length=32, primary_key=True, help_text="Of the opened form, made up by it.")
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, help_text="None: a new one.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.TextField(help_text="As the browser sent it, URL-encoded.")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["article", "saved_at"], name="autosaves_of_article")]

    def __str__(self) -> str:
        return f"{self.person}, {timezone.localtime(self.saved_at):%H:%M}"
