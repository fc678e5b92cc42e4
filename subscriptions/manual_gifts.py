"""Gifts that came another way, by cash, bank or UPI: recorded by the publisher, and corrected by a counter-entry alone.

The form's id gives the rows their ids, so that a double click records one gift, and one correction.
"""

import uuid
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from newsroom.db.advisory_locks import advisory_lock
from newsroom.models import User
from subscriptions import emails
from subscriptions.models import Appeal, Checkout, Donation, LedgerEntry, StaffAction, SupportEmail


class NothingLeft(Exception):
    """Raised when less is left of a gift than was to be taken off."""


class AnotherGift(Exception):
    """Raised when a form has recorded a gift already, and says something else now."""


@transaction.atomic
def record_gift(
    *,
    form_id: uuid.UUID,
    amount: int,
    currency: str,
    method: str,
    day: date,
    by: User,
    email: str = "",
    name: str = "",
    show_name: bool = False,
    appeal: Appeal | None = None,
    note: str = "",
    thank: bool = False,
) -> Donation:
    """Record a gift, once for each form. Raises AnotherGift if the form has recorded one of another amount or day."""
    public_id = uuid.uuid5(form_id, "gift by hand")
    advisory_lock(str(public_id))
    known = Donation.objects.filter(checkout__public_id=public_id).first()
    if known is not None:
        if (known.amount, known.currency, timezone.localdate(known.paid_at)) != (amount, currency, day):
            raise AnotherGift(str(known))
        return known
    checkout = Checkout.objects.create(
        public_id=public_id,
        kind=Checkout.Kind.DONATION,
        status=Checkout.Status.PAID,
        amount=amount,
        currency=currency,
        expires_at=timezone.now(),
        appeal=appeal,
        name=name,
        anonymous=not show_name,
    )
    donation = Donation.objects.create(
        checkout=checkout,
        email=email,
        amount=amount,
        currency=currency,
        payment_intent=f"manual-{public_id}",
        paid_at=_moment(day),
        method=method,
        recorded_by=by,
        note=note,
    )
    entry = LedgerEntry.objects.create(
        kind=LedgerEntry.Kind.PAYMENT,
        stripe_id=donation.payment_intent,
        payment_intent=donation.payment_intent,
        amount=amount,
        currency=currency,
        donation=donation,
        occurred_at=donation.paid_at,
    )
    if thank:
        about = donation.payment_intent
        emails.enqueue_email(SupportEmail.Kind.THANK_YOU, about, happened=timezone.now(), entry=entry)
    return donation


@transaction.atomic
def correct_gift(entry: LedgerEntry, *, form_id: uuid.UUID, amount: int, reason: str, by: User) -> LedgerEntry:
    """Take `amount` off a gift that was recorded by hand, by a counter-entry. Raises NothingLeft."""
    entry = LedgerEntry.objects.select_for_update().get(pk=entry.pk)
    public_id = uuid.uuid5(form_id, f"correct {entry.pk}")
    known = LedgerEntry.objects.filter(stripe_id=f"manual-{public_id}").first()
    if known is not None:
        return known
    if amount > entry.left:
        raise NothingLeft
    counter = LedgerEntry.objects.create(
        kind=LedgerEntry.Kind.CORRECTION,
        stripe_id=f"manual-{public_id}",
        payment_intent=entry.payment_intent,
        payment=entry,
        amount=-amount,
        currency=entry.currency,
        donation=entry.donation,
        occurred_at=timezone.now(),
    )
    StaffAction.objects.create(
        public_id=public_id,
        kind=StaffAction.Kind.CORRECTION,
        entry=entry,
        amount=amount,
        currency=entry.currency,
        reason=reason,
        by=by,
        done_at=timezone.now(),
        stripe_id=counter.stripe_id,
    )
    return counter


def _moment(day: date) -> datetime:
    """Return now for a gift of today, and else noon: at what hour it came, nobody has typed."""
    if day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time(12)))
