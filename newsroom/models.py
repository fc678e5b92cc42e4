"""People, and what the outlet says about itself."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, known by an e-mail address alone; reader and staff alike."""

    email = models.EmailField("e-mail address", unique=True, help_text="In lower case.")
    name = models.CharField(max_length=80, blank=True, help_text="Shown beside comments and in the admin.")
    is_staff = models.BooleanField("may enter the admin", default=False)
    is_active = models.BooleanField("may sign in", default=True)
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

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    def get_short_name(self) -> str:
        return str(self)


class Outlet(models.Model):
    """What the outlet says about itself on every page. There is one row, made by a migration."""

    name = models.CharField(max_length=60, default="The Valley Ledger")
    tagline = models.CharField(
        max_length=140, blank=True, default="Independent, reader-supported reporting from Kashmir"
    )
    notice = models.CharField(max_length=200, blank=True, help_text="A line above every page. Empty: no line.")
    about = models.TextField(
        blank=True,
        default="We are a small newsroom that answers to its readers alone.",
        help_text="One or two sentences at the foot of every page.",
    )
    contact_email = models.EmailField(blank=True)

    channel_heading = models.CharField(max_length=80, default="Stay Updated with Global News")
    channel_sentence = models.CharField(
        max_length=200,
        default="The day's most important reports in our WhatsApp channel, as soon as they are published.",
    )
    channel_button = models.CharField(max_length=30, default="Join Now")
    channel_url = models.URLField(
        blank=True, help_text="The channel's address at WhatsApp. Empty: the block is not shown."
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_outlet", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return self.name


class Advertisement(models.Model):
    """A paid notice. It is always labelled as one, loads nothing from elsewhere and counts nobody."""

    advertiser = models.CharField(max_length=80, help_text="Not shown to readers.")
    text = models.CharField(max_length=200)
    url = models.URLField("address", blank=True)
    running = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.advertiser}: {self.text[:40]}"
