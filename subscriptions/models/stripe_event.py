"""Webhook events from Stripe."""

from django.db import models
from django.db.models import Q


class StripeEvent(models.Model):
    """One webhook event as it came, stored once. It is only a hint: its object is fetched from Stripe again."""

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=255)
    api_version = models.CharField(max_length=40, blank=True)
    payload = models.TextField()
    received_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(applied_at__isnull=True), name="event_not_applied"),
            models.Index(fields=["-received_at", "-id"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"
