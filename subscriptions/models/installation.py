"""The name of this installation at Stripe."""

import uuid

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """The id by which this site knows what it began at Stripe. One row, made by a migration.

    Other sites may use the same Stripe account. A copy of this database, on another address, is another site.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    site_url = models.CharField(
        max_length=200, blank=True, help_text="Where it is, once that is known. Elsewhere this database is a copy."
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_installation", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.public_id} at {self.site_url}"
