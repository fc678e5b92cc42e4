"""The outlet's own wording, and its channels elsewhere."""

from django.db import models

from newsroom.validators import validate_link


class Outlet(models.Model):
    """The outlet's name and wording on every page. There is one row, made by a migration."""

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
    legal_name = models.CharField(
        max_length=120, blank=True, db_default="", help_text="Of the organisation, on receipts and yearly statements."
    )
    legal_address = models.TextField(
        max_length=500, blank=True, db_default="", help_text="Its postal address, on the same. A line for each part."
    )
    registration_number = models.CharField(
        max_length=60, blank=True, db_default="", help_text="Of the organisation or for tax, on the same."
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

    @property
    def legal_lines(self) -> list[str]:
        """The legal name, address and number, line by line; empty if nothing of it was entered."""
        number = f"Registration number {self.registration_number}" if self.registration_number else ""
        lines = [self.legal_name, *self.legal_address.splitlines(), number]
        return [line for each in lines if (line := each.strip())]


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
