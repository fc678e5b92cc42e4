"""People with an account."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from newsroom.db.name_search import name_vector
from newsroom.email_addresses import normalize_email

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=normalize_email(email or ""))


NAME_WORDS = name_vector(models.F("name"))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, known by an e-mail address alone; reader and staff alike."""

    email = models.EmailField("e-mail address", unique=True, help_text="In lower case.")
    name = models.CharField(max_length=80, blank=True, help_text="Shown beside comments and in the admin.")
    is_staff = models.BooleanField("may enter the admin", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    shows_support = models.BooleanField(
        "shows the supporter's badge", default=False, help_text="Beside their comments, while they are a supporter."
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                name="email_in_lower_case",
                condition=models.Q(email=models.functions.Lower("email")),
                violation_error_message="Write the e-mail address in lower case.",
            )
        ]
        indexes = [
            GinIndex(NAME_WORDS, name="person_name"),
            # Each comment's name is compared with staff's (comments/moderation/context.py), and readers are many.
            models.Index(fields=["name"], condition=models.Q(is_staff=True), name="staff_names"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = normalize_email(self.email)

    def get_short_name(self) -> str:
        return str(self)

    def second_factors(self) -> models.QuerySet["Authenticator"]:
        """Return their passkeys and authenticator app. Recovery codes stand in for these, and do not count."""
        factors: models.QuerySet[Authenticator] = self.authenticator_set  # type: ignore[attr-defined]
        return factors.exclude(type="recovery_codes")

    def has_passkey(self) -> bool:
        return self.second_factors().filter(type="webauthn").exists()

    def has_app(self) -> bool:
        """Return True if they have an authenticator app."""
        return self.second_factors().filter(type="totp").exists()

    def lacks_second_factor(self) -> bool:
        """Return True if they must add a second factor before they may enter the admin."""
        if self.email in settings.SECOND_FACTOR_EXEMPT:
            return False
        return not self.second_factors().exists()
