"""Encrypts what must be read again with keys made from the secret key: a copy of the database alone opens nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def fernet(purpose: str) -> MultiFernet:
    """Return what encrypts for one purpose with the secret key, and decrypts with it or a former one."""
    return MultiFernet([_fernet(purpose, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(purpose: str, secret: str) -> Fernet:
    key = hashlib.sha256(f"newsroom.{purpose}:{secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
