"""What was done with accounts of staff, so that a stranger in one leaves a trace. Of readers nothing is recorded."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

RETENTION = timedelta(days=365)


class StaffEventQuerySet(models.QuerySet["StaffEvent"]):
    def expired(self) -> Self:
        """Return those that are older than RETENTION."""
        return self.filter(at__lt=timezone.now() - RETENTION)


class StaffEvent(models.Model):
    """One thing that was done with an account of staff: what, when, and on which device in words. No network."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign-in", "signed in"
        NEW_DEVICE = "new device", "signed in on a new device"
        SECOND_STEP = "second step", "second step refused"
        ROLES = "roles", "roles changed"
        EXPORT = "export", "data taken out"
        PREVIEW_LINK = "preview link", "link to a preview given out"
        DELETION = "deletion", "deleted"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.CASCADE, related_name="staff_events"
    )
    kind = models.CharField("what", max_length=12, choices=Kind, editable=False)
    words = models.CharField("more", max_length=200, blank=True, editable=False)
    device = models.CharField(max_length=60, blank=True, editable=False)
    at = models.DateTimeField("when", auto_now_add=True)

    objects: ClassVar[StaffEventQuerySet] = StaffEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="staff_event_newest")]
        verbose_name = "thing done with an account"
        verbose_name_plural = "what was done with accounts"

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"
