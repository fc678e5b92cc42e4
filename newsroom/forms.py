"""Form fields for what readers type."""

import unicodedata
from typing import Any

from django import forms

TURNING = "\u202a\u202b\u202c\u202d\u202e"  # make what follows read backwards; isolates, which do no harm, stay
BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters by their kind, and nothing to look at


class PlainTextField(forms.CharField):
    """Text as a person meant it: without NUL and other control characters, one kind of line end, composed (NFC). While
    it is typed it runs in the direction of its script.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(
            c for c in text if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in TURNING)
        )
        if all(c in BLANK or unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Zs") for c in text):
            text = ""  # nothing to be seen is nothing
        return super().to_python(text) or ""
