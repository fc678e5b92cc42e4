"""The admin of what readers are asked for: the offer and the appeals. Amounts are typed as people write them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom.admin.base import SingletonAdmin, SitewideAdmin
from subscriptions import money
from subscriptions.admin.money_field import MAX_STORED, MoneyField, MoneyForm, MoneyListField
from subscriptions.admin.percent_field import PercentField
from subscriptions.models import Appeal, Offer

SMALLEST_CHARGE = 50  # minor units, as the database's constraints say; Stripe takes nothing less
MAX_FIXED_FEE = 32_767  # as the column can hold
MAX_FEE_SHARE = 2_000  # hundredths of a percent, as the database's constraint says


def _words(kind: str) -> list[str]:
    return [f"{kind}_{part}" for part in ("heading", "sentence", "promise", "button")]


def _label(model: Any, field: str) -> dict[str, Any]:
    """Return the label and the help text of a model's field, for the form field that stands for it."""
    described = model._meta.get_field(field)
    return {"label": str(described.verbose_name).capitalize(), "help_text": str(described.help_text)}


class OfferForm(MoneyForm, forms.ModelForm):
    """The offer. Its currency can be chosen until somebody has begun to pay in it."""

    currency = forms.ChoiceField(choices=[(code, code.upper()) for code in sorted(money.CURRENCIES)])
    monthly_amount = MoneyField(
        smallest=SMALLEST_CHARGE, readers_see="Readers see: {} a month.", **_label(Offer, "monthly_amount")
    )
    yearly_amount = MoneyField(
        smallest=SMALLEST_CHARGE,
        readers_see="Readers see: {} a year.",
        required=False,
        **_label(Offer, "yearly_amount"),
    )
    presets = MoneyListField(
        most=6, smallest=SMALLEST_CHARGE, readers_see="Readers see: {}.", **_label(Offer, "presets")
    )
    minimum = MoneyField(smallest=SMALLEST_CHARGE, readers_see="Readers see: {}.", **_label(Offer, "minimum"))
    maximum = MoneyField(smallest=SMALLEST_CHARGE, readers_see="Readers see: {}.", **_label(Offer, "maximum"))
    fee_share = PercentField(largest=MAX_FEE_SHARE, **_label(Offer, "fee_share"))
    fee_fixed = MoneyField(smallest=0, largest=MAX_FIXED_FEE, readers_see="That is {}.", **_label(Offer, "fee_fixed"))

    class Meta:
        model = Offer
        fields = [
            "currency",
            "monthly_amount",
            "yearly_amount",
            "presets",
            "minimum",
            "maximum",
            "fee_share",
            "fee_fixed",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.instance.currency
        field = self.fields["currency"]
        field.disabled = self.instance.is_sold  # what is posted then counts for nothing
        field.help_text = (
            f"It stays {present.upper()}: payments in it have begun, and the books are kept in one currency."
            if field.disabled
            else "Before the first payment. Nothing is converted: the amounts below, and the goals of appeals, stay "
            "the numbers that they are. Run `manage.py stripe_setup` afterwards."
        )
        chosen = str(self.data.get(self.add_prefix("currency"), present))
        self.use_currency(present if field.disabled or chosen not in money.CURRENCIES else chosen)

    def clean(self) -> dict[str, Any]:
        """Refuse a currency in which an appeal's goal cannot be written."""
        cleaned = super().clean()
        if "currency" in self.changed_data and "currency" in cleaned:
            for appeal in Appeal.objects.exclude(currency=cleaned["currency"]):
                if appeal.goal_in(cleaned["currency"]) > MAX_STORED:
                    self.add_error("currency", f"The goal of “{appeal}” would be too large. Please lower it first.")
        return cleaned


@admin.register(Offer)
class OfferAdmin(SitewideAdmin, SingletonAdmin):
    form = OfferForm
    fieldsets = [
        (None, {"fields": ["heading", "sentence", "explanation", "payment_note", "link_text"]}),
        (
            "Subscription",
            {"fields": ["currency", *_words("subscribe"), "monthly_amount", "yearly_amount", "choose_amount"]},
        ),
        ("Donation", {"fields": [*_words("donate"), "presets", "minimum", "maximum"]}),
        ("Card fee, which donors may cover", {"fields": ["fee_share", "fee_fixed"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Offer, form: Any, change: bool) -> None:
        """Save it. A new currency is that of the appeals too: nobody has given in the old one."""
        super().save_model(request, obj, form, change)
        if "currency" in form.changed_data:
            for appeal in Appeal.objects.exclude(currency=obj.currency):
                Appeal.objects.filter(pk=appeal.pk).update(goal=appeal.goal_in(obj.currency), currency=obj.currency)


class AppealForm(MoneyForm, forms.ModelForm):
    """An appeal, in its own currency; a new one is in the offer's."""

    goal = MoneyField(largest=MAX_STORED, readers_see="Readers see: {}.", **_label(Appeal, "goal"))

    class Meta:
        model = Appeal
        fields = ["title", "slug", "sentence", "text", "goal", "deadline", "story", "on_site"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.currency = Offer.objects.get().currency
        self.use_currency(self.instance.currency)


@admin.register(Appeal)
class AppealAdmin(SitewideAdmin):
    form = AppealForm
    list_display = ["title", "on_site", "came_in", "shown_goal", "deadline"]
    prepopulated_fields = {"slug": ["title"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        appeals: QuerySet[Appeal] = Appeal.objects.with_progress()
        return appeals

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # readers may have donated to it: take it off the site instead

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else dict(self.prepopulated_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    @admin.display(description="came in", ordering="raised")
    def came_in(self, appeal: Appeal) -> str:
        return appeal.shown_raised

    @admin.display(description="goal", ordering="goal")
    def shown_goal(self, appeal: Appeal) -> str:
        return appeal.shown_goal
