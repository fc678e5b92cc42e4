"""The admin of all records of money. They are read-only."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html

from newsroom.admin.base import ReadOnlyAdmin
from newsroom.admin.email import UndeliveredFilter
from newsroom.models import User
from subscriptions import emails, money
from subscriptions.admin.ledger import MoneyAdmin
from subscriptions.admin.revenue import movements, report, table
from subscriptions.admin.staff_actions import cancel
from subscriptions.checkout import card_testing
from subscriptions.models import (
    Checkout,
    Discrepancy,
    Hold,
    StaffAction,
    StripeEvent,
    Subscription,
    SubscriptionChange,
    SupportEmail,
)
from subscriptions.stripe.errors import Unreachable
from subscriptions.sync.reconcile import fix_discrepancy


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
class SubscriptionAdmin(MoneyAdmin):
    list_display = ["user", "shown_price", "status", "started_at", "current_period_end", "cancel_at"]
    list_filter = ["status"]
    list_select_related = ["user"]
    search_fields = ["user__email", "stripe_id"]
    inlines = [ChangeInline]

    def get_urls(self) -> list[Any]:
        inside = self.admin_site.admin_view
        return [
            path("desk/", inside(report), name="subscriptions_desk"),
            path("desk/movements/", inside(movements), name="subscriptions_movements"),
            path("desk/<slug:name>.csv", inside(table), name="subscriptions_desk_table"),
            path("<int:pk>/cancel/", inside(cancel), name="subscriptions_cancel"),
            *super().get_urls(),
        ]


@admin.register(StaffAction)
class StaffActionAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "kind", "shown", "reason", "outcome"]
    list_filter = ["kind"]
    list_select_related = ["by"]
    date_hierarchy = "at"

    @admin.display(description="amount", ordering="amount")
    def shown(self, action: StaffAction) -> str:
        return money.display(action.amount, action.currency) if action.amount else ""


@admin.register(Checkout)
class CheckoutAdmin(MoneyAdmin):
    list_display = ["created_at", "kind", "shown", "status", "user", "refusals", "same_network", "appeal"]
    list_filter = ["kind", "status"]
    list_select_related = ["user", "appeal"]

    @admin.display(description="network", ordering="network")
    def same_network(self, checkout: Checkout) -> str:
        """Return a mark that two donations from one network share for a week. It does not reveal the network."""
        return checkout.network[:6]


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """The times in which guests had to sign in before they could donate (checkout/card_testing.py)."""

    list_display = ["began_at", "whom", "words", "until", "asked", "ended_at", "ended_by", "gifts"]
    list_select_related = ["ended_by"]
    actions = ["end"]

    @admin.display(description="to look at")
    def gifts(self, hold: Hold) -> str:
        hour_before = {"created_at__gte": (hold.began_at - card_testing.REFUSAL_WINDOW).isoformat()}
        query = {**hour_before, "created_at__lt": hold.until.isoformat(), "kind__exact": Checkout.Kind.DONATION}
        address = reverse("admin:subscriptions_checkout_changelist", query={**query, "user__isnull": "True"})
        return format_html('<a href="{}">the gifts begun then</a>', address)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("subscriptions.change_hold")

    @admin.action(description="End: let guests give again", permissions=["end"])
    def end(self, request: HttpRequest, holds: QuerySet[Hold]) -> None:
        ended = sum(card_testing.end_hold(hold, by=cast(User, request.user)) for hold in holds)
        self.message_user(request, f"Ended: {ended}. For an hour nothing of the kind begins by itself.")


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "type", "applied_at", "outcome", "failed", "api_version"]
    list_filter = [("applied_at", admin.EmptyFieldListFilter), "received_at"]
    search_fields = ["stripe_id", "object_id", "type", "api_version"]

    @admin.display(boolean=True, description="failed")
    def failed(self, event: StripeEvent) -> bool:
        return bool(event.error)


@admin.register(SupportEmail)
class SupportEmailAdmin(ReadOnlyAdmin):
    list_display = ["written_at", "kind", "about", "sending_at", "sent_at", "refusal", "unsendable"]
    list_filter = ["kind", UndeliveredFilter]
    readonly_fields = ["sending_at", "sent_at", "refused_at", "refusal"]
    search_fields = ["about"]
    actions = ["send_once_more"]

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("subscriptions.add_staffaction")

    @admin.action(
        description="Send once more, where it was refused or nobody knows whether it went", permissions=["send"]
    )
    def send_once_more(self, request: HttpRequest, chosen: QuerySet[SupportEmail]) -> None:
        count = sum(emails.resend(email) for email in chosen)
        self.message_user(request, f"On their way: {count}.")


@admin.register(Discrepancy)
class DiscrepancyAdmin(ReadOnlyAdmin):
    """The discrepancies that `manage.py reconcile` found, open ones first, with a button to fix them."""

    list_display = ["found_at", "kind", "stripe_id", "words", "mended_at", "mended_by", "error"]
    list_filter = [("mended_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["mended_by"]
    search_fields = ["stripe_id"]
    actions = ["mend"]

    def has_mend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("subscriptions.change_discrepancy")

    @admin.action(description="Mend: apply once more what Stripe says", permissions=["mend"])
    def mend(self, request: HttpRequest, discrepancies: QuerySet[Discrepancy]) -> None:
        try:
            done = [fix_discrepancy(each, by=cast(User, request.user)) for each in discrepancies]
        except Unreachable:
            self.message_user(request, "Stripe does not answer just now. Please try again.", messages.ERROR)
            return
        self.message_user(request, f"{sum(done)} of {len(done)} are mended.")
