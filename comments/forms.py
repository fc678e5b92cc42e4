from typing import Any

from django import forms

from comments.models import LONGEST
from newsroom.fields import PlainTextField
from newsroom.models import User


class ReplyForm(forms.Form):
    """A reply. A person who is signed in is asked for the comment alone."""

    body = PlainTextField(
        label="Comment",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Please enter your comment!",
            "max_length": "Your comment has %(show_value)d characters. Please keep it within %(limit_value)d.",
        },
    )
    name = PlainTextField(
        label="Name",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Please enter your name here",
            "max_length": "Please use a name of at most %(limit_value)d characters.",
        },
    )
    email = forms.EmailField(
        label="E-mail",
        help_text="Never shown. We keep no copy of it, only a fingerprint that tells us you again.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Please enter your e-mail address here",
            "invalid": "This does not look like an e-mail address. Please check it.",
        },
    )

    def __init__(self, data: Any = None, *, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if user is not None:
            del self.fields["email"]
            if user.name:
                del self.fields["name"]
