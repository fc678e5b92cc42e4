"""Letters about money on their way: words, envelope, and the mark that each was sent."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Outlet
from subscriptions.letters import Letter
from subscriptions.models import Offer


def send(letter_pk: int) -> None:
    """Send this letter, unless it was. Two workers cannot both: the row is locked until it is marked.

    Killed between the sending and the mark, it is sent once more, under the same Message-ID: so mail programs show one.
    """
    with transaction.atomic():
        letter = Letter.objects.select_for_update().filter(pk=letter_pk, sent_at=None, unsendable=False).first()
        if letter is None:
            return
        if address := letter.address:
            _message(letter, address).send()
            letter.sent_at = timezone.now()
        else:
            letter.unsendable = True
        letter.save()


def _message(letter: Letter, address: str) -> EmailMultiAlternatives:
    subscription = letter.subscription or (letter.entry.subscription if letter.entry else None)
    context = {
        "outlet": Outlet.objects.get(),
        "offer": Offer.objects.get(),
        "letter": letter,
        "entry": letter.entry,
        "subscription": subscription,
        "account_url": settings.SITE_URL + reverse("account"),
        "support_url": settings.SITE_URL + reverse("support"),
    }
    text = render_to_string(f"subscriptions/letters/{letter.kind}.txt", context).strip()
    subject, _, body = text.partition("\n")
    about = letter.about.replace(" ", ".")
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject.strip(),
        render_to_string("subscriptions/letters/plain.txt", {**context, "body": body.strip()}),
        to=[address],
        headers={
            "Message-ID": f"<{letter.kind}.{letter.pk}.{about}@{host}>",
            "Auto-Submitted": "auto-generated",  # so that nobody's holiday answers it
        },
    )
    message.attach_alternative(
        render_to_string("subscriptions/letters/letter.html", {**context, "subject": subject, "body": body.strip()}),
        "text/html",
    )
    return message
