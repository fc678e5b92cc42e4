"""The admin of payments: gifts, the ledger, disputes."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from newsroom.admin.base import MAX_SEARCH_RESULTS, ReadOnlyAdmin
from newsroom.models import User
from subscriptions import alerts, money
from subscriptions.admin import manual_gifts, staff_actions
from subscriptions.models import Checkout, Customer, Dispute, Donation, LedgerEntry, SupportEmail

SEARCH_HELP = "An e-mail address, a name, an amount like 12.50 or $12.50, or any id of Stripe's."


class MoneyAdmin(ReadOnlyAdmin):
    """The admin of rows with an amount and a currency."""

    @admin.display(description="amount", ordering="amount")
    def shown(self, row: Any) -> str:
        return money.display(row.amount, row.currency)


def search(typed: str) -> QuerySet[LedgerEntry]:
    """Return the entries of the ledger that this address, name, amount or id of Stripe's is about."""
    entries = LedgerEntry.objects.order_by()
    people = User.objects.filter(Q(email__iexact=typed) | Q(name__icontains=typed))
    donations = Donation.objects.filter(
        Q(email__iexact=typed) | Q(checkout__name__icontains=typed) | Q(user__in=people)
    )
    by_stripe = Q(stripe_id=typed) | Q(payment_intent=typed)
    found = [
        entries.filter(by_stripe | Q(pk__in=Dispute.objects.filter(stripe_id=typed).values("payment"))),
        entries.filter(donation__in=donations),
        entries.filter(subscription__user__in=people),
        entries.filter(subscription__stripe_id=typed),
        entries.filter(subscription__user__in=Customer.objects.filter(stripe_id=typed).values("user")),
        entries.filter(_amount_meant_by(typed)),
    ]
    newest = (rows.order_by("-occurred_at").values_list("pk", flat=True)[:MAX_SEARCH_RESULTS] for rows in found)
    ids = {pk for rows in newest for pk in rows}
    return LedgerEntry.objects.filter(pk__in=ids)


def _amount_meant_by(typed: str) -> Q:
    """Return the condition for this amount, coming in or going out, in each currency in which it may be meant."""
    currencies: dict[int, list[str]] = {}
    for currency in money.CURRENCIES:
        try:
            currencies.setdefault(money.parse(typed, currency), []).append(currency)
        except ValueError:
            continue
    meant = Q(pk__in=[])
    for amount, codes in currencies.items():
        if amount < 2**31:  # as the column can hold
            meant |= Q(amount__in=[amount, -amount], currency__in=codes)
    return meant


def stripes_page(kind: str, stripe_id: str) -> str:
    """Return the address of an object in Stripe's dashboard, like `disputes` and `dp_1`."""
    mode = "test/" if "_test_" in settings.STRIPE_SECRET_KEY else ""
    return f"https://dashboard.stripe.com/{mode}{kind}/{stripe_id}"


def _link(row: Any, words: str) -> SafeString:
    address = reverse(f"admin:subscriptions_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, words)


@admin.register(Donation)
class DonationAdmin(MoneyAdmin):
    list_display = ["paid_at", "shown", "how", "email", "user", "appeal", "name", "message"]
    list_select_related = ["user", "checkout__appeal"]
    list_filter = ["method", "checkout__appeal", "paid_at"]
    actions = ["take_name_off"]
    search_fields = ["email"]
    search_help_text = SEARCH_HELP
    fieldsets = [
        (None, {"fields": ["shown", "paid_at", "how", "email", "user", "appeal", "name", "message"]}),
        ("In the books", {"fields": ["payment", "mails", "payment_intent", "recorded_by", "note"]}),
    ]
    readonly_fields = ["shown", "how", "appeal", "name", "message", "payment", "mails"]

    def get_urls(self) -> list[Any]:
        record = self.admin_site.admin_view(manual_gifts.record)
        return [path("record/", record, name="subscriptions_record_gift"), *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Donation], search_term: str
    ) -> tuple[QuerySet[Donation], bool]:
        typed = search_term.strip()
        return (queryset.filter(ledger__in=search(typed)).distinct() if typed else queryset), False

    @admin.display(description="how", ordering="method")
    def how(self, donation: Donation) -> str:
        return donation.how

    @admin.display(description="for")
    def appeal(self, donation: Donation) -> str:
        return str(donation.checkout.appeal or "")

    @admin.display(description="name")
    def name(self, donation: Donation) -> str:
        hidden = " (not shown)" if donation.checkout.anonymous else ""
        return donation.checkout.name + hidden if donation.checkout.name else ""

    @admin.display(description="message")
    def message(self, donation: Donation) -> str:
        return donation.checkout.message

    @admin.display(description="payment, and what was taken back")
    def payment(self, donation: Donation) -> SafeString:
        entries = donation.ledger.order_by("occurred_at")
        return format_html_join("; ", "{}", ((_link(entry, str(entry)),) for entry in entries))

    @admin.display(description="mails to the donor")
    def mails(self, donation: Donation) -> SafeString | str:
        emails = SupportEmail.objects.filter(entry__donation=donation).order_by("written_at")
        rows = ((_link(email, email.get_kind_display()), _state(email)) for email in emails)
        return format_html_join("; ", "{}, {}", rows) or "None."

    @admin.action(description="Take the name off the site", permissions=["hide"])
    def take_name_off(self, request: HttpRequest, donations: QuerySet[Donation]) -> None:
        """Hide a name that should not be shown. Nothing else about the donation changes."""
        count = Checkout.objects.filter(donation__in=donations).exclude(name="").update(anonymous=True)
        self.message_user(request, f"Names taken off the site: {count}.")

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("subscriptions.change_appeal")


