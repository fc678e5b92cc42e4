"""Keyed hashes: enough to recognise an address or a network again, useless without this site's secret key."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def keyed_hash(purpose: str, value: str) -> str:
    """Return the hash to store, 64 hexadecimal digits. Hashes of different purposes cannot be compared."""
    return keyed_hashes(purpose, value)[0]


def keyed_hashes(purpose: str, value: str) -> list[str]:
    """Return all hashes under which the value may be stored: by the secret key, then by each former one."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(purpose, value, secret=secret, algorithm="sha256").hexdigest() for secret in secrets]
