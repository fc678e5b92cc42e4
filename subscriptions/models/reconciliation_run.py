"""Runs of the reconciliation (sync/reconcile.py)."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from subscriptions.models.checkout import Checkout

LATE_AFTER = timedelta(hours=26)  # it runs each night


class RunQuerySet(models.QuerySet["ReconciliationRun"]):
    def last_finished(self) -> "ReconciliationRun | None":
        return self.exclude(finished_at=None).order_by("-started_at").first()

    def is_late(self) -> bool:
        """Return True if no run has finished since last night, though there is something to compare."""
        since = timezone.now() - LATE_AFTER
        return (
            not self.filter(finished_at__gt=since).exists() and Checkout.objects.filter(created_at__lt=since).exists()
        )


class ReconciliationRun(models.Model):
    """One run: what it compares, and how far it has come, so that one that was killed goes on where it stopped."""

    full = models.BooleanField(help_text="Compares everything there ever was, not only what is recent.")
    fix = models.BooleanField(help_text="Applies again what differs; else it only lists it.")
    since = models.DateTimeField(help_text="It lists what was created at Stripe from then on; a full run, all.")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    windows_done = models.PositiveSmallIntegerField(default=0, help_text="Of the step that it is at: 30 days each.")
    error = models.CharField(max_length=300, blank=True, help_text="Why it stopped.")
    endpoint_problem = models.CharField(
        max_length=300, blank=True, help_text="Why Stripe's events do not reach us, as far as Stripe's settings show."
    )

    objects: ClassVar[Any] = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{'full ' if self.full else ''}run of {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"
