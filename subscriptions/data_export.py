"""What is held about a person's money (newsroom/privacy/data_export.py)."""

from collections.abc import Iterator

from django.db.models import Q

from newsroom.models import User
from newsroom.privacy.data_export import ExportSection, Withheld
from subscriptions import money
from subscriptions.erasure import gifts_of
from subscriptions.models import Checkout, Customer, LedgerEntry, StaffAction, Subscription, SupportEmail


def support(person: User) -> Iterator[ExportSection | Withheld]:
    gifts = gifts_of(person)
    customers = Customer.objects.filter(user=person).exclude(stripe_id=None)
    yield ExportSection("stripe_customer", "Your name at Stripe", [{"customer": each.stripe_id} for each in customers])
    yield ExportSection("subscriptions", "Subscriptions", [_subscription(each) for each in person.subscriptions.all()])
    begun = Checkout.objects.filter(Q(user=person) | Q(donation__in=gifts)).select_related("appeal").order_by("pk")
    words = "Each time that you were about to pay. Where it was never paid, name and message are gone after a week."
    yield ExportSection("checkouts", "Payments begun", [_checkout(each) for each in begun], words)
    rows = [
        {"amount": money.display(gift.amount, gift.currency), "paid_at": gift.paid_at, "email": gift.email}
        for gift in gifts
    ]
    yield ExportSection("donations", "Gifts", rows)
    theirs = Q(subscription__user=person) | Q(donation__in=gifts)
    entries = LedgerEntry.objects.filter(theirs).order_by("occurred_at", "pk")
    words = "Every payment, refund and dispute. Our books keep them as long as the law asks, without you if you leave."
    yield ExportSection("ledger", "What was paid and given back", [_entry(each) for each in entries], words)
    letters = SupportEmail.objects.filter(Q(subscription__user=person) | Q(entry__in=entries)).order_by("written_at")
    rows = [
        {"kind": each.get_kind_display(), "written_at": each.written_at, "sent_at": each.sent_at} for each in letters
    ]
    yield ExportSection("letters", "Letters about your money", rows)
    deeds = StaffAction.objects.filter(by=person).order_by("at")
    rows = [{"what": each.get_kind_display(), "at": each.at, "reason": each.reason} for each in deeds]
    if rows:
        yield ExportSection("deeds", "Refunds and cancellations that you made for the outlet", rows)
    yield Withheld(
        "Stripe's messages about your payments",
        "They say once more what stands above, in Stripe's own form. Each is emptied 30 days after it came.",
    )
    yield Withheld("Your card, and your address for invoices", "We do not have them: Stripe does, and shows you.")


def _subscription(one: Subscription) -> dict[str, object]:
    return {
        "amount": one.shown_amount,
        "status": one.status,
        "started_at": one.started_at,
        "paid_until": one.current_period_end,
        "ends_at": one.cancel_at,
        "ended_at": one.ended_at,
        "why_the_last_payment_failed": one.failure,
        "stripe_id": one.stripe_id,
        "history": [f"{each.at:%Y-%m-%d %H:%M} {each}" for each in one.changes.all()],
    }


def _checkout(one: Checkout) -> dict[str, object]:
    return {
        "for": one.get_kind_display(),
        "appeal": str(one.appeal or ""),
        "amount": one.shown_amount,
        "of_which_for_the_card_fee": one.shown_fee if one.fee else "",
        "status": one.get_status_display(),
        "begun_at": one.created_at,
        "begun_beside": one.came_from,
        "name": one.name,
        "name_is_hidden": one.anonymous,
        "word_to_the_newsroom": one.message,
    }


def _entry(one: LedgerEntry) -> dict[str, object]:
    return {
        "what": one.get_kind_display(),
        "for": "subscription" if one.subscription_id else "gift",
        "amount": one.shown_amount,
        "at": one.occurred_at,
        "stripe_id": one.stripe_id,
    }
