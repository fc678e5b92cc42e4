"""A share in forms of the admin: typed and shown in percent, as Stripe's own price list writes it."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from newsroom.forms import PlainTextField


class PercentField(PlainTextField):
    """A share like `2.9`, `2,9` or `2.9 %`, which cleans to hundredths of a percent. Wrong input gets a sentence."""

    def __init__(self, *, largest: int, **kwargs: Any) -> None:
        """`largest`: in hundredths of a percent."""
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6})
        super().__init__(**{"widget": widget, **kwargs})
        self.largest = largest

    def prepare_value(self, value: Any) -> Any:
        return shown(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        text = super().clean(value).replace("%", "").replace("٪", "").replace(",", ".").replace("٫", ".").strip()
        if not re.fullmatch(r"\d{1,3}(\.\d*)?|\.\d+", text):
            raise forms.ValidationError("Please enter the share in percent, like 2.9.")
        share = Decimal(text).scaleb(2)
        if share != int(share):
            raise forms.ValidationError("Please use no more than 2 decimal places.")
        if share > self.largest:
            raise forms.ValidationError(f"Enter at most {shown(self.largest)} %.")
        return int(share)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return False if the text means the share that is stored."""
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


def shown(share: int) -> str:
    """Return hundredths of a percent as people write them: 290 is 2.9."""
    return f"{Decimal(share).scaleb(-2).normalize():f}"
