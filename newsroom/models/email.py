"""What became of each mail. No address and no text is stored: only whether it went."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

UNANSWERED_AFTER = timedelta(minutes=5)  # no mail server takes so long: whoever was sending has died
LATE_AFTER = timedelta(hours=1)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def undelivered(self) -> Self:
        """Those that a mail server refused, and those that should have gone by now."""
        return self.filter(Q(refused_at__isnull=False) | Q(sent_at=None, created_at__lt=timezone.now() - LATE_AFTER))

    def claim(self, *, at_most_once: bool) -> bool:
        """Mark a row of these as being sent; return False if it was sent, refused, or somebody is sending it.

        A process can die between the mail server's yes and our mark, and then nobody knows whether the mail went.
        With `at_most_once` it is not sent again; otherwise it is, under the same Message-ID.
        """
        now = timezone.now()
        free = Q(sending_at=None)
        if not at_most_once:
            free |= Q(sending_at__lt=now - UNANSWERED_AFTER)
        return bool(self.filter(free, sent_at=None, refused_at=None).update(sending_at=now))


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


class Email(Delivery):
    """One mail of the site that has no row of its own elsewhere."""

    key = models.CharField(max_length=200, unique=True, help_text="What it is about, like erasure.done.12.")
    template = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="email_newest")]

    def __str__(self) -> str:
        return self.key
