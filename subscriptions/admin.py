"""The publisher's view of money. All but the wording is a record, and is only looked at."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom.admin import ReadOnlyAdmin, SingleRowAdmin
from newsroom.models import User
from subscriptions import money, stripe_api
from subscriptions.differences import Difference
from subscriptions.letters import Letter
from subscriptions.models import Checkout, Donation, LedgerEntry, Offer, StripeEvent, Subscription, SubscriptionChange
from subscriptions.reconciliation import mend


def _words(kind: str) -> list[str]:
    return [f"{kind}_{part}" for part in ("heading", "sentence", "promise", "button")]


@admin.register(Offer)
class OfferAdmin(SingleRowAdmin):
    fieldsets = [
        (None, {"fields": ["heading", "sentence", "explanation", "payment_note", "link_text"]}),
        ("Subscription", {"fields": [*_words("subscribe"), "monthly_amount"]}),
        ("Donation", {"fields": [*_words("donate"), "presets", "minimum", "maximum"]}),
    ]


class _MoneyAdmin(ReadOnlyAdmin):
    @admin.display(description="amount", ordering="amount")
    def shown(self, row: Any) -> str:
        return money.display(row.amount, row.currency)


class ChangeInline(admin.TabularInline):
    model = SubscriptionChange
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Subscription)
class SubscriptionAdmin(_MoneyAdmin):
    list_display = ["user", "shown", "status", "started_at", "current_period_end", "cancel_at"]
    list_filter = ["status"]
    list_select_related = ["user"]
    search_fields = ["user__email", "stripe_id"]
    inlines = [ChangeInline]


@admin.register(Donation)
class DonationAdmin(_MoneyAdmin):
    list_display = ["paid_at", "shown", "email", "user"]
    list_select_related = ["user"]
    search_fields = ["email", "payment_intent"]
    date_hierarchy = "paid_at"


@admin.register(LedgerEntry)
class LedgerAdmin(_MoneyAdmin):
    list_display = ["occurred_at", "kind", "shown", "stripe_id", "subscription", "donation"]
    list_filter = ["kind"]
    list_select_related = ["subscription", "donation"]
    search_fields = ["stripe_id"]
    date_hierarchy = "occurred_at"


@admin.register(Checkout)
class CheckoutAdmin(_MoneyAdmin):
    list_display = ["created_at", "kind", "shown", "status", "user"]
    list_filter = ["kind", "status"]
    list_select_related = ["user"]


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "type", "applied_at", "outcome", "failed", "api_version"]
    list_filter = [("applied_at", admin.EmptyFieldListFilter), "type", "api_version"]
    search_fields = ["stripe_id", "object_id"]

    @admin.display(boolean=True, description="failed")
    def failed(self, event: StripeEvent) -> bool:
        return bool(event.error)


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ["written_at", "kind", "about", "sent_at", "unsendable"]
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter)]
    search_fields = ["about"]


@admin.register(Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    """What `manage.py reconcile` found: those still open first, with the button that mends them."""

    list_display = ["found_at", "kind", "stripe_id", "words", "mended_at", "mended_by", "error"]
    list_filter = [("mended_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["mended_by"]
    search_fields = ["stripe_id"]
    actions = ["mend"]

    def has_mend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("subscriptions.change_difference")

    @admin.action(description="Mend: apply once more what Stripe says", permissions=["mend"])
    def mend(self, request: HttpRequest, differences: QuerySet[Difference]) -> None:
        try:
            done = [mend(difference, by=cast(User, request.user)) for difference in differences]
        except stripe_api.Unreachable:
            self.message_user(request, "Stripe does not answer just now. Please try again.", messages.ERROR)
            return
        self.message_user(request, f"{sum(done)} of {len(done)} are mended.")
