"""Second factors are encrypted with the secret key, and outlast a new one."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from pytest_django import Settings

from newsroom.models import User

SECRET = "A" * 32


def _is_valid(person: User) -> bool:
    """Return True if the code that the person's app shows now is accepted."""
    app = Authenticator.objects.get(user=person, type="totp")
    return bool(TOTP(app).validate_code(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))))


def test_second_factors_work_after_a_new_key_and_after_the_former_is_removed(
    reader: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    TOTP.activate(reader, SECRET)
    codes = RecoveryCodes.activate(reader).generate_codes()
    Authenticator.objects.create(user=reader, type="webauthn", data={"name": "Phone", "credential": {}})

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert _is_valid(reader)
    call_command("rotate_secret_key")
    assert capsys.readouterr().out == "Second factors encrypted with the current key: 2.\n"

    settings.SECRET_KEY_FALLBACKS = []
    cache.clear()  # a code is accepted once
    assert _is_valid(reader)
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == codes
    assert Authenticator.objects.get(type="webauthn").data == {"name": "Phone", "credential": {}}


def test_a_second_factor_of_an_unknown_key_opens_nothing_and_is_counted(
    reader: User, editor: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    TOTP.activate(reader, SECRET)
    settings.SECRET_KEY = "lost the former one"
    assert not _is_valid(reader)
    call_command("rotate_secret_key")
    out, err = capsys.readouterr()
    assert out == "Second factors encrypted with the current key: 0.\n"
    assert "left as they are: 2" in err
