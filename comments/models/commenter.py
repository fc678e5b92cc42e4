"""Who writes. No address and no network is kept in the clear: only keyed hashes, useless without this site's key."""

from datetime import datetime
from functools import lru_cache
from typing import ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Expression, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from newsroom.http import client_network

NETWORK = "comments.network"


def email_hash(email: str) -> str:
    """What is kept of a guest's address: enough to know it again."""
    return salted_hmac("comments.commenter", email.strip().lower(), algorithm="sha256").hexdigest()


@lru_cache(1024)
def domain_hash(domain: str) -> str:
    return salted_hmac("comments.domain", domain.lower(), algorithm="sha256").hexdigest()


def domain_hashes(email: str) -> list[str]:
    """Of an address's domain and of each that stands above it: a.b.example, b.example, example."""
    labels = email.strip().lower().rpartition("@")[2].split(".")
    return [domain_hash(".".join(labels[at:])) for at in range(len(labels))]


def network_hash(address: str) -> str:
    """What is kept of the network that an address lies in."""
    return client_network.network_hash(address, purpose=NETWORK)


class Commenter(models.Model):
    """Somebody who has written: a guest, known by an address that is not kept, or a person with an account."""

    email_hash = models.CharField(max_length=64, unique=True, editable=False)
    domains = ArrayField(
        models.CharField(max_length=64),
        default=list,
        editable=False,
        help_text="Of a guest's address, hashed: comments.models.domain_hashes.",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="commenter"
    )
    verified_at = models.DateTimeField(null=True, help_text="When the address was first confirmed.")
    email = models.EmailField(
        blank=True, help_text="Only while a mail to a guest is under way, or wanted for replies; else empty."
    )
    mailed_at = models.DateTimeField(null=True, help_text="When a confirmation was last asked for.")

    def __str__(self) -> str:
        if self.user is None:
            return f"Guest {self.email_hash[:8]}"
        return self.user.name or f"Reader {self.email_hash[:8]}"

    @property
    def address(self) -> str:
        """Where mail may be sent; empty if that is not known."""
        return self.user.email if self.user else self.email

    def is_at(self, domain: str) -> bool:
        """Whether their address is of this domain, or of one below it."""
        return domain_hash(domain) in (domain_hashes(self.user.email) if self.user else self.domains)

    def take_over(self, guest: "Commenter") -> None:
        """What was written with an address that is this person's now, and the address itself."""
        guest.comments.update(commenter=self)
        guest.follows.update(commenter=self)
        guest.restrictions.update(commenter=self)
        complaints = apps.get_model("comments", "Report").objects
        said = complaints.filter(commenter=self).values("comment")
        complaints.filter(commenter=guest).exclude(comment__in=said).update(commenter=self)
        guest.delete()
        self.email_hash = guest.email_hash
        self.save(update_fields=["email_hash"])


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self, now: "datetime | Expression | None" = None) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gt=now or timezone.now()))

    def which_may_reach(self, commenter: "Commenter | Expression", network: "str | Expression") -> Self:
        """Those on this person or this network, and all on a domain: `concerns` says whose."""
        return self.filter(Q(commenter=commenter) | ~Q(domain="") | (Q(network=network) & ~Q(network="")))

    def on(self, commenter: "Commenter") -> "list[Restriction]":
        """Those that concern this person or the domain of their address."""
        reaching = self.in_force().which_may_reach(commenter, "")
        return [one for one in reaching if one.concerns(commenter)]


class Restriction(models.Model):
    """A person, a domain of addresses, or a network: may not write, or only under a moderator's eyes, for a time."""

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
            # A network's hash is gone after 30 days: so is what stands on it.
            models.CheckConstraint(name="network_for_a_time", condition=Q(network="") | Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        whom = f"@{self.domain}" if self.domain else "A network" if self.network else str(self.commenter)
        return f"{whom} {self.get_kind_display()}"

    def concerns(self, commenter: Commenter) -> bool:
        """Whether one that may reach them does: what is on a domain is theirs if their address is of it."""
        return not self.domain or commenter.is_at(self.domain)

    def clean(self) -> None:
        self.domain = self.domain.strip().lower().removeprefix("@")
        if not (self.domain or self.network or self.commenter_id):
            raise ValidationError({"domain": "Name a domain, like example.org."})
