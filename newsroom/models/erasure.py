"""A person's request to be erased."""

from django.db import models
from django.utils import timezone

from newsroom.models.user import User


class Erasure(models.Model):
    """A person's request to be erased (privacy/erasure.py). They can cancel it until `due_at`.

    Without a person it is carried out: only the address is left, for the last mail, and the row is deleted after that.
    """

    class Comments(models.TextChoices):
        NAMELESS = "nameless", "They stay, without my name"
        REMOVED = "removed", "They are taken away, with their text"

    person = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="erasure")
    email = models.EmailField(blank=True)
    comments = models.CharField(max_length=8, choices=Comments, default=Comments.NAMELESS)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True, help_text="Why it is not done yet. It is tried again.")

    class Meta:
        ordering = ["due_at"]

    def __str__(self) -> str:
        return str(self.person or "erased, the last mail is not sent yet")

    @property
    def can_be_cancelled(self) -> bool:
        """Return True until the erasure begins, which closes the account."""
        return self.person is not None and self.person.is_active
