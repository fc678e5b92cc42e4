"""Tells the publisher by mail of what wants a person: disputes, fraud warnings, refunds that failed, silence.

Each is told once to each publisher, without names and addresses of readers: a mailbox can be seized.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from newsroom import mail
from newsroom.models import User
from subscriptions.models import Dispute, LedgerEntry, PublisherAlert, ReconciliationRun

SEND_TASK = "subscriptions.tasks.send_alert"  # by name, because the task imports this module


def enqueue_alert(kind: PublisherAlert.Kind | str, about: str, words: str, *, entry: LedgerEntry | None = None) -> None:
    """Write this alert and mail it to each publisher, once. Call it in the transaction of the change it tells of."""
    alert, created = PublisherAlert.objects.get_or_create(
        kind=kind, about=about[:255], defaults={"words": words[:500], "entry": entry}
    )
    if created:
        for person in publishers():
            app.configure_task(SEND_TASK).defer(alert=alert.pk, person=person.pk)


def alert_dispute(dispute: Dispute) -> None:
    """Tell of a dispute that is to be answered. An inquiry that becomes a dispute is told of again."""
    if dispute.status not in Dispute.TO_BE_ANSWERED:
        return
    until = f" The bank takes an answer until {in_words(dispute.due_at)}." if dispute.due_at else ""
    words = f"{dispute.shown_amount} are disputed: {dispute.reason_in_words}.{until}"
    enqueue_alert(PublisherAlert.Kind.DISPUTE, f"{dispute.stripe_id} {dispute.status}", words, entry=dispute.payment)


def alert_fraud_warning(payment: LedgerEntry) -> None:
    words = (
        f"The bank thinks that somebody else paid {payment.shown_amount} with this card. Give it back if you think so."
    )
    enqueue_alert(PublisherAlert.Kind.FRAUD_WARNING, payment.stripe_id, words, entry=payment)


def alert_refund_failed(refund: LedgerEntry) -> None:
    """Tell of a refund (the ledger's entry of it) that the reader's bank did not take."""
    words = f"{refund.shown_amount.lstrip('−')} came back, as the card was gone. Ask the reader how to pay it."
    enqueue_alert(PublisherAlert.Kind.REFUND_FAILED, refund.stripe_id, words, entry=refund.payment)


@transaction.atomic
def alert_silence() -> None:
    """Tell, once a day, that the books were not compared last night, or that Stripe's messages do not arrive."""
    if late := not_reconciled():
        enqueue_alert(PublisherAlert.Kind.NOT_RECONCILED, timezone.localdate().isoformat(), late)
    if problem := events_missing():
        words = f"{problem} What happens at Stripe is seen here a night later. Ask whoever runs the site."
        enqueue_alert(PublisherAlert.Kind.EVENTS_MISSING, timezone.localdate().isoformat(), words)


def not_reconciled() -> str:
    """Return in words that no comparison with Stripe's books has ended since last night; empty if one has."""
    if not ReconciliationRun.objects.is_late():
        return ""
    last = ReconciliationRun.objects.last_finished()
    when = f"The last time was {in_words(last.finished_at)}." if last and last.finished_at else "It never was."
    return f"The books should be compared with Stripe's each night. {when} Ask whoever runs the site."


def events_missing() -> str:
    """Return why Stripe's messages do not reach us, as the last comparison has found; empty if they do."""
    last = ReconciliationRun.objects.last_finished()
    return last.endpoint_problem if last else ""


def publishers() -> QuerySet[User]:
    """Return the active people who may give money back."""
    may = Permission.objects.filter(content_type__app_label="subscriptions", codename="add_staffaction")
    allowed = Q(groups__permissions__in=may) | Q(user_permissions__in=may) | Q(is_superuser=True)
    return User.objects.filter(allowed, is_active=True, is_staff=True).distinct()


def send_alert(pk: int, person_pk: int) -> None:
    """Send an alert to one publisher. Raises OSError, SMTPException, StillSending: try again later."""
    alert = PublisherAlert.objects.select_related("entry").get(pk=pk)
    person = publishers().filter(pk=person_pk).first()
    if person is None:
        return
    path = reverse("admin:index")
    if alert.entry_id:
        path = reverse("admin:subscriptions_ledgerentry_change", args=[alert.entry_id])
    mail.send(
        "subscriptions/email/publisher_alert",
        person.email,
        key=f"publisher_alert.{alert.pk}.{person.pk}",
        context={"alert": alert, "address": settings.SITE_URL + path},
    )


def in_words(at: datetime) -> str:
    """Return a moment as staff read it, in the outlet's zone: 3 December 2026, 14:30."""
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M}"
