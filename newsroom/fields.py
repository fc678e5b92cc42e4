"""Form fields for what readers type."""

import unicodedata
from typing import Any

from django import forms


class PlainTextField(forms.CharField):
    """Text as a person meant it: without NUL and other control characters, one kind of line end, composed (NFC)."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
        return super().to_python(text) or ""
