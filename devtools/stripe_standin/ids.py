"""Random identifiers in the shape that Stripe gives them."""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits

# The length after the prefix; everything else has 24 characters.
_LENGTHS = {"cus": 14, "prod": 14, "si": 14, "cs_test": 58, "req": 14}


def new_id(prefix: str) -> str:
    """Return a new id such as ``cus_…``. Random, so that it stays unique after a restart."""
    length = _LENGTHS.get(prefix, 24)
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_prefix() -> str:
    """Return the eight characters that start a customer's invoice numbers."""
    return secrets.token_hex(4).upper()
