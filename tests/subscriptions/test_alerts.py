"""Publishers are told by mail of what wants a person, once each, without a reader's name or address."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from newsroom.models import User
from subscriptions import alerts
from subscriptions.models import Checkout, Dispute, LedgerEntry, PublisherAlert, ReconciliationRun
from subscriptions.sync.records import record_dispute, record_fraud_warning, record_refund
from subscriptions.tasks import send_alert
from tests.subscriptions.conftest import StripeWorld


def _send_all() -> None:
    jobs = ProcrastinateJob.objects.filter(task_name="subscriptions.tasks.send_alert").order_by("pk")
    for job in jobs.filter(args__alert__in=list(PublisherAlert.objects.values_list("pk", flat=True))):
        send_alert(**job.args)


@pytest.fixture
def gift(stripe_world: StripeWorld) -> LedgerEntry:
    return LedgerEntry.objects.get(donation=stripe_world.gift(email="donor@example.org"))


def test_a_dispute_is_told_once_to_each_publisher_with_its_due_date(
    stripe_world: StripeWorld, gift: LedgerEntry, publisher: User, editor: User
) -> None:
    User.objects.create_superuser("owner@example.org", "a-good-password", name="Owner")
    gone = User.objects.create_superuser("gone@example.org", "a-good-password", name="Gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    dispute_id = stripe_world.control("dispute", charge=stripe_world.charge_of(gift.payment_intent))["id"]
    for _ in range(2):
        record_dispute(dispute_id, gift)
        _send_all()
    assert sorted(to for each in mail.outbox for to in each.to) == ["owner@example.org", "publisher@example.org"]
    message = mail.outbox[0]
    assert "A reader disputes a payment" in message.subject
    due = Dispute.objects.get().due_at
    assert due is not None
    assert f"until {alerts.in_words(due)}" in message.body
    assert "$25 are disputed: the reader says that they did not make this payment." in message.body
    assert f"/admin/subscriptions/ledgerentry/{gift.pk}/change/" in message.body
    assert "donor@example.org" not in f"{message.body} {message.subject}"
    Dispute.objects.update(status=Dispute.Status.APPEAL_NEEDS_RESPONSE)
    alerts.alert_dispute(Dispute.objects.get())
    assert PublisherAlert.objects.count() == 2  # it is to be answered once more


def test_a_fraud_warning_and_a_failed_refund_are_told_once(
    stripe_world: StripeWorld, gift: LedgerEntry, publisher: User
) -> None:
    for _ in range(2):
        record_fraud_warning(gift, timezone.now())
    refund = stripe_world.client().v1.refunds.create({"payment_intent": gift.payment_intent})
    record_refund(refund.id, gift)
    stripe_world.control("fail_refund", refund=refund.id)
    for _ in range(2):
        record_refund(refund.id, gift)
    _send_all()
    _send_all()
    assert [str(each.subject).rpartition(": ")[2] for each in mail.outbox] == [
        "A bank warns of fraud",
        "A refund came back",
    ]
    assert "paid $25 with this card" in mail.outbox[0].body
    assert mail.outbox[1].body.startswith("$25 came back")


def test_a_publisher_who_has_left_is_told_no_more(publisher: User, db: None) -> None:
    alerts.enqueue_alert(PublisherAlert.Kind.NOT_RECONCILED, "2026-12-01", "Nothing was compared.")
    User.objects.filter(pk=publisher.pk).update(is_active=False)
    alerts.send_alert(PublisherAlert.objects.get().pk, publisher.pk)
    assert mail.outbox == []


def test_a_night_without_comparison_and_messages_that_do_not_arrive_are_told_once_a_day(
    publisher: User, client: Client
) -> None:
    now = timezone.now()
    client.force_login(publisher)
    alerts.alert_silence()
    assert not PublisherAlert.objects.exists()  # nothing is there to compare
    checkout = Checkout.objects.create(kind="donation", amount=100, currency="usd", expires_at=now)
    Checkout.objects.filter(pk=checkout.pk).update(created_at=now - timedelta(days=3))
    run = ReconciliationRun.objects.create(
        full=False,
        fix=True,
        since=now,
        started_at=now - timedelta(days=2),
        finished_at=now - timedelta(days=2),
        endpoint_problem="It is disabled.",
    )
    for _ in range(2):
        alerts.alert_silence()
    _send_all()
    assert {alert.kind for alert in PublisherAlert.objects.all()} == {"events_missing", "not_reconciled"}
    assert len(mail.outbox) == 2
    assert run.finished_at is not None
    assert f"The last time was {alerts.in_words(run.finished_at)}." in " ".join(str(each.body) for each in mail.outbox)
    page = client.get("/admin/").content.decode()
    assert "It is disabled." in page
    assert "The books should be compared with Stripe&#x27;s each night." in page
    ReconciliationRun.objects.create(full=False, fix=True, since=now, started_at=now, finished_at=now)
    page = client.get("/admin/").content.decode()
    assert "It is disabled." not in page
    assert "each night" not in page
