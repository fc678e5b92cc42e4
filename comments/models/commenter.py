"""The people who write comments."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from comments.models.identifiers import email_hashes, stored_domain_hashes


class Commenter(models.Model):
    """A guest, known by the hash of an address that is not stored, or a person with an account."""

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
        """The address to which mail may be sent; empty if it is not known."""
        return self.user.email if self.user else self.email

    def has_address(self, email: str) -> bool:
        """Return True if they are stored under the hash of this address."""
        return self.email_hash in email_hashes(email)

    def is_at(self, domain: str) -> bool:
        """Return True if their address is of this domain, or of one below it."""
        if self.user is not None:
            return f".{self.user.email.rpartition('@')[2]}".endswith(f".{domain.lower()}")
        return not stored_domain_hashes(domain).isdisjoint(self.domains)
