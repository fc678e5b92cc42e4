"""The forms to subscribe and to donate."""

import uuid
from typing import Any

from django import forms
from django.utils.functional import cached_property

from newsroom.forms import PlainTextField
from subscriptions import money
from subscriptions.checkout import card_testing
from subscriptions.models import Appeal, Interval, Offer
from subscriptions.referrer import referring_article


class SubscriptionForm(forms.Form):
    """How often a reader pays and how much: the offer's price or, where it lets them choose, more.

    Nothing chosen means the monthly price, so that a button alone is enough.
    """

    interval = forms.CharField(required=False)
    amount = PlainTextField(
        label="Or more, if you can",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"max_length": "That amount is too large."},
    )
    came_from = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, offer: Offer, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_subscribe_%s", **kwargs)  # beside a DonationForm on the support page
        self.offer = offer

    def clean_came_from(self) -> str:
        return referring_article(self.cleaned_data["came_from"])

    def clean_interval(self) -> Interval:
        interval = self.cleaned_data["interval"] or Interval.MONTH
        if interval not in self.offer.prices:
            labels = [label for _, label in self.offer.price_choices]
            raise forms.ValidationError(f"Just now you can pay {' or '.join(labels)}.")
        return Interval(interval)

    def clean(self) -> dict[str, Any]:
        """Add `minor`, what is paid each time, in minor units: at least the price, and at most the offer's maximum."""
        if self.errors:
            return self.cleaned_data
        offer, interval, text = self.offer, self.cleaned_data["interval"], self.cleaned_data["amount"]
        price = offer.prices[interval]
        try:
            amount = money.parse(text, offer.currency) if text else price
        except ValueError as error:
            self.add_error("amount", str(error))
            return self.cleaned_data
        shown = money.display(price, offer.currency)
        if amount != price and not offer.choose_amount:
            self.add_error("amount", f"Just now everybody pays the same: {shown} a {interval}.")
        elif amount < price:
            self.add_error("amount", f"The smallest amount is {shown} a {interval}.")
        elif amount > max(price, offer.maximum):
            largest = money.display(offer.maximum, offer.currency)
            self.add_error("amount", f"For more than {largest}, please write to us: a transfer costs you and us less.")
        self.cleaned_data["minor"] = amount
        return self.cleaned_data

    @property
    def choice(self) -> tuple[int, Interval]:
        """The amount of a valid form, in minor units, and how often it is paid."""
        return self.cleaned_data["minor"], self.cleaned_data["interval"]

    @property
    def shown_price(self) -> str:
        amount, interval = self.choice
        return f"{money.display(amount, self.offer.currency)} a {interval}"

    @property
    def query(self) -> dict[str, str]:
        """The choice of a valid form, to go on with after signing in; without what is chosen anyway."""
        chosen = {name: self.cleaned_data[name] for name in self.fields}
        return {name: value for name, value in chosen.items() if value and value != Interval.MONTH}


class DonationForm(forms.Form):
    """A donation: one of the suggested amounts, or the reader's own, which wins if both are given.

    `form_id` is signed (card_testing.py), and makes the same form, sent twice, one donation.
    """

    preset = forms.CharField(required=False, max_length=20)
    amount = PlainTextField(
        label="Another amount",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"max_length": "That amount is too large."},
    )
    appeal = forms.CharField(label="For", required=False)
    cover_fee = forms.BooleanField(required=False)
    name = PlainTextField(label="Your name", required=False, max_length=80)
    message = PlainTextField(
        label="A word to the newsroom",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only the newsroom reads it.",
    )
    anonymous = forms.BooleanField(label="Keep my name off the site", required=False)
    form_id = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    came_from = forms.CharField(required=False, widget=forms.HiddenInput)
    # What this reader was shown: the total with the card fee, and the recent donation they were reminded of.
    total = forms.CharField(required=False, widget=forms.HiddenInput)
    again = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, offer: Offer, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer = offer
        self.fields["cover_fee"].label = f"Cover the card fee ({offer.fee_in_words}), so that all of my gift arrives"

    @cached_property
    def appeals(self) -> list[Appeal]:
        """Return the appeals to choose from."""
        return list(Appeal.objects.accepting().with_progress())

    def clean_form_id(self) -> uuid.UUID | None:
        return card_testing.valid_form_id(self.cleaned_data["form_id"])

    def clean_came_from(self) -> str:
        return referring_article(self.cleaned_data["came_from"])

    def clean_appeal(self) -> Appeal | None:
        """Return the appeal with this slug; None for the outlet itself."""
        slug = self.cleaned_data["appeal"]
        if not slug:
            return None
        for appeal in self.appeals:
            if appeal.slug == slug:
                return appeal
        raise forms.ValidationError("This appeal has ended. Your gift would go to the outlet's reporting.")

    def clean(self) -> dict[str, Any]:
        """Add `donation`, in minor units and within the offer's bounds, and `fee`, what covers the card fee or 0."""
        if "amount" in self.errors:
            return self.cleaned_data
        offer = self.offer
        text = self.cleaned_data.get("amount") or self.cleaned_data.get("preset") or ""
        try:
            donation = money.parse(text, offer.currency)
        except ValueError as error:
            self.add_error("amount", str(error))
            return self.cleaned_data
        if donation < offer.minimum:
            smallest = money.display(offer.minimum, offer.currency)
            self.add_error("amount", f"The smallest gift we can take is {smallest}.")
        elif donation > offer.maximum:
            largest = money.display(offer.maximum, offer.currency)
            self.add_error("amount", f"For more than {largest}, please write to us: a transfer costs you and us less.")
        self.cleaned_data["donation"] = donation
        self.cleaned_data["fee"] = offer.fee_to_cover(donation) if self.cleaned_data.get("cover_fee") else 0
        return self.cleaned_data

    @property
    def minor(self) -> int:
        """The total of a valid form, in minor units."""
        return int(self.cleaned_data["donation"] + self.cleaned_data["fee"])

    @property
    def signed(self) -> str:
        """The form's own signed id, or a new one: the form of a public page has none."""
        return str(self.data["form_id"]) if self.cleaned_data.get("form_id") else card_testing.new_form_id()

    @property
    def is_too_fast(self) -> bool:
        return card_testing.is_too_fast(str(self.data["form_id"]))

    @property
    def is_for(self) -> str:
        """The slug of the chosen appeal, valid or not."""
        return str(self["appeal"].value() or "")

    def shown(self, part: str) -> str:
        return money.display(self.cleaned_data[part], self.offer.currency)

    @property
    def shown_donation(self) -> str:
        return self.shown("donation")

    @property
    def shown_fee(self) -> str:
        return self.shown("fee") if self.cleaned_data["fee"] else ""

    @property
    def shown_total(self) -> str:
        return money.display(self.minor, self.offer.currency)

    @property
    def total_was_seen(self) -> bool:
        """True if the reader was shown the total: with a fee on top, it is not what they typed."""
        return not self.cleaned_data["fee"] or self.cleaned_data["total"] == str(self.minor)
