"""People, and what the outlet says about itself."""

import secrets
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from newsroom.db.name_search import words_of
from newsroom.validators import validate_link, validate_web_address

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator


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


NAME_WORDS = words_of(models.F("name"))


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
            # Each comment's name is held against theirs (comments/moderation/context.py), and readers are many.
            models.Index(fields=["name"], condition=models.Q(is_staff=True), name="staff_names"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    def get_short_name(self) -> str:
        return str(self)

    def second_factors(self) -> models.QuerySet["Authenticator"]:
        """Their passkeys and their authenticator app. Recovery codes stand in for these, and are none themselves."""
        factors: models.QuerySet[Authenticator] = self.authenticator_set  # type: ignore[attr-defined]
        return factors.exclude(type="recovery_codes")

    def has_passkey(self) -> bool:
        return self.second_factors().filter(type="webauthn").exists()

    def has_app(self) -> bool:
        """One that shows codes."""
        return self.second_factors().filter(type="totp").exists()

    def lacks_second_factor(self) -> bool:
        """Whether the admin stays shut until they have added one."""
        if self.email in settings.SECOND_FACTOR_EXEMPT:
            return False
        return not self.second_factors().exists()


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
    security_contact = models.EmailField(
        blank=True, help_text="For those who find a weakness of this site: security.txt. Empty: the contact e-mail."
    )
    ads_txt = models.TextField(
        "ads.txt",
        blank=True,
        help_text="Who may sell this site's advertising, a line for each seller. Empty: nobody but you.",
    )

    footnote = models.CharField(
        max_length=200,
        blank=True,
        default="This site follows nobody: no trackers, no cookies for reading, nothing loaded from elsewhere.",
        help_text="The last line of every page. Keep it true.",
    )
    channel_heading = models.CharField(
        "heading of the channels",
        max_length=80,
        default="Stay Updated with Global News",
        help_text="Above the list of channels (WhatsApp, Telegram, …), each of which has its own entry in the admin.",
    )

    class Meta:
        verbose_name_plural = "name and wording"
        constraints = [models.CheckConstraint(name="one_outlet", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """A place besides this site where readers hear of new reports: WhatsApp, Telegram, a mailing list."""

    name = models.CharField(max_length=40, help_text="Like WhatsApp. It also stands at the foot of every page.")
    invitation = models.CharField(max_length=200, help_text="One sentence: what one gets there.")
    address = models.CharField(
        max_length=300,
        blank=True,
        validators=[validate_link],
        help_text="Where the button leads, like https://whatsapp.com/channel/… Empty: the channel is not shown.",
    )
    button = models.CharField("words on the button", max_length=30, default="Join Now")
    position = models.PositiveSmallIntegerField(default=0, help_text="The smallest number stands first.")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


def stored_picture(advertisement: "Advertisement", filename: str) -> str:
    """A name that says nothing of the file it came from, and that is used once."""
    return f"advertisements/{secrets.token_hex(10)}.jpg"


class AdvertisementQuerySet(models.QuerySet["Advertisement"]):
    def not_over(self, day: "date | models.Expression") -> Self:
        """Those that run on `day`, or are still to come."""
        return self.filter(models.Q(last_day=None) | models.Q(last_day__gte=day), running=True)


class Advertisement(models.Model):
    """A paid notice. It is always labelled as one, loads nothing from elsewhere and follows nobody."""

    advertiser = models.CharField(max_length=80, help_text="Not shown to readers.")
    text = models.CharField(
        max_length=200, help_text="What it says. With a picture: the same in words, for those who cannot see it."
    )
    image = models.ImageField(
        "picture",
        upload_to=stored_picture,
        width_field="image_width",
        height_field="image_height",
        blank=True,
        help_text="Shown in place of the text. It is made small: 960 pixels wide at most.",
    )
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    url = models.CharField(
        "address",
        max_length=500,
        blank=True,
        validators=[validate_web_address],
        help_text="Where it leads, like https://example.org/. Empty: it leads nowhere.",
    )
    running = models.BooleanField("switched on", default=True)
    first_day = models.DateField("from", default=timezone.localdate)
    last_day = models.DateField(
        "until", null=True, blank=True, help_text="The last day on which it is shown. Empty: until you switch it off."
    )
    in_articles = models.BooleanField("below articles", default=True)
    on_front_page = models.BooleanField("on the front page", default=True)
    in_lists = models.BooleanField("beside sections, topics and authors", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Advertisement"]] = AdvertisementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="advertisement_ends_after_it_begins",
                condition=models.Q(last_day=None) | models.Q(last_day__gte=models.F("first_day")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.advertiser}: {self.text[:40]}"

    def clean(self) -> None:
        if self.last_day and self.first_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "Until must not be before From."})

    @property
    def host(self) -> str:
        """Whose page it leads to, so that readers know before they go there; empty for one of ours."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


class AdvertisementClicks(models.Model):
    """How often an advertisement was followed on one day, by everybody together. Nothing is kept of anybody."""

    advertisement = models.ForeignKey(Advertisement, on_delete=models.CASCADE, related_name="clicks")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(name="clicks_once_a_day", fields=["advertisement", "day"])]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"

    @classmethod
    def add(cls, advertisement: Advertisement, day: date) -> None:
        """One more."""
        row, _ = cls.objects.get_or_create(advertisement=advertisement, day=day)
        cls.objects.filter(pk=row.pk).update(count=models.F("count") + 1)
