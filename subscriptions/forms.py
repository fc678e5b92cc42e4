import uuid
from typing import Any

from django import forms

from newsroom.fields import PlainTextField
from subscriptions import money
from subscriptions.models import Offer


class DonationForm(forms.Form):
    """A gift: one of the amounts suggested, or the reader's own, which wins if both are given.

    `form_id` makes the same form, sent twice, one gift.
    """

    preset = forms.CharField(required=False, max_length=20)
    amount = PlainTextField(
        label="Another amount",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"max_length": "That amount is too large."},
    )
    form_id = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, offer: Offer, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer = offer

    def clean_form_id(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.cleaned_data["form_id"])
        except ValueError:
            return uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        """`minor`: the amount in minor units, within the offer's bounds."""
        if "amount" in self.errors:
            return self.cleaned_data
        offer = self.offer
        text = self.cleaned_data.get("amount") or self.cleaned_data.get("preset") or ""
        try:
            minor = money.parse(text, offer.currency)
        except ValueError as error:
            self.add_error("amount", str(error))
            return self.cleaned_data
        if minor < offer.minimum:
            self.add_error(
                "amount", f"The smallest gift we can take is {money.display(offer.minimum, offer.currency)}."
            )
        elif minor > offer.maximum:
            largest = money.display(offer.maximum, offer.currency)
            self.add_error("amount", f"For more than {largest}, please write to us: a transfer costs you and us less.")
        self.cleaned_data["minor"] = minor
        return self.cleaned_data
