"""Customer records at Stripe."""

from django.conf import settings
from django.db import models


class Customer(models.Model):
    """A person's one customer record at Stripe."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="customer")
    stripe_id = models.CharField(max_length=255, unique=True, null=True, help_text="Empty: deleted at Stripe.")
    email = models.CharField(
        max_length=254, blank=True, db_default="", help_text="The address that Stripe has, as far as we know."
    )
    # Counts the customers that were deleted at Stripe: the next one is created under a new idempotency key.
    generation = models.PositiveSmallIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return self.stripe_id or "deleted"
