"""The money's part of a person's data export (newsroom/privacy/data_export.py)."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.timezone import localtime

from newsroom.models import User
from newsroom.privacy.data_export import ExportSection, Withheld
from subscriptions import money
from subscriptions.erasure import donations_of
from subscriptions.models import Checkout, Customer, Donation, LedgerEntry, StaffAction, Subscription, SupportEmail


def support(person: User) -> Iterator[ExportSection | Withheld]:
    donations = donations_of(person)
    customers = Customer.objects.filter(user=person).exclude(stripe_id=None)
    yield ExportSection("stripe_customer", "Your name at Stripe", [{"customer": each.stripe_id} for each in customers])
    yield ExportSection("subscriptions", "Subscriptions", [_subscription(each) for each in person.subscriptions.all()])
    checkouts = (
        Checkout.objects.filter(Q(user=person) | Q(donation__in=donations)).select_related("appeal").order_by("pk")
    )
    words = "Each time that you were about to pay. Where it was never paid, name and message are gone after a week."
    yield ExportSection("checkouts", "Payments begun", [_checkout(each) for each in checkouts], words)
    yield ExportSection("donations", "Gifts", [_donation(each) for each in donations])
    own = Q(subscription__user=person) | Q(donation__in=donations)
    entries = LedgerEntry.objects.filter(own).order_by("occurred_at", "pk")
    words = "Every payment, refund and dispute. Our books keep them as long as the law asks, without you if you leave."
    yield ExportSection("ledger", "What was paid and given back", [_entry(each) for each in entries], words)
    emails = SupportEmail.objects.filter(Q(subscription__user=person) | Q(entry__in=entries)).order_by("written_at")
    rows = [
        {"kind": each.get_kind_display(), "written_at": each.written_at, "sent_at": each.sent_at} for each in emails
    ]
    yield ExportSection("letters", "Letters about your money", rows)
    actions = StaffAction.objects.filter(by=person).order_by("at")
    rows = [{"what": each.get_kind_display(), "at": each.at, "reason": each.reason} for each in actions]
    if rows:
        yield ExportSection("deeds", "Refunds and cancellations that you made for the outlet", rows)
    recorded = Donation.objects.filter(recorded_by=person).order_by("paid_at")
    if by_hand := [_donation(each) | {"note": each.note} for each in recorded]:
        yield ExportSection("recorded_donations", "Gifts that you recorded for the outlet", by_hand)
    yield Withheld(
        "Stripe's messages about your payments",
        "They say once more what stands above, in Stripe's own form. Each is emptied 30 days after it came.",
    )
    yield Withheld("Your card, and your address for invoices", "We do not have them: Stripe does, and shows you.")


def _subscription(subscription: Subscription) -> dict[str, object]:
    return {
        "amount": subscription.shown_price,
        "status": subscription.status,
        "started_at": subscription.started_at,
        "paid_until": subscription.current_period_end,
        "ends_at": subscription.cancel_at,
        "ended_at": subscription.ended_at,
        "why_the_last_payment_failed": subscription.failure,
        "stripe_id": subscription.stripe_id,
        "why_you_cancelled": subscription.cancel_reason,
        "what_you_wrote_then": subscription.cancel_comment,
        "history": [f"{localtime(each.at):%Y-%m-%d %H:%M} {each}" for each in subscription.changes.all()],
    }


def _donation(donation: Donation) -> dict[str, object]:
    amount = money.display(donation.amount, donation.currency)
    return {"amount": amount, "paid_at": donation.paid_at, "email": donation.email}


def _checkout(checkout: Checkout) -> dict[str, object]:
    return {
        "for": checkout.get_kind_display(),
        "appeal": str(checkout.appeal or ""),
        "amount": checkout.shown_amount,
        "of_which_for_the_card_fee": checkout.shown_fee if checkout.fee else "",
        "status": checkout.get_status_display(),
        "begun_at": checkout.created_at,
        "begun_beside": checkout.came_from,
        "name": checkout.name,
        "name_is_hidden": checkout.anonymous,
        "word_to_the_newsroom": checkout.message,
    }


def _entry(entry: LedgerEntry) -> dict[str, object]:
    return {
        "what": entry.get_kind_display(),
        "for": "subscription" if entry.subscription_id else "gift",
        "amount": entry.shown_amount,
        "at": entry.occurred_at,
        "stripe_id": entry.stripe_id,
    }
