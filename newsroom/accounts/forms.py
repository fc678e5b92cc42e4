"""The forms of accounts: allauth's with our corrections, and those of `/account/…`."""

import struct
from typing import Any

from allauth.account import forms as allauth_forms
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from newsroom.accounts.allauth_internals import webauthn_forms
from newsroom.forms import EmailField, PlainTextField
from newsroom.models import Erasure

# What allauth and its libraries raise for an answer that no passkey would have given
_BROKEN_ANSWER = (
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


class _EmailForm:
    """A form of allauth whose addresses are read as everywhere else on the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            if isinstance(field, forms.EmailField):
                fields[name] = EmailField(label=field.label, required=field.required, widget=field.widget)


class AddEmailForm(_EmailForm, allauth_forms.AddEmailForm):  # type: ignore[misc]
    pass


class LoginForm(_EmailForm, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class RequestLoginCodeForm(_EmailForm, allauth_forms.RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(_EmailForm, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class SignupForm(_EmailForm, allauth_forms.SignupForm):  # type: ignore[misc]
    """The form to open an account. Of a double click, the second finds the account that the first has opened."""

    def try_save(self, request: HttpRequest) -> Any:
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class _PasskeyForm:
    """A form with a passkey's answer: a broken answer is an error of the form, not a 500."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except _BROKEN_ANSWER:
            self.add_error("credential", "Your device's answer could not be read. Please try again.")  # type: ignore[attr-defined]


class AddPasskeyForm(_PasskeyForm, webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    pass


class AuthenticatePasskeyForm(_PasskeyForm, webauthn_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class LoginPasskeyForm(_PasskeyForm, webauthn_forms.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ReauthenticatePasskeyForm(_PasskeyForm, webauthn_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class NameForm(forms.Form):
    name = PlainTextField(
        label="Name",
        max_length=60,
        required=False,
        help_text="Shown with your next comments. What you have written keeps the name that it was written under.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": "Please use a name of at most %(limit_value)d characters."},
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ErasureForm(forms.Form):
    comments = forms.ChoiceField(
        label="Your published comments",
        choices=Erasure.Comments,
        initial=Erasure.Comments.NAMELESS,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose what becomes of your comments."},
    )
