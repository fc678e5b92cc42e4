"""Forms for refunds and cancellations by staff."""

import uuid
from typing import Any

from django import forms

from newsroom.forms import PlainTextField
from subscriptions import money
from subscriptions.models import LedgerEntry


class StaffActionForm(forms.Form):
    """Confirms a cancellation: why, and when."""

    reason = PlainTextField(label="Why", max_length=300, help_text="For the books. The reader does not see it.")
    at_once = forms.BooleanField(label="End it at once, and not when what is paid is over", required=False)
    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"form_id": uuid.uuid4()})


class RefundForm(StaffActionForm):
    """Confirms a refund: how much, and why. `seen`: the amount (minor units) that the page has shown."""

    at_once = None  # type: ignore[assignment]
    amount = PlainTextField(
        label="Amount",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="Change it to give back a part: this page then says once more what will happen.",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, entry: LedgerEntry) -> None:
        super().__init__(data)
        self.entry = entry

    def clean_amount(self) -> int:
        """Return minor units, at most what was paid. Stripe decides if that much is left."""
        try:
            amount = money.parse(self.cleaned_data["amount"], self.entry.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 < amount <= self.entry.amount:
            raise forms.ValidationError(f"Enter an amount up to {self.entry.shown_amount}, which was paid.")
        return amount
