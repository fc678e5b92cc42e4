"""Form fields for text and addresses that readers type."""

import unicodedata
from typing import Any

from django import forms

from newsroom.email_addresses import normalize_email

DIRECTION_OVERRIDES = (
    "\u202a\u202b\u202c\u202d\u202e"  # make the following text read backwards; isolates do no harm and stay
)
INVISIBLE_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters by category, but nothing to be seen


class PlainTextField(forms.CharField):
    """A text field that removes control characters and direction overrides, and normalizes line ends and Unicode (NFC).

    While it is typed, the text runs in the direction of its script.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(
            c
            for c in text
            if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in DIRECTION_OVERRIDES)
        )
        if all(c in INVISIBLE_LETTERS or unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Zs") for c in text):
            text = ""  # invisible text is empty
        return super().to_python(text) or ""


class EmailField(forms.EmailField):
    """A field for an e-mail address, which it returns in the one form that `normalize_email` knows.

    Every form that takes an address uses it. Its limit is the database's.
    """

    default_error_messages = {
        "invalid": "This does not look like an e-mail address. Please check it.",
        "max_length": "An e-mail address has at most %(limit_value)d characters. Please check it.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, "widget": forms.EmailInput(attrs={"autocomplete": "email"}), **kwargs})

    def to_python(self, value: Any) -> str:
        email = normalize_email(str(value or ""))
        if not email.isascii() or email.endswith("]"):  # Django lets through letters like ı, and [127.0.0.1]
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return email
