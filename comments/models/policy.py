"""The policy of the site, that of one article's thread, and the listed terms."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from articles.models import Article


class Mode(models.TextChoices):
    """The treatment of new comments."""

    CLOSED = "closed", "closed"
    PRE = "pre", "each waits for a moderator"
    POST = "post", "those of trusted writers appear at once"


class Policy(models.Model):
    """The site's policy. There is one row, made by a migration."""

    mode = models.CharField(max_length=6, choices=Mode, default=Mode.POST, verbose_name="comments are")
    close_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="After an article first appeared. Empty: never."
    )

    class Meta:
        verbose_name_plural = "policy"
        constraints = [models.CheckConstraint(name="one_policy", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return "The site's policy"


class Thread(models.Model):
    """An article's own policy, where it differs, and the number of its approved comments."""

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="thread")
    mode = models.CharField(
        max_length=6, choices=Mode, blank=True, verbose_name="comments are", help_text="Empty: as on the whole site."
    )
    close_after_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: as on the whole site.")
    always_open = models.BooleanField(
        default=False, help_text="Neither its age nor a site that is closed closes this one."
    )
    approved = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return f"Comments on {self.article}"

    @classmethod
    def closing(cls, article_id: int, *, appeared: datetime) -> tuple[bool, datetime | None]:
        """Return whether comments on an article that first appeared then are closed, and the time that closes them."""
        policy = Policy.objects.get()
        thread = cls.objects.filter(pk=article_id).first() or cls(article_id=article_id)
        closed = thread.mode_under(policy, appeared=appeared) == Mode.CLOSED
        return closed, thread.closes_at(policy, appeared=appeared)

    def mode_under(self, policy: Policy, *, appeared: datetime) -> str:
        """Return the mode for an article that first appeared then, under the site's policy."""
        mode = self.mode or policy.mode
        if self.always_open:
            return Mode.PRE if mode == Mode.CLOSED else mode
        closes_at = self.closes_at(policy, appeared=appeared)
        return Mode.CLOSED if closes_at and timezone.now() > closes_at else mode

    def closes_at(self, policy: Policy, *, appeared: datetime) -> datetime | None:
        """Return the time at which the article's age closes the thread, if there is one."""
        days = policy.close_after_days if self.close_after_days is None else self.close_after_days
        return None if self.always_open or days is None else appeared + timedelta(days=days)


class Term(models.Model):
    """A listed word or phrase: found as whole words, in any case, never as a pattern."""

    class Verdict(models.TextChoices):
        FLAG = "flag", "mark it for the moderator"
        HOLD = "hold", "hold the comment"
        REJECT = "reject", "reject the comment"

    phrase = models.CharField(max_length=100, unique=True)
    verdict = models.CharField(max_length=6, choices=Verdict, default=Verdict.HOLD)

    class Meta:
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase

    def clean(self) -> None:
        self.phrase = " ".join(self.phrase.split())
