"""What the desk keeps besides the working copy itself: its former states, what is being typed, the front page."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.article import Article
from articles.models.edition import Edition


class Version(models.Model):
    """The working copy as it was saved, or as an edition was made of it: to compare with, and to go back to.

    Those of editions stay. The others are forgotten after a while (`versions.forget_old`), or at once if an editor says
    so: what was taken out of an article for somebody's safety must not lie about here.
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


class Autosave(models.Model):
    """What a person has typed into an article's form and not saved: theirs alone, and gone once they save it."""

    key = models.CharField(max_length=32, primary_key=True, help_text="Of the opened form, made up by it.")
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, help_text="None: a new one.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.TextField(help_text="As the browser sent it, URL-encoded.")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["article", "saved_at"], name="autosaves_of_article")]

    def __str__(self) -> str:
        return f"{self.person}, {timezone.localtime(self.saved_at):%H:%M}"


class FrontPlace(models.Model):
    """An article that an editor has put in one of the first places of the front page. Place 0 is the lead."""

    place = models.PositiveSmallIntegerField(primary_key=True)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="front_place")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["place"]
        verbose_name = "place on the front page"
        verbose_name_plural = "front page"
        default_permissions = ["view", "change"]

    def __str__(self) -> str:
        return f"{self.place}: {self.article}"
