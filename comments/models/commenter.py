"""Who writes."""

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from comments.models.identifiers import domain_hash, domain_hashes


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
