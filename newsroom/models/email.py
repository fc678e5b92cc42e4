"""The state of each mail. Neither its address nor its text is stored."""

from datetime import timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

D = TypeVar("D", bound=models.Model)

UNANSWERED_AFTER = timedelta(minutes=5)  # no mail server takes so long: the process that was sending has died
LATE_AFTER = timedelta(hours=1)
SENT_RETENTION = timedelta(days=30)  # far longer than a task is retried, so that no mail is sent a second time
RETENTION = timedelta(days=90)


class DeliveryQuerySet(models.QuerySet[D]):
    def unfinished(self) -> Self:
        """Return mails that are neither sent nor refused."""
        return self.filter(sent_at=None, refused_at=None)

    def claim(self, *, at_most_once: bool) -> bool:
        """Mark mails as being sent; return False if they are finished, or another process is sending them.

        A process can die between the mail server's yes and our mark, and then nobody knows whether the mail went.
        With `at_most_once` it is not sent again; otherwise it is, under the same Message-ID.
        """
        now = timezone.now()
        free = Q(sending_at=None)
        if not at_most_once:
            free |= Q(sending_at__lt=now - UNANSWERED_AFTER)
        return bool(self.unfinished().filter(free).update(sending_at=now))


class Delivery(models.Model):
    """The state of one mail. `sending_at` is set before the mail server is asked, `sent_at` or `refused_at` after."""

    sending_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    refusal = models.CharField(max_length=100, blank=True, db_default="", editable=False)

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def message_name(self) -> str:
        """The part of the Message-ID before the @: the same each time, so that mail programs show one mail."""
        return f"{self._meta.model_name}.{self.pk}"


class EmailQuerySet(DeliveryQuerySet["Email"]):
    def undelivered(self) -> Self:
        """Return mails that a mail server refused, and those that should have been sent by now."""
        late = Q(refused_at=None, created_at__lt=timezone.now() - LATE_AFTER)
        return self.filter(Q(refused_at__isnull=False) | late, sent_at=None)

    def expired(self) -> Self:
        """Return rows that nobody needs any more."""
        now = timezone.now()
        return self.filter(Q(sent_at__lt=now - SENT_RETENTION) | Q(created_at__lt=now - RETENTION))


class Email(Delivery):
    """One mail of the site that has no row of its own elsewhere."""

    key = models.CharField(max_length=200, unique=True, help_text="What it is about, like erasure.done.12.")
    template = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = EmailQuerySet.as_manager()

    class Meta:
        verbose_name = "mail"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="email_newest"),
            models.Index(fields=["created_at"], condition=Q(sent_at=None), name="email_not_sent"),
        ]

    def __str__(self) -> str:
        """Return the template's name in words: "Erasure done" for `newsroom/email/erasure_done`."""
        return self.template.rpartition("/")[2].replace("_", " ").capitalize()
