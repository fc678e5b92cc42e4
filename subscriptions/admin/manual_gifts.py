"""The pages that record a gift which came another way, and correct it."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from newsroom.forms import EmailField, PlainTextField
from subscriptions import manual_gifts, money
from subscriptions.admin.forms import StaffActionForm
from subscriptions.admin.money_field import MAX_STORED, MoneyField, MoneyForm
from subscriptions.admin.staff_actions import require_permission
from subscriptions.models import Appeal, Donation, LedgerEntry, Offer

METHODS = [choice for choice in Donation.Method.choices if choice[0] != Donation.Method.STRIPE]


class GiftForm(MoneyForm):
    """A gift by cash, bank or UPI."""

    amount = MoneyField(largest=MAX_STORED)
    currency = forms.ChoiceField(choices=[(code, code.upper()) for code in sorted(money.CURRENCIES)])
    method = forms.ChoiceField(label="How it came", choices=METHODS)
    day = forms.DateField(
        label="Day", widget=forms.DateInput(attrs={"type": "date"}), help_text="When it came, in the outlet's own time."
    )
    appeal = forms.ModelChoiceField(Appeal.objects, label="For", required=False, empty_label="The outlet's reporting")
    name = PlainTextField(label="Donor's name", required=False, max_length=80)
    show_name = forms.BooleanField(label="The donor agrees to be named on the appeal's page", required=False)
    email = EmailField(label="Donor's e-mail address", required=False)
    thank = forms.BooleanField(label="Send them a mail with thanks and receipt", required=False)
    note = PlainTextField(
        label="Note",
        required=False,
        max_length=300,
        help_text="Who took it, where the receipt is. Only the newsroom reads it.",
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        currency = Offer.objects.get().currency
        first = {"form_id": uuid.uuid4(), "currency": currency, "day": timezone.localdate().isoformat()}
        super().__init__(data, initial=first)
        chosen = str(self.data.get("currency", currency))
        self.use_currency(chosen if chosen in money.CURRENCIES else currency)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        if day.year < 2000:
            raise forms.ValidationError("Is that year right?")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse what would be promised and not done: a mail to nobody, an appeal in another currency."""
        cleaned = super().clean()
        if cleaned.get("thank") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "To send a mail, an address is needed.")
        appeal = cleaned.get("appeal")
        if appeal and "currency" in cleaned and appeal.currency != cleaned["currency"]:
            words = f"This appeal is counted in {appeal.currency.upper()}. Record what the gift was worth in it."
            self.add_error("currency", words)
        return cleaned


class CorrectionForm(StaffActionForm, MoneyForm):
    """What is taken off a gift that was recorded by hand, and why."""

    at_once = None  # type: ignore[assignment]
    amount = MoneyField(label="Take off", largest=MAX_STORED)

    def __init__(self, data: Any = None, *, entry: LedgerEntry) -> None:
        super().__init__(data)
        self.initial["amount"] = entry.left
        self.use_currency(entry.currency)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """`/admin/subscriptions/donation/record/`: record a gift that came by cash, bank or UPI."""
    person = require_permission(request)
    form = GiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            donation = manual_gifts.record_gift(**form.cleaned_data, by=person)
        except manual_gifts.AnotherGift as known:
            form.add_error(None, f"This form has recorded a gift already: {known}. Open a new one for another gift.")
        else:
            messages.success(request, f"Recorded: {money.display(donation.amount, donation.currency)}.")
            return redirect("admin:subscriptions_donation_change", donation.pk)
    context = {
        **admin.site.each_context(request),
        "title": "Record a gift",
        "form": form,
        "back": reverse("admin:subscriptions_donation_changelist"),
    }
    return render(request, "admin/subscriptions/record_gift.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """`/admin/subscriptions/ledgerentry/<id>/correct/`: take a part or all off a gift that was recorded by hand."""
    by_hand = LedgerEntry.objects.payments().exclude(donation=None).exclude(donation__method=Donation.Method.STRIPE)
    entry = get_object_or_404(by_hand.select_related("donation"), pk=pk)
    person = require_permission(request)
    here = reverse("admin:subscriptions_ledgerentry_change", args=[pk])
    form = CorrectionForm(request.POST if request.method == "POST" else None, entry=entry)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            manual_gifts.correct_gift(
                entry, form_id=typed["form_id"], amount=typed["amount"], reason=typed["reason"], by=person
            )
        except manual_gifts.NothingLeft:
            form.add_error("amount", f"Only {money.display(entry.left, entry.currency)} is left of this gift.")
        else:
            messages.success(request, f"Taken off: {money.display(typed['amount'], entry.currency)}.")
            return redirect(here)
    context = {
        **admin.site.each_context(request),
        "title": "Correct a gift",
        "entry": entry,
        "left": money.display(entry.left, entry.currency) if entry.left else "",
        "form": form,
        "back": here,
    }
    return render(request, "admin/subscriptions/correct_gift.html", context, status=422 if form.errors else 200)
