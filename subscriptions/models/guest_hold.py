"""Holds on guests' donations, set by checkout/card_testing.py for the publisher to review."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self) -> Self:
        return self.filter(ended_at=None, until__gt=timezone.now())

    def on(self, network: str) -> Self:
        """Return those that concern a guest of this network (a hash)."""
        return self.filter(Q(network=None) | Q(network=network))


class Hold(models.Model):
    """A time in which guests sign in before they give: all of them, or those of one network."""

    # None: all guests. Otherwise the hash of a network, emptied after a week.
    network = models.CharField(max_length=64, null=True, editable=False)
    words = models.CharField("why", max_length=200)
    began_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    asked = models.PositiveIntegerField(default=0, help_text="How often a guest was asked to sign in.")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[models.Manager["Hold"]] = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        verbose_name = "hold on guests’ gifts"
        verbose_name_plural = "holds on guests’ gifts"

    def __str__(self) -> str:
        return f"{self.whom.capitalize()}. {self.words}"

    @property
    def whom(self) -> str:
        return "all guests" if self.network is None else "one network"
