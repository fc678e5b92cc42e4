"""Restrictions: who may not write, or only under a moderator's eyes."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Expression, F, Q, Value
from django.utils import timezone

from comments.models.commenter import Commenter
from newsroom.email_addresses import normalize_domain

NETWORKS_FIELD: "ArrayField[Any, Any]" = ArrayField(models.TextField())
NO_NETWORKS = Value([], NETWORKS_FIELD)


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self, now: "datetime | Expression | None" = None) -> Self:
        """Return those that have not ended."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now or timezone.now()))

    def possibly_on(self, commenter: "Commenter | Expression", networks: Expression = NO_NETWORKS) -> Self:
        """Return those on this person or these networks, and all on any domain: filter them by `concerns`."""
        on_network = Q(networks__contains=[F("network")])
        return self.alias(networks=networks).filter(Q(commenter=commenter) | ~Q(domain="") | on_network)

    def on(self, commenter: "Commenter") -> "list[Restriction]":
        """Return those on this person or the domain of their address."""
        reaching = self.in_force().possibly_on(commenter)
        return [each for each in reaching if each.concerns(commenter)]


class Restriction(models.Model):
    """A ban, or a hold for a moderator, on a person, a domain of addresses or a network."""

    class Kind(models.TextChoices):
        BAN = "ban", "may not write"
        HOLD = "hold", "always waits for a moderator"

    commenter = models.ForeignKey(
        Commenter, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="restrictions"
    )
    domain = models.CharField(max_length=253, blank=True, help_text="Of e-mail addresses, like example.org.")
    network = models.CharField(max_length=64, blank=True, editable=False)
    kind = models.CharField(max_length=4, choices=Kind)
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until somebody ends it.")
    reason = models.CharField(max_length=200, blank=True, help_text="The writer is told it.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Restriction"]] = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="restriction_of_one",
                condition=Q(commenter__isnull=False, domain="", network="")
                | (Q(commenter__isnull=True) & (Q(domain="") ^ Q(network=""))),
            ),
            # Somebody else has the network next month.
            models.CheckConstraint(name="network_for_a_time", condition=Q(network="") | Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        whom = f"@{self.domain}" if self.domain else "A network" if self.network else str(self.commenter)
        return f"{whom} {self.get_kind_display()}"

    def concerns(self, commenter: Commenter) -> bool:
        """Return True unless this is on a domain that their address is not of."""
        return not self.domain or commenter.is_at(self.domain)

    def clean(self) -> None:
        self.domain = normalize_domain(self.domain.strip().removeprefix("@"))
        if not (self.domain or self.network or self.commenter_id):
            raise ValidationError({"domain": "Name a domain, like example.org."})
        if self.network and self.until is None:  # the admin's form has no network, so it does not ask the constraint
            raise ValidationError({"until": "A network is restricted for a time: it is somebody else's next month."})
