"""allauth's forms for what a device answers: a broken answer is a wrong one, told in words, not a mistake of ours."""

import struct

from allauth.mfa.webauthn import forms
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

# What reading and checking it raises where it is not what a device would have said
_BROKEN = (AttributeError, LookupError, TypeError, ValueError, struct.error, InvalidSignature, UnsupportedAlgorithm)


class _Checked:
    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except _BROKEN:
            self.add_error("credential", "Your device's answer could not be read. Please try again.")  # type: ignore[attr-defined]


class AddPasskeyForm(_Checked, forms.AddWebAuthnForm):  # type: ignore[misc]
    pass


class AuthenticatePasskeyForm(_Checked, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class LoginPasskeyForm(_Checked, forms.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ReauthenticatePasskeyForm(_Checked, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
