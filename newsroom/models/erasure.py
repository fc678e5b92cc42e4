"""A person's wish to be erased."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    pass
from newsroom.models.user import User


class Erasure(models.Model):
    """A person's wish to be erased, until it is carried out (erasing.py). They may change their mind before `due_at`.

    Without a person it is done: the address then waits for the last mail alone, and the row goes with it.
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
    def can_be_stopped(self) -> bool:
        """Until it begins, which closes the account."""
        return self.person is not None and self.person.is_active
