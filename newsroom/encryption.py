"""Encrypts what must be read again with keys made from the secret key: a copy of the database alone opens nothing."""

import base64
import binascii
import hashlib
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_SEALED_SIZE = 256  # bytes, a multiple of it: the length says nothing of a name
_NONCE_SIZE = 12  # bytes


def fernet(purpose: str) -> MultiFernet:
    """Return what encrypts for one purpose with the secret key, and decrypts with it or a former one."""
    return MultiFernet([_fernet(purpose, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(purpose: str, secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(purpose, secret)))


def seal(purpose: str, value: Any) -> str:
    """Return a JSON value encrypted for a cookie. Whoever finds it reads neither the value nor when it was made.

    A Fernet token would tell the time.
    """
    text = json.dumps(value).encode()
    nonce = secrets.token_bytes(_NONCE_SIZE)
    padded = text.ljust(-(-len(text) // _SEALED_SIZE) * _SEALED_SIZE)
    sealed = nonce + AESGCM(_key(purpose, settings.SECRET_KEY)).encrypt(nonce, padded, None)
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(purpose: str, text: str) -> Any:
    """Return the value that was sealed with the secret key or a former one. Raises ValueError."""
    try:
        sealed = base64.urlsafe_b64decode(text)
    except binascii.Error as error:
        raise ValueError("not sealed here") from error
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            value = AESGCM(_key(purpose, secret)).decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], None)
        except (InvalidTag, ValueError):
            continue
        return json.loads(value)
    raise ValueError("not sealed here")


def _key(purpose: str, secret: str) -> bytes:
    return hashlib.sha256(f"newsroom.{purpose}:{secret}".encode()).digest()
