"""Amounts in forms of the admin: typed and shown as people write them, in the currency of the offer."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from newsroom.forms import PlainTextField
from subscriptions import money

MAX_CHARGE = 99_999_999  # minor units: Stripe takes amounts of eight digits
MAX_STORED = 2_147_483_647


class MoneyField(PlainTextField):
    """One amount, which cleans to minor units. Wrong input gets a sentence. A MoneyForm sets its `currency`."""

    currency = "usd"

    def __init__(
        self, *, smallest: int = 1, largest: int = MAX_CHARGE, readers_see: str = "", help_text: str = "", **kwargs: Any
    ) -> None:
        """`readers_see`: a sentence with {} for the amount, put beside the field by `say_what_readers_see`."""
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 120, "size": 12})
        super().__init__(**{"widget": widget, "help_text": help_text, "strip": True, **kwargs})
        self.smallest, self.largest = smallest, largest
        self.readers_see, self.words = readers_see, help_text

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the field: an amount as people type it, or what was typed."""
        return money.typed(value, self.currency) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return minor units, or None if nothing was typed and nothing has to be."""
        text = super().clean(value)
        return self.amount(text) if text else None

    def amount(self, text: str) -> int:
        """Return the minor units that this text means. Raises ValidationError in words."""
        try:
            amount = money.parse(text, self.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if amount < self.smallest:
            raise forms.ValidationError(f"Enter at least {money.display(self.smallest, self.currency)}.")
        if amount > self.largest:
            raise forms.ValidationError(f"Enter at most {money.display(self.largest, self.currency)}.")
        return amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return False if the text means the amount that is stored."""
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True

    def shown(self, value: Any) -> str:
        """Return what readers read where this amount stands; empty without one."""
        return self.readers_see.format(money.display(value, self.currency)) if isinstance(value, int) else ""


class MoneyListField(MoneyField):
    """Several amounts between commas, which clean to a list of minor units."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs["size"] = 40

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(money.typed(each, self.currency) for each in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        if re.search(r"\d[,٬،]\d{3}(?!\d)", text):  # 1,500 would suggest $1 and $500
            raise forms.ValidationError("Put a space after each comma, and no comma inside an amount, like 500, 1500.")
        typed = [part for part in re.split(r"[,;،]", text) if part.strip()]
        if len(typed) > self.most:
            raise forms.ValidationError(f"No more than {self.most} amounts, please, and no comma inside an amount.")
        return [self.amount(part) for part in typed]

    def shown(self, value: Any) -> str:
        words = " · ".join(money.display(each, self.currency) for each in value) if isinstance(value, list) else ""
        return self.readers_see.format(words) if words else ""


class MoneyForm(forms.Form):
    """What forms with amounts have in common: their currency, and beside each amount what readers will read."""

    def use_currency(self, currency: str) -> None:
        """Read and show all amounts in this currency. Call it in `__init__`."""
        for field in self._money_fields().values():
            field.currency = currency
        self.say_what_readers_see(self.initial)

    def clean(self) -> dict[str, Any]:
        """Say of what was just typed what readers would see, in case the form is shown once more."""
        cleaned = super().clean() or self.cleaned_data
        self.say_what_readers_see(cleaned)
        return cleaned

    def say_what_readers_see(self, amounts: Mapping[str, Any]) -> None:
        """Put it beside each amount that is known; beside one that was refused stands nothing of the kind."""
        for name, field in self._money_fields().items():
            field.help_text = " ".join(filter(None, [field.shown(amounts.get(name)), field.words]))

    def _money_fields(self) -> dict[str, MoneyField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, MoneyField)}
