"""Keyed hashes of addresses: nothing is stored in the clear.

What is stored was hashed with the secret key of its day: compare it with all hashes of a value, store the first.
"""

from functools import lru_cache

from newsroom.email_addresses import normalize_email
from newsroom.keyed_hash import keyed_hash, keyed_hashes

_EMAIL_PURPOSE = "comments.commenter"
_DOMAIN_PURPOSE = "comments.domain"


def email_hash(email: str) -> str:
    """Return the hash of an address that is stored in its place."""
    return keyed_hash(_EMAIL_PURPOSE, normalize_email(email))


def email_hashes(email: str) -> list[str]:
    """Return all hashes under which the address may be stored."""
    return keyed_hashes(_EMAIL_PURPOSE, normalize_email(email))


def domain_hashes(email: str) -> list[str]:
    """Return the hashes of the address's domain and of each above it: a.b.example, b.example, example."""
    labels = normalize_email(email).rpartition("@")[2].split(".")
    return [keyed_hash(_DOMAIN_PURPOSE, ".".join(labels[at:])) for at in range(len(labels))]


@lru_cache(1024)  # each comment is compared with all disposable and all restricted domains
def stored_domain_hashes(domain: str) -> frozenset[str]:
    """Return all hashes under which one domain may be stored."""
    return frozenset(keyed_hashes(_DOMAIN_PURPOSE, domain.lower()))
