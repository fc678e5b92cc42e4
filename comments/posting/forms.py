"""The forms of readers: reply, edit, report, and leave as a guest."""

from typing import Any

from django import forms

from comments.models import MAX_LENGTH, Reason
from comments.posting.identity import KnownWriter
from comments.text import limit_combining_marks
from newsroom.accounts.forms import ErasureForm
from newsroom.forms import EmailField, PlainTextField

TOO_LONG = "Your comment has %(show_value)d characters. Please keep it within %(limit_value)d."


class TextAreaField(PlainTextField):
    """A text of some length. The browser is not told the limit: it would cut off what is pasted without a word."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        del attrs["maxlength"]
        return attrs


def _body() -> TextAreaField:
    return TextAreaField(
        label="Comment",
        rows=6,
        max_length=MAX_LENGTH,
        error_messages={"required": "Please enter your comment!", "max_length": TOO_LONG},
    )


class ReplyForm(forms.Form):
    """A reply. A known writer is asked for the comment alone."""

    body = _body()
    name = PlainTextField(
        label="Name",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Please enter your name here",
            "max_length": "Please use a name of at most %(limit_value)d characters.",
        },
    )
    email = EmailField(
        label="E-mail",
        help_text="Never shown. We mail you one link, and then forget it, unless you want mail about answers.",
        error_messages={"required": "Please enter your e-mail address here"},
    )
    follow = forms.BooleanField(label="Mail me when somebody answers", required=False)
    as_supporter = forms.BooleanField(label="Show that I am a supporter", required=False)
    without_badge = forms.BooleanField(label="Do not show that I am of the newsroom", required=False)

    def __init__(self, data: Any = None, *, writer: KnownWriter | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.writer = writer
        if writer is None:
            return
        if writer.user is not None:
            del self.fields["email"]
        else:  # a guest's address is needed again for mail about answers, as it was not stored
            self.fields["email"].required = False
            self.fields["email"].help_text = "Kept for mail about answers alone, until you stop it."
        if writer.name:
            del self.fields["name"]

    def clean_name(self) -> str:
        return limit_combining_marks(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("follow") and "email" in self.fields and "email" not in self.errors and not cleaned.get("email"):
            self.add_error("email", "Please enter the address to which answers are to be mailed.")
        return cleaned


class LeaveForm(ErasureForm):
    """A guest's order to erase all that is theirs. A mail to the address proves who orders it."""

    email = EmailField(
        label="E-mail",
        help_text="The one that you commented with. A link goes there.",
        error_messages={"required": "Please enter your e-mail address here"},
    )


class EditForm(forms.Form):
    body = _body()
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10_000)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="This comment",
        choices=Reason,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose what is wrong with it."},
    )
    note = TextAreaField(
        label="What a moderator should know",
        rows=3,
        max_length=400,
        required=False,
        error_messages={"max_length": "Please keep it within %(limit_value)d characters; it has %(show_value)d."},
    )