def _state(email: SupportEmail) -> str:
    return f"sent {alerts.in_words(email.sent_at)}" if email.sent_at else email.problem or "not sent"


@admin.register(LedgerEntry)
class LedgerAdmin(MoneyAdmin):
    list_display = ["occurred_at", "kind", "shown", "how", "stripe_id", "subscription", "donation"]
    list_filter = [
        "kind",
        "donation__method",
        ("warned_at", admin.EmptyFieldListFilter),
        "donation__checkout__appeal",
        "occurred_at",
    ]
    list_select_related = ["subscription", "donation"]
    search_fields = ["stripe_id"]
    search_help_text = SEARCH_HELP
    fields = [
        *["kind", "shown", "how", "occurred_at", "donation", "subscription", "payment", "stripe_id"],
        *["payment_intent", "sequence", "warned_at"],
    ]
    readonly_fields = ["shown", "how"]

    def get_urls(self) -> list[Any]:
        refund = self.admin_site.admin_view(staff_actions.refund)
        correct = self.admin_site.admin_view(manual_gifts.correct)
        return [
            path("<int:pk>/refund/", refund, name="subscriptions_refund"),
            path("<int:pk>/correct/", correct, name="subscriptions_correct"),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[LedgerEntry], search_term: str
    ) -> tuple[QuerySet[LedgerEntry], bool]:
        typed = search_term.strip()
        return (queryset.filter(pk__in=search(typed).values("pk")) if typed else queryset), False

    @admin.display(description="how")
    def how(self, entry: LedgerEntry) -> str:
        return entry.donation.how if entry.donation else "at Stripe"


@admin.register(Dispute)
class DisputeAdmin(MoneyAdmin):
    """The payments that a bank takes back. They are answered at Stripe, which sends the answer to the bank."""

    list_display = ["created_at", "shown", "in_words", "due_at", "answered", "of", "at_stripe"]
    list_filter = ["status"]
    list_select_related = ["payment"]
    search_fields = ["stripe_id"]
    fields = ["shown", "why", "in_words", "due_at", "of", "at_stripe", "created_at"]
    readonly_fields = ["shown", "why", "in_words", "of", "at_stripe"]

    @admin.display(description="state", ordering="status")
    def in_words(self, dispute: Dispute) -> str:
        return dispute.status.replace("_", " ")

    @admin.display(description="answered", boolean=True)
    def answered(self, dispute: Dispute) -> bool:
        return dispute.status not in Dispute.TO_BE_ANSWERED

    @admin.display(description="why")
    def why(self, dispute: Dispute) -> str:
        return f"{dispute.reason_in_words[0].upper()}{dispute.reason_in_words[1:]}."

    @admin.display(description="payment")
    def of(self, dispute: Dispute) -> SafeString:
        return _link(dispute.payment, str(dispute.payment))

    @admin.display(description="answer it")
    def at_stripe(self, dispute: Dispute) -> SafeString:
        return format_html('<a href="{}">At Stripe</a>', stripes_page("disputes", dispute.stripe_id))
