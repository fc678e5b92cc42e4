"""allauth's adapters: its texts, mails and rules. The ways to sign in are chosen in the settings, under *People*."""

import base64
import secrets
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.known_devices import known_device, mark_device
from newsroom.accounts.second_factors import PURPOSE
from newsroom.accounts.staff_events import record_sign_in
from newsroom.encryption import fernet
from newsroom.mail import message_headers
from newsroom.models import Outlet, User

REAUTHENTICATION_METHODS = {
    "reauthenticate": "With your password",
    "mfa_reauthenticate": "With a code of your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "With your passkey",
}


def _in_words(method: dict[str, Any]) -> str:
    """Return the name of a method that a later version of allauth has added."""
    return str(method.get("description") or method["id"].replace("_", " ").replace(":", ", "))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The adapter of accounts. Wrong guesses elsewhere never lock out a device on which the owner has signed in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("That was too often, too fast. Wait five minutes, or come in another way."),
        "rate_limited": _("That was too often, too fast. Please wait a minute."),
        "incorrect_code": _("This is not the right code, or it has run out."),
        "email_password_mismatch": _("This address and password do not belong together."),
    }

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        return [
            method | {"description": REAUTHENTICATION_METHODS.get(method["id"]) or _in_words(method)}
            for method in super().get_reauthentication_methods(user)
        ]

    def send_account_already_exists_mail(self, email: str) -> None:
        make_password(email)  # or the response's time would tell that the account exists
        super().send_account_already_exists_mail(email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Notify the first address when a second one is confirmed, which can sign in from then on."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed and not email_address.primary:
            words = {"added_email": email_address.email}
            self.send_notification_mail("account/email/email_added", email_address.user, words)
        return confirmed

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link at SITE_URL, whatever host the request named."""
        return f"{settings.SITE_URL}{urlsplit(super().get_reset_password_from_key_url(key)).path}"

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        name = f"{template_prefix.rpartition('/')[2]}.{secrets.token_hex(8)}"
        return cast(EmailMessage, super().render_mail(template_prefix, email, context, message_headers(name)))

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        record_sign_in(request, user)
        mark_device(request, response, user.email)
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what requests are counted under: the network, or a device on which the owner has signed in.

        Behind a carrier's address thousands share a network, and somebody's guesses would shut out all of them.
        """
        if request.method == "POST" and request.path.startswith("/accounts/"):
            device = known_device(request, request.POST.get("login") or request.POST.get("email") or "")
            if device:
                return f"device {device}"
        return str(super().get_client_ip(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{known_device(request, credentials.get('email', ''))}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The adapter of second factors. Their secrets are encrypted, so that a stolen backup lets nobody in."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "You may enter the desk, so one second step must remain. Add another one first, then remove this."
        ),
        "incorrect_code": _("This is not the right code, or it has been used."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user: User = authenticator.user
        return not user.is_staff or user.second_factors().exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_totp_issuer(self) -> str:
        return Outlet.objects.get().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def encrypt(self, text: str) -> str:
        return fernet(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return fernet(PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:  # of a key that is gone: a secret that nobody knows lets nobody in
            return base64.b32encode(secrets.token_bytes(20)).decode()
